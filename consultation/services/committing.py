"""A result is adopted or not, and what follows from it is promised, with its money."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation import commitment_notifications as notifications
from consultation.models import Adoption, Commitment, Consultation, Idea, Milestone
from consultation.services.carriers import SUPERVISES, holds_here
from consultation.services.history import record as record_in_history
from consultation.services.promises import begin, finish, record
from consultation.workflow import Phase
from consultation.workflow import State as Way
from funding import services as funding
from funding.models import Line, Purpose
from grids.scopes import scopes_of
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.roles import Role
from organizations.models import Body, User

MOST_MILESTONES = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone to be; `weight` among the others."""

    title: str
    weight: int = 1
    due_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` fen of a line for a purpose."""

    line: Line
    purpose: Purpose
    amount: int


def demand_host(consultation: Consultation, *, by: User, at: datetime.datetime) -> None:
    here: Any = consultation
    if consultation.host_id != by.pk and not holds_here(by, {Role.CONSULTATION_HOST}, here, at=at):
        raise NotYours(_("Only a host of this place may do that."))


@transaction.atomic
def adopt(
    consultation: Consultation,
    *,
    verdict: str,
    reasons: str,
    to_dissent: str,
    by: User,
    at: datetime.datetime,
) -> Adoption:
    """Say what became of the result, and why, to those who disagreed too.

    Raises NotYours, WrongState (there is no result yet), RuleViolation (words are missing).
    """
    locked = _after_the_result(consultation)
    here: Any = locked
    if not holds_here(by, SUPERVISES - {Role.SUPERVISOR}, here, at=at):
        demand_host(locked, by=by, at=at)
    if not reasons.strip() or not to_dissent.strip():
        text = _("Give the reasons, and answer those who disagreed: both are read by everybody.")
        raise RuleViolation(text, code="reason_missing")
    last = Adoption.objects.filter(consultation=locked).aggregate(last=Max("number"))["last"] or 0
    made = Adoption.objects.create(
        consultation=locked,
        number=last + 1,
        verdict=verdict,
        reasons=mask_text(reasons.strip()),
        to_dissent=mask_text(to_dissent.strip()),
        by=by,
        at=at,
    )
    record_in_history(locked, "adopt", by=by, at=at, verdict=str(verdict), adoption=made.number)
    notifications.tell_of_adoption(made, by=by, at=at)
    return made


def _after_the_result(consultation: Consultation) -> Consultation:
    """The consultation under its lock, once something was decided in it."""
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    stage = locked.stage
    is_after = stage is not None and stage.phase == Phase.AFTER
    if locked.state != Way.DONE and not is_after:
        text = _("There is no result yet: finish the deliberation and publish its result first.")
        raise WrongState(text)
    return locked


@transaction.atomic
def promise(  # noqa: PLR0913 -- a promise says all this
    consultation: Consultation,
    *,
    title: str,
    owner: Body,
    due_on: datetime.date,
    by: User,
    at: datetime.datetime,
    text: str = "",
    steps: Sequence[Step] = (),
    money: Money | None = None,
) -> Commitment:
    """A commitment from a result that was adopted, at least in part.

    Raises NotYours, WrongState, RuleViolation; with money as `funding.reserve`.
    """
    locked = _after_the_result(consultation)
    demand_host(locked, by=by, at=at)
    newest = locked.adoptions.order_by("-number").first()
    if newest is None or newest.verdict == Adoption.Verdict.NOT:
        text_ = _("Say first that the result is adopted, in whole or in part.")
        raise RuleViolation(text_, code="not_adopted")
    made = _new(
        Commitment(
            consultation=locked, town=locked.town, community=locked.community, title=title,
            text=text, owner=owner, due_on=due_on,
        ),
        steps, by=by, at=at,
    )  # fmt: skip
    record_in_history(locked, "promise", by=by, at=at, commitment=made.pk)
    return _with_money(made, money, by=by, at=at)


@transaction.atomic
def promise_of_idea(
    idea: Idea,
    *,
    due_on: datetime.date,
    by: User,
    at: datetime.datetime,
) -> Commitment:
    """The commitment of a chosen idea, with its estimate kept on the call's line."""
    call = idea.call
    if idea.department is None or idea.estimate is None:
        raise TypeError("a chosen idea has its department and its cost")
    made = _new(
        Commitment(
            idea=idea, town=call.town, community=call.community, title=idea.public_title,
            text=idea.public_text, owner=idea.department, due_on=due_on,
        ),
        (), by=by, at=at,
    )  # fmt: skip
    return _with_money(made, Money(call.line, call.purpose, idea.estimate), by=by, at=at)


def _new(
    commitment: Commitment, steps: Sequence[Step], *, by: User, at: datetime.datetime
) -> Commitment:
    if commitment.due_on < localdate(at):
        text = _("The day by which it is done lies in the past. Choose a later one.")
        raise RuleViolation(text, code="past")
    if len(steps) > MOST_MILESTONES:
        raise RuleViolation(_("At most 20 milestones: join some of them."), code="too_many")
    commitment.title = mask_text(commitment.title.strip())
    commitment.text = mask_text(commitment.text.strip())
    commitment.promised_on, commitment.made_by, commitment.made_at = commitment.due_on, by, at
    commitment.save(force_insert=True)
    Milestone.objects.bulk_create(
        Milestone(
            commitment=commitment, position=position, title=mask_text(step.title.strip()),
            weight=step.weight, due_on=step.due_on,
        )
        for position, step in enumerate(steps, start=1)
    )  # fmt: skip
    facts = {"owner": commitment.owner_id, "due": commitment.due_on.isoformat(),
             "milestones": len(steps)}  # fmt: skip
    record(commitment, "promise", before="", by=by, at=at, facts=facts)
    commitment.save(update_fields=["version", "head"])
    notifications.tell_of_step(commitment, "promise", by=by, at=at)
    return commitment


def _with_money(
    commitment: Commitment, money: Money | None, *, by: User, at: datetime.datetime
) -> Commitment:
    return commitment if money is None else keep_money(commitment, money=money, by=by, at=at)


@transaction.atomic
def keep_money(
    commitment: Commitment, *, money: Money, by: User, at: datetime.datetime
) -> Commitment:
    """Set money aside for it on a line; once. More is a `top_up`.

    Raises as `funding.reserve` does: nothing is promised beyond what is free.
    """
    locked = begin(commitment, "reserve", by=by, at=at)
    if locked.hold is not None:
        raise RuleViolation(_("Money is kept for it already: add to it."), code="kept")
    if locked.case is not None:
        text = _("The case that was opened brings its own money.")
        raise RuleViolation(text, code="case_pays")
    _check_line(locked, money.line, by=by, at=at)
    hold = funding.reserve(
        money.line,
        amount=money.amount,
        purpose=money.purpose,
        subject=locked.subject,
        key=f"commitment:{locked.pk}:reserve",
        by=by,
        at=at,
    )
    facts = {"line": money.line.pk, "purpose": money.purpose.pk, "amount": money.amount}
    return finish(locked, "reserve", by=by, at=at, facts=facts, line=money.line, hold=hold)


def _check_line(commitment: Commitment, line: Line, *, by: User, at: datetime.datetime) -> None:
    if line.body_id not in paying_bodies(commitment, by=by, at=at):
        text = _("%(line)s belongs to a body that has no part in this. Choose another line.")
        raise RuleViolation(text % {"line": line}, code="line_of_others")


def paying_bodies(commitment: Commitment, *, by: User, at: datetime.datetime) -> frozenset[int]:
    """Bodies whose money a host may set aside: who does it, who consulted, those of the host."""
    if commitment.idea is not None:
        return frozenset({commitment.idea.call.line.body_id})
    mine = {
        body
        for scope in scopes_of(by, on=localdate(at))
        if scope.role == Role.CONSULTATION_HOST
        for body in scope.body_ids
    }
    holder = {commitment.consultation.body_id} if commitment.consultation else set()
    return frozenset(mine | holder | {commitment.owner_id})


@transaction.atomic
def add_money(
    commitment: Commitment, *, amount: int, by: User, at: datetime.datetime, note: str = ""
) -> Commitment:
    """Keep `amount` fen more of the same line. Under a call: within its budget."""
    locked = begin(commitment, "top_up", by=by, at=at, reason=note)
    if locked.hold is None:
        raise RuleViolation(_("No money is kept for it yet."), code="nothing_kept")
    if locked.idea is not None:
        text = _("The money of a project is what was voted on. Do less, or make a new call.")
        raise RuleViolation(text, code="voted_on")
    key = f"commitment:{locked.pk}:top_up:{locked.version}"
    hold = funding.top_up(locked.hold, amount=amount, key=key, by=by, at=at)
    facts = {"amount": amount, "in_all": hold.amount}
    return finish(locked, "top_up", by=by, at=at, note=note, facts=facts, hold=hold)


@transaction.atomic
def drop(commitment: Commitment, *, note: str, by: User, at: datetime.datetime) -> Commitment:
    """Give it up, with the reason that everybody reads; what is still reserved is free again."""
    locked = begin(commitment, "drop", by=by, at=at, reason=note)
    hold = locked.hold
    if hold is not None and hold.open:
        hold = funding.release(hold, key=f"commitment:{locked.pk}:release", by=by, at=at)
    return finish(locked, "drop", by=by, at=at, note=note, hold=hold)


@transaction.atomic
def put_off(
    commitment: Commitment, *, due_on: datetime.date, note: str, by: User, at: datetime.datetime
) -> Commitment:
    """A later deadline, with its reason; the first one stays in sight."""
    locked = begin(commitment, "put_off", by=by, at=at, reason=note)
    if due_on <= locked.due_on:
        raise RuleViolation(_("Choose a day after the present one."), code="not_later")
    facts = {"from": locked.due_on.isoformat(), "to": due_on.isoformat()}
    return finish(
        locked, "put_off", by=by, at=at, note=note, facts=facts, due_on=due_on, reminded_on=None
    )


@transaction.atomic
def supervise(commitment: Commitment, *, note: str, by: User, at: datetime.datetime) -> Commitment:
    """The supervision committee asks the owner to act; the owner's people are told."""
    locked = begin(commitment, "supervise", by=by, at=at, reason=note)
    if not locked.is_overdue(on=localdate(at)):
        raise RuleViolation(_("It is not overdue: nothing to supervise yet."), code="in_time")
    return finish(locked, "supervise", by=by, at=at, note=note, supervised_at=at)
