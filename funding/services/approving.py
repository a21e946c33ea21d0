"""The reviewer's check and the ladder: one person a step, nobody with a part in it."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funding.models import Application, Approval
from funding.services.actors import next_step, why_not_decide
from funding.services.applying import let_go
from funding.services.moving import begin, finish
from funding.services.resolving import settle
from lib.errors import NotYours, WrongState
from organizations.models import User


def check(
    application: Application, *, by: User, at: datetime.datetime, note: str = ""
) -> Application:
    """Documents, budget and purpose are in order: the ladder begins.

    Raises WrongState, NotYours (also where `by` made it or has an interest).
    """
    return _decided(application, "check", Approval.Decision.YES, by=by, at=at, note=note)


def approve(
    application: Application, *, by: User, at: datetime.datetime, note: str = ""
) -> Application:
    """Agree on the step whose turn it is; after the last one the money is owed."""
    return _decided(application, "approve", Approval.Decision.YES, by=by, at=at, note=note)


def send_back(
    application: Application, *, by: User, at: datetime.datetime, note: str
) -> Application:
    """Return it to its maker with a reason; its money is free again until it is handed in."""
    return _decided(application, "return", Approval.Decision.BACK, by=by, at=at, note=note)


def refuse(application: Application, *, by: User, at: datetime.datetime, note: str) -> Application:
    """Refuse it for good, with a reason; its money is free again."""
    return _decided(application, "refuse", Approval.Decision.NO, by=by, at=at, note=note)


@transaction.atomic
def _decided(
    application: Application,
    name: str,
    decision: Approval.Decision,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
) -> Application:
    locked = begin(application, name, by=by, at=at, reason=note)
    step = _taken(locked, decision, by=by, at=at, note=note)
    if decision != Approval.Decision.YES:
        let_go(locked, by=by, at=at)
    elif step.position and next_step(locked) is None:
        name = "grant"
        _owe(locked, by=by, at=at)
    facts = {"round": step.round, "position": step.position, "role": step.role}
    return finish(locked, name, by=by, at=at, note=note, facts=facts)


def _taken(
    application: Application,
    decision: Approval.Decision,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
) -> Approval:
    """The step whose turn it is, decided."""
    if reason := why_not_decide(by, application):
        raise NotYours(reason)
    step = next_step(application)
    if step is None:
        raise WrongState(_("Every step has been decided."))
    step.decision, step.decided_by, step.decided_at, step.note = (
        decision,
        by,
        at,
        note.strip()[:300],
    )
    try:
        with transaction.atomic():
            step.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    except IntegrityError as error:
        raise NotYours(_("This step cannot be decided by you.")) from error
    return step


def _owe(application: Application, *, by: User, at: datetime.datetime) -> None:
    """Approved money of its own is owed from now on; a case's was owed before."""
    if application.hold is not None and application.owns_its_hold:
        settle(
            application.hold, actual=application.amount, key=settle_key(application), by=by, at=at
        )


def settle_key(application: Application) -> str:
    return f"application:{application.pk}:{application.round}:settle"
