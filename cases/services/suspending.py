"""A suspended case goes on: by itself on its day, or earlier when the head says so."""

import datetime

from django.db import transaction

from cases.models import Case, Request, TaskState
from cases.services.moves import begin, finish, open_task
from cases.services.pausing import resumed_limit, stopped_for
from cases.workflow import State
from organizations.models import User
from routing import services as loads


def resume(case: Case, *, by: User, at: datetime.datetime, note: str = "") -> Case:
    """The work goes on with the time that was left, the points lie on the person again.

    The clock counts from the day that was set, however late it is woken; capacity does not count.
    """
    with transaction.atomic():
        locked = begin(case, "resume", by=by, at=at, note=note)
        return _go_on(locked, by=by, at=at, note=note)


def _go_on(case: Case, *, by: User, at: datetime.datetime, note: str) -> Case:
    since = case.suspended_at or at
    resumed = min(at, _end_of(case) or at)
    due = resumed_limit(case, stopped=since, resumed=resumed)
    task = open_task(case)
    loads.force_load(task.post_id, points=task.points, at=at)
    task.state, task.handle_due_at = TaskState.HANDLING, due
    task.save(update_fields=["state", "handle_due_at"])
    paused = case.paused_seconds + stopped_for(case, since, until=resumed)
    changes = {"handle_due_at": due, "suspended_at": None, "paused_seconds": paused}
    facts = {"since": since.isoformat(), "from": resumed.isoformat()}
    return finish(case, "resume", by=by, at=at, note=note, facts=facts, **changes)


def _end_of(case: Case) -> datetime.datetime | None:
    rows = case.requests.filter(kind=Request.Kind.SUSPENSION, state=Request.State.GRANTED)
    return rows.values_list("until", flat=True).first()


def resume_due(*, at: datetime.datetime, limit: int = 500) -> int:
    """Every suspended case whose day has come; how many."""
    system = User.objects.system()
    due = Request.objects.filter(
        kind=Request.Kind.SUSPENSION,
        state=Request.State.GRANTED,
        until__lte=at,
        case__state=State.SUSPENDED,
    )
    keys = list(due.order_by("until", "id").values_list("case", flat=True)[:limit])
    return sum(_resume_one(key, by=system, at=at) for key in keys)


def _resume_one(key: int, *, by: User, at: datetime.datetime) -> int:
    """0 where somebody resumed it in between."""
    with transaction.atomic():
        if not Case.objects.select_for_update(of=("self",)).filter(pk=key, state=State.SUSPENDED):
            return 0
        resume(Case(pk=key), by=by, at=at)
    return 1
