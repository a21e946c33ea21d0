"""A person decides where a case goes: dispatch, act first, money for it, back to intake."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Task, TaskState
from cases.services import work
from cases.services.actors import actors_of, owns_line
from cases.services.moves import begin, finish, open_task, stay
from cases.services.work import Order
from cases.workflow import WITH_DEPARTMENT, Actor
from funding import services as funding
from funding.models import Line, Purpose
from lib.errors import NotYours, RuleViolation
from organizations.models import Post, User
from routing.models import DutyEntry, FilingStandard


def dispatch(  # noqa: PLR0913 -- an order says all this
    case: Case,
    *,
    post: Post,
    by: User,
    at: datetime.datetime,
    line: Line | None = None,
    cost: int | None = None,
    standard: FilingStandard | None = None,
    note: str = "",
    beyond_capacity: bool = False,
) -> Case:
    """To the person in this post, with money from this line. `cost` (fen) replaces the estimate.

    Raises RuleViolation (no standard, no room, no line), funding's NotEnoughMoney.
    """
    with transaction.atomic():
        locked = begin(case, "dispatch", by=by, at=at, note=note)
        _heads_choose_their_own(locked, post, by=by, at=at)
        chosen = standard_for(locked, standard, at=at)
        estimate = chosen.cost if cost is None else cost
        order = Order(post, chosen, estimate, line=line, beyond_capacity=beyond_capacity)
        return send(locked, "dispatch", order, by=by, at=at, note=note)


def act_first(  # noqa: PLR0913 -- an order says all this
    case: Case,
    *,
    post: Post,
    by: User,
    at: datetime.datetime,
    reason: str,
    cost: int | None = None,
    standard: FilingStandard | None = None,
) -> Case:
    """先行处置: the work goes out before there is money for it, with the written reason.

    It is marked as unfunded and cannot be closed until somebody funds it. Capacity does not count.
    """
    with transaction.atomic():
        locked = begin(case, "act_first", by=by, at=at, note=reason)
        chosen = standard_for(locked, standard, at=at)
        estimate = chosen.cost if cost is None else cost
        order = Order(post, chosen, estimate, reason_to_act_first=reason, beyond_capacity=True)
        return send(locked, "act_first", order, by=by, at=at, note=reason)


def _heads_choose_their_own(case: Case, post: Post, *, by: User, at: datetime.datetime) -> None:
    others = {Actor.DISPATCHER, Actor.DUTY_OFFICER, Actor.COMMITTEE, Actor.ROUTER}
    if actors_of(by, case, at=at) & others or post.body_id == case.desk_body_id:
        return
    raise NotYours(_("Choose somebody of your own department."))


def standard_for(
    case: Case, given: FilingStandard | None, *, at: datetime.datetime
) -> FilingStandard:
    """The one given, the one filed, else the first of the category that is valid on the day."""
    standard = given or case.standard
    if standard is None and case.category is not None:
        valid = case.category.standards.valid_on(timezone.localdate(at))
        standard = valid.select_related("purpose").order_by("rank", "id").first()
    if standard is None:
        raise RuleViolation(_("Choose the category first, then send it out."), code="no_category")
    return standard


def send(  # noqa: PLR0913 -- an order says all this
    case: Case,
    name: str,
    order: Order,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
    duty: DutyEntry | None = None,
    **more: Any,
) -> Case:
    """Bring a locked case to the person of the order; `more` changes of the case go with it."""
    if not order.post.is_valid_on(timezone.localdate(at)):
        raise RuleViolation(_("This post has ended: choose another person."), code="post_ended")
    task = work.give(case, order, by=by, at=at, duty=duty)
    facts = {
        "post": order.post.pk,
        "body": order.post.body_id,
        "line": order.line.pk if order.line else None,
        "estimate": order.estimate,
        "unfunded": task.unfunded,
        **({"duty": duty.pk} if duty else {}),
    }
    changes = {
        "standard": order.standard,
        "category": order.standard.category,
        "lead_body_id": order.post.body_id,
        "lead_post": order.post,
        "desk_body_id": order.post.body_id,
        "dispatched_at": at,
        "signed_at": None,
        "reported_at": None,
        "confirmed_at": None,
        "sign_due_at": task.sign_due_at,
        "handle_due_at": task.handle_due_at,
        **more,
    }
    return finish(case, name, by=by, at=at, note=note, facts=facts, **changes)


def fund(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    line: Line | None = None,
    purpose: Purpose | None = None,
    note: str = "",
) -> Case:
    """Give a task the money that it lacks: a first hold on `line`, or a top-up of the one it has.

    Approved by whoever may give money of that line. Raises NotYours, NotEnoughMoney.
    """
    with transaction.atomic():
        locked = begin(case, "fund", by=by, at=at, also=frozenset({Actor.PAYER}))
        task = _lacking(locked)
        if task is None:
            raise RuleViolation(_("This work lacks no money."), code="funded")
        payer = task.hold.line if task.hold else line
        if payer is None:
            raise RuleViolation(_("Choose the budget line that pays."), code="line_missing")
        if not owns_line(by, payer, at=at):
            raise NotYours(_("Only the owner of a budget line gives its money."))
        facts = {"line": payer.pk, "amount": task.missing}
        _give_money(locked, task, payer, purpose, by=by, at=at)
        return finish(locked, "fund", by=by, at=at, note=note, facts=facts)


def _lacking(case: Case) -> Task | None:
    """The task that lacks money, the lead's before those of assistants."""
    rows = Task.objects.lacking_money().filter(case=case).select_related("hold__line")
    task: Task | None = rows.order_by("-kind", "pk").first()
    return task


def _give_money(
    case: Case,
    task: Task,
    line: Line,
    purpose: Purpose | None,
    *,
    by: User,
    at: datetime.datetime,
) -> None:
    key, amount = work.key_of(case, "fund"), task.missing
    if task.hold is not None:
        funding.top_up(task.hold, amount=amount, key=key, by=by, at=at)
    else:
        purpose = purpose or (case.standard.purpose if case.standard else None)
        if purpose is None:
            raise RuleViolation(_("Choose what the money is for."), code="purpose_missing")
        task.hold = funding.reserve(
            line,
            amount=amount,
            purpose=purpose,
            subject=case.subject,
            key=key,
            by=by,
            at=at,
        )
    task.unfunded, task.missing = False, 0
    task.save(update_fields=["hold", "unfunded", "missing"])


def back_to_intake(case: Case, *, by: User, at: datetime.datetime, note: str) -> Case:
    """To the acceptance clerk, with the reason: not a matter that should have been filed so."""
    return stay(case, "back_to_intake", by=by, at=at, note=note, filed_at=None)


def passed_on(
    case: Case, post: Post, *, at: datetime.datetime, forced: bool
) -> tuple[Task, dict[str, int]]:
    """The task of a locked case, for another post of the body that leads, and what is recorded.

    Its points move along; the caller saves it. Raises RuleViolation.
    """
    if post.body_id != case.lead_body_id or not post.is_valid_on(timezone.localdate(at)):
        raise RuleViolation(_("Choose somebody of the department that leads."), code="other_body")
    if post.pk == case.lead_post_id:
        raise RuleViolation(_("This person has the case already."), code="same_post")
    task = open_task(case)
    facts = {"from": task.post_id, "post": post.pk}
    work.move_load(task, post, at=at, forced=forced)
    task.post = post
    return task, facts


def reassign(
    case: Case,
    *,
    post: Post,
    by: User,
    at: datetime.datetime,
    note: str = "",
    beyond_capacity: bool = False,
) -> Case:
    """To another person of the same body; limits and money stay."""
    with transaction.atomic():
        locked = begin(case, "reassign", by=by, at=at, note=note)
        task, facts = passed_on(locked, post, at=at, forced=beyond_capacity)
        task.save(update_fields=["post"])
        return finish(locked, "reassign", by=by, at=at, note=note, facts=facts, lead_post=post)


def void(case: Case, *, by: User, at: datetime.datetime, note: str) -> Case:
    """The matter does not meet the filing condition: ended, with the reason."""
    with transaction.atomic():
        locked = begin(case, "void", by=by, at=at, note=note)
        if locked.state in WITH_DEPARTMENT:
            work.free_all(locked, state=TaskState.WITHDRAWN, by=by, at=at)
        return finish(locked, "void", by=by, at=at, note=note, suspended_at=None)
