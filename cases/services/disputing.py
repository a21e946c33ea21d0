"""Departments that return a case, and the committee that ends it: its decision binds."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import SUBJECT, Case, Reason, TaskState, Terms
from cases.services import work
from cases.services.dispatching import send, standard_for
from cases.services.moves import begin, finish, open_task
from cases.services.reasons import listed
from cases.services.settling import remember_lead
from cases.services.work import Order
from cases.workflow import Desk
from funding.models import Line
from lib.errors import RuleViolation
from organizations.models import Post, User
from organizations.models.bodies import Nature
from routing import services as rules
from routing.models import FilingStandard


def send_back_to_dispatcher(
    case: Case, *, by: User, at: datetime.datetime, note: str, reason: Reason | None = None
) -> Case:
    """The department returns the case: first the person is released, then money and points.

    It stays named as the last lead, so that its people still see what becomes of the case, and the
    router avoids it. When it has been returned as often as the terms allow, the next return goes
    on to the committee. Refused where the committee has decided.
    """
    with transaction.atomic():
        locked = begin(case, "return", by=by, at=at, note=note)
        if locked.settled_lead:
            raise RuleViolation(
                _("The committee has decided that it is yours: it cannot be returned."),
                code="settled",
            )
        returned = _return(locked, by=by, at=at, note=note, reason=reason)
        if returned.returns > Terms.on(timezone.localdate(at)).most_returns:
            return refer(
                returned,
                by=User.objects.system(),
                at=at,
                note=_("Returned for the third time: the committee decides."),
            )
        return returned


def _return(
    case: Case, *, by: User, at: datetime.datetime, note: str, reason: Reason | None
) -> Case:
    why = listed(Reason.Move.RETURN, reason, at=at)
    task = open_task(case)
    facts = {"body": task.body_id, "post": task.post_id, **why}
    notifications.tell_of_revocation(case, task.post.person, by=by, at=at)
    work.free_all(case, state=TaskState.RETURNED, by=by, at=at)
    changes: dict[str, Any] = {
        "returns": case.returns + 1,
        "lead_post": None,
        "extensions": 0,
        "paused_seconds": 0,
    }
    return finish(case, "return", by=by, at=at, note=note, facts=facts, **changes)


def refuse_unadmitted(case: Case, *, by: User, at: datetime.datetime, note: str = "") -> Case:
    """A community refuses what is neither its own duty nor admitted to it with people and money.

    The committee decides who leads; it counts for nothing in the returns. Raises NotYours,
    WrongState, RuleViolation (no community has it, or it may lead after all).
    """
    with transaction.atomic():
        locked = begin(case, "refuse_unadmitted", by=by, at=at, note=note)
        task = open_task(locked)
        if task.body.kind.nature != Nature.COMMUNITY:
            raise RuleViolation(_("Only a community may refuse what was not admitted."))
        payer = task.hold.line.body if task.hold is not None else None
        refusal = rules.record_refusal(
            task.body, what=locked.number, category=locked.category,
            department=payer if payer != task.body else None,
            subject=(SUBJECT, str(locked.pk)), by=by, at=at,
        )  # fmt: skip
        work.free_all(locked, state=TaskState.WITHDRAWN, by=by, at=at)
        return finish(
            locked, "refuse_unadmitted", by=by, at=at, note=note, desk=Desk.COMMITTEE,
            refusal="not_admitted", lead_post=None, extensions=0, paused_seconds=0,
            facts={"body": task.body_id, "refusal": refusal.pk},
        )  # fmt: skip


def refer(case: Case, *, by: User, at: datetime.datetime, note: str) -> Case:
    """The dispatcher lays a returned case before the committee."""
    with transaction.atomic():
        locked = begin(case, "refer", by=by, at=at, note=note)
        return finish(locked, "refer", by=by, at=at, note=note)


def adjudicate(  # noqa: PLR0913 -- an order says all this
    case: Case,
    *,
    post: Post,
    by: User,
    at: datetime.datetime,
    note: str,
    line: Line | None = None,
    cost: int | None = None,
    standard: FilingStandard | None = None,
    reason_to_act_first: str = "",
) -> Case:
    """The committee decides who does it: sent there at once, never to be returned, and remembered
    as a precedent by which the router sends the next like case.

    Capacity does not count. Without a line the committee writes why it cannot wait for money.
    """
    with transaction.atomic():
        locked = begin(case, "adjudicate", by=by, at=at, note=note)
        chosen = standard_for(locked, standard, at=at)
        entry = remember_lead(locked, post.body, basis=note, by=by, at=at)
        estimate = chosen.cost if cost is None else cost
        order = Order(post, chosen, estimate, line, reason_to_act_first, beyond_capacity=True)
        return send(
            locked, "adjudicate", order, by=by, at=at, note=note, duty=entry, settled_lead=True
        )
