"""What a task takes and gives back: money first, then the person's points (docs/locking.md)."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models import LOADING, Assistant, Case, Request, Task, TaskState
from cases.services.pausing import limit
from cases.services.retrying import freed
from funding import services as funding
from funding.models import Line, Purpose
from lib.errors import RuleViolation
from lib.languages import listed
from organizations.models import Post, User
from organizations.models.bodies import Nature
from routing import services as loads
from routing.models import DutyEntry, FilingStandard


@dataclass(frozen=True, slots=True)
class Order:
    """What a person orders: who does it, by which standard, from which line, at what cost (fen).

    `points` and `due_at` replace what the standard says; `wanted` is what an assisting body does.
    """

    post: Post
    standard: FilingStandard
    estimate: int
    line: Line | None = None
    reason_to_act_first: str = ""
    beyond_capacity: bool = False
    kind: str = Task.Kind.LEAD
    points: int | None = None
    due_at: datetime.datetime | None = None
    wanted: str = ""


def key_of(case: Case, what: str) -> str:
    """A key for the ledger: one per event of the case, so that no two moves share one."""
    return f"case:{case.pk}:{case.version + 1}:{what}"


def give(
    case: Case, order: Order, *, by: User, at: datetime.datetime, duty: DutyEntry | None = None
) -> Task:
    """Reserve the money, put the points on the person, make the task of a locked case."""
    standard = order.standard
    points = standard.points if order.points is None else order.points
    due = order.due_at or limit(at, standard.handle_limit, standard.handle_unit)
    task = Task(
        case=case,
        kind=order.kind,
        state=TaskState.DISPATCHED,
        body_id=order.post.body_id,
        post=order.post,
        points=points,
        estimate=order.estimate,
        duty=duty,
        wanted=order.wanted,
        made_at=at,
        sign_due_at=limit(at, standard.sign_limit, standard.sign_unit),
        handle_due_at=due,
        act_first_reason=order.reason_to_act_first[:300],
    )
    if order.estimate and order.reason_to_act_first:
        task.unfunded, task.missing = True, order.estimate
    elif order.estimate:
        task.hold = funding.reserve(
            _line_for(order),
            amount=order.estimate,
            purpose=_purpose_of(standard),
            subject=case.subject,
            key=key_of(case, "reserve"),
            by=by,
            at=at,
        )
    put_load(order.post.pk, points, at=at, forced=order.beyond_capacity)
    task.save(force_insert=True)
    return task


def _line_for(order: Order) -> Line:
    if order.line is None:
        raise RuleViolation(
            _("Choose the budget line that pays, or have it ordered to act first."),
            code="line_missing",
        )
    return order.line


def _purpose_of(standard: FilingStandard) -> Purpose:
    if standard.purpose is None:
        raise RuleViolation(
            _("This standard names no purpose for money: choose another, or a cost of nothing."),
            code="purpose_missing",
        )
    return standard.purpose


def put_load(post_id: int, points: int, *, at: datetime.datetime, forced: bool) -> None:
    if forced:
        loads.force_load(post_id, points=points, at=at)
    elif not loads.take_load(post_id, points=points, at=at):
        raise RuleViolation(
            _("This person has no room for it. Choose another, or go beyond the capacity."),
            code="no_room",
        )


def unload(task: Task) -> None:
    """Take the task's points off its person; cases that wait for somebody hear of it."""
    loads.give_back_load(task.post_id, points=task.points)
    freed("loads")


def move_load(task: Task, to: Post, *, at: datetime.datetime, forced: bool) -> None:
    """From the task's post to another, in the order of their keys: two never wait in a ring."""
    for post in sorted((task.post_id, to.pk)):
        if post == to.pk:
            put_load(post, task.points, at=at, forced=forced)
        else:
            loads.give_back_load(post, points=task.points)
    freed("loads")


def free(task: Task, *, state: TaskState, by: User, at: datetime.datetime) -> None:
    """End a task undone: release what its hold still keeps, take its points off the person."""
    loading = task.state in LOADING
    task.state, task.ended_at = state, at
    withdraw_requests(task)
    if task.hold is not None:
        funding.release(task.hold, key=key_of(task.case, "release"), by=by, at=at)
    if loading:
        unload(task)
    if task.hold is not None:
        freed("lines")
    task.save(update_fields=["state", "ended_at"])


def free_all(case: Case, *, state: TaskState, by: User, at: datetime.datetime) -> list[Task]:
    """End every open task of a locked case undone, the lead's in `state`, assistance withdrawn.

    First all the money is released, then all the points, each in the order of their rows
    (docs/locking.md).
    """
    rows = Task.objects.unsettled().filter(case=case).select_related("hold", "post__person")
    tasks = list(rows.order_by("pk"))
    holds = [
        funding.HoldRequest(task.hold, key_of(case, f"release:{task.pk}"))
        for task in tasks
        if task.hold is not None
    ]
    if holds:
        funding.release_many(holds, by=by, at=at)
        freed("lines")
    loaded = [task for task in tasks if task.state in LOADING]
    if loaded:
        loads.give_back_many(
            loads.LoadRequest(post_id=task.post_id, points=task.points) for task in loaded
        )
        freed("loads")
    for task in tasks:
        withdraw_requests(task)
        is_lead = task.kind == Task.Kind.LEAD
        task.state, task.ended_at = state if is_lead else TaskState.WITHDRAWN, at
        task.save(update_fields=["state", "ended_at"])
    return tasks


def demand_no_open_assistance(case: Case) -> None:
    """The lead reports when its assistants have delivered, or were released with a reason."""
    rows = Task.objects.unsettled().filter(case=case, kind=Task.Kind.ASSIST)
    waiting = [str(task.body) for task in rows.select_related("body").order_by("pk")]
    if waiting:
        raise RuleViolation(
            _("Still assisting: %(bodies)s. Accept their results or release them first.")
            % {"bodies": listed(waiting)},
            code="assistance_open",
        )


def settle(task: Task, *, by: User, at: datetime.datetime) -> None:
    """End a task well: its actual cost becomes payable, the rest of the hold is free again."""
    if task.hold is not None:
        _bring_its_money(task, by=by, at=at)
        funding.settle(
            task.hold, actual=task.actual or 0, key=key_of(task.case, "settle"), by=by, at=at
        )
        freed("lines")
    task.state, task.ended_at = TaskState.DONE, at
    task.save(update_fields=["state", "ended_at", "hold"])


def _bring_its_money(task: Task, *, by: User, at: datetime.datetime) -> None:
    """费随事转: a community that did a department's matter is paid from a line of its own."""
    hold = task.hold
    if hold is None or not task.actual or hold.line.body_id == task.body_id:
        return
    if task.body.kind.nature != Nature.COMMUNITY:
        return
    task.hold = funding.entrust(
        hold, task.body, amount=task.actual, key=key_of(task.case, "entrust"), by=by, at=at
    )
    hold.refresh_from_db()
    if hold.open:
        funding.release(hold, key=key_of(task.case, "release"), by=by, at=at)


def withdraw_requests(task: Task, *, but: Request | None = None) -> None:
    """The task moves on: what was still to be reviewed has lost its subject."""
    pending = task.requests.pending()
    if but is not None:
        pending = pending.exclude(pk=but.pk)
    pending.update(state=Request.State.WITHDRAWN)


def missing_money(task: Task) -> int:
    """What the hold lacks (fen): all of it without one."""
    cost = task.estimate if task.actual is None else task.actual
    if task.unfunded or task.hold is None:
        return cost
    return max(0, cost - task.hold.open)


def assist(case: Case, bodies: list[int]) -> None:
    Assistant.objects.bulk_create(
        [Assistant(case=case, body_id=body) for body in bodies], ignore_conflicts=True
    )
