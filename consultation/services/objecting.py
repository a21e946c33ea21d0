"""异议: raised within the time after a result, answered, or the matter is opened again.

Supervisors object as long as a consultation runs, or when it is done; everybody else from the
publication of the result until the time for objections is over.
"""

import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from consultation import notifications
from consultation.models import Consultation, Objection, Stage
from consultation.services import stages
from consultation.services.actors import actors_of
from consultation.services.gates import window_closes
from consultation.services.history import lock, record
from consultation.services.limits import days_after
from consultation.services.numbering import OBJECTION, next_number
from consultation.services.redaction import masked
from consultation.workflow import OBJECTION_MOVES, Actor, ObjectionActor, ObjectionState, State
from lib.errors import NotYours, RuleViolation, WrongState
from lib.numbering import new_code
from organizations.models import User


def may_object(consultation: Consultation, *, at: datetime.datetime) -> bool:
    """Whether anybody may object now."""
    stage = consultation.stage
    closes = window_closes(stage) if stage else None
    return consultation.state == State.RUNNING and closes is not None and at < closes


@transaction.atomic
def raise_objection(
    consultation: Consultation,
    *,
    text: str,
    at: datetime.datetime,
    by: User | None = None,
    contact_name: str = "",
    contact_phone: str = "",
) -> Objection:
    """An objection as it was typed; it blocks the next stage until it is answered.

    `by` None: somebody without an account. Raises RuleViolation outside the time for it.
    """
    locked = lock(consultation)
    if not text.strip():
        raise RuleViolation(_("Say what you object to."), code="empty")
    supervises = by is not None and Actor.SUPERVISOR in actors_of(by, locked, at=at)
    stage = _stage_for(locked, supervises=supervises, at=at)
    objection = Objection.objects.create(
        consultation=locked, stage=stage, number=next_number(OBJECTION, at=at), code=new_code(8),
        text=text.strip(), contact_name=contact_name.strip(), contact_phone=contact_phone.strip(),
        by=by, by_supervisor=supervises, raised_at=at,
        due_at=days_after(at, stage.answer_days or 1, "work_day"),
    )  # fmt: skip
    acting = by or User.objects.system()
    facts = {"objection": objection.number, "supervisor": supervises}
    record(locked, "object", by=acting, at=at, facts=facts)
    notifications.tell_objection(objection, by=acting, at=at)
    return objection


def _stage_for(locked: Consultation, *, supervises: bool, at: datetime.datetime) -> Stage:
    if supervises and locked.state in {State.RUNNING, State.DONE}:
        return locked.stage or locked.stages.standing().reverse()[0]
    if locked.stage is None or not may_object(locked, at=at):
        raise RuleViolation(
            _("Objections are taken from the publication of the result until their time is over."),
            code="no_time_for_objections",
        )
    return locked.stage


@transaction.atomic
def answer(
    objection: Objection, *, public_text: str, answer: str, by: User, at: datetime.datetime
) -> Objection:
    """Not upheld: everybody reads the objection, freed of personal details, and the answer."""
    locked = _begin(objection, "answer", by=by, at=at)
    _answered(locked, ObjectionState.ANSWERED, public_text, answer, by=by, at=at)
    record(locked.consultation, "answer_objection", by=by, at=at, objection=locked.number)
    notifications.tell_objector(locked, at=at)
    return locked


@transaction.atomic
def uphold(
    objection: Objection,
    *,
    public_text: str,
    answer: str,
    key: str,
    by: User,
    at: datetime.datetime,
) -> Objection:
    """It is right: the matter is opened again with the stage `key`. Other objections that wait
    stay to be answered."""
    locked = _begin(objection, "uphold", by=by, at=at)
    _answered(locked, ObjectionState.UPHELD, public_text, answer, by=by, at=at)
    record(locked.consultation, "uphold_objection", by=by, at=at, objection=locked.number)
    stages.reopen(locked.consultation, key=key, reason=locked.answer, by=by, at=at)
    notifications.tell_objector(locked, at=at)
    return locked


@transaction.atomic
def withdraw(
    objection: Objection, *, at: datetime.datetime, code: str = "", by: User | None = None
) -> Objection:
    """Who objected takes it back, with the code or the account it was raised with."""
    consultation = lock(objection.consultation)
    locked = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    _ask_table(locked, "withdraw")
    is_theirs = by is not None and locked.by_id == by.pk
    if not is_theirs and not constant_time_compare(code.strip().upper(), locked.code):
        raise NotYours(_("Number and code do not belong together."))
    locked.state = ObjectionState.WITHDRAWN
    locked.save(update_fields=["state"])
    acting = by or User.objects.system()
    record(consultation, "withdraw_objection", by=acting, at=at, objection=locked.number)
    return locked


def _begin(objection: Objection, name: str, *, by: User, at: datetime.datetime) -> Objection:
    """The objection under the lock of its consultation, if `by` may make the move."""
    consultation = lock(objection.consultation)
    locked = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    locked.consultation = consultation
    _ask_table(locked, name)
    actors = {ObjectionActor(actor) for actor in actors_of(by, consultation, at=at) & _ANSWER}
    if not OBJECTION_MOVES[name].is_for(actors):
        raise NotYours(_("This step belongs to somebody else."))
    if locked.by_id == by.pk:
        raise NotYours(_("Nobody answers his own objection."))
    return locked


_ANSWER = {Actor.HOST, Actor.PARTY}


def _ask_table(objection: Objection, name: str) -> None:
    if not OBJECTION_MOVES[name].starts_from(objection.state):
        raise WrongState(_("This objection has been dealt with already. Load the page again."))


def _answered(
    locked: Objection, state: str, public_text: str, answer: str, *, by: User, at: datetime.datetime
) -> None:
    consultation = locked.consultation
    locked.public_text = masked(consultation, public_text)
    locked.answer = masked(consultation, answer)
    if not locked.public_text or not locked.answer:
        raise RuleViolation(
            _("Write the objection as everybody reads it, and the answer."), code="empty"
        )
    locked.state, locked.answered_by, locked.answered_at = state, by, at
    locked.save(update_fields=["state", "public_text", "answer", "answered_by", "answered_at"])
