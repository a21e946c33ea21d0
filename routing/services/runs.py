"""Carrying out work that waits as a row: claimed by one worker, shown while it goes on, ended."""

import datetime
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q

from grids.models import RunState
from routing.models.runs import Run

R = TypeVar("R", bound=Run)
Now = Callable[[], datetime.datetime]
# Work that has said nothing for so long was broken off: another worker takes it up.
SILENT = datetime.timedelta(minutes=5)


def asked(run: R, wake: Callable[[], None]) -> R:
    """Store `run`, which waits; where one waits already and only one may, that one."""
    rows = type(run)._default_manager.filter(state=RunState.WAITING)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            transaction.on_commit(wake, robust=True)
            return run
    except IntegrityError:
        return rows.latest("pk")


def carried_out(model: type[R], work: Callable[[R, Now], None], moment: Now) -> R | None:
    """The run that waited, after `work`; None where there is none, or another worker has it."""
    run = _claimed(model, moment())
    if run is None:
        return None
    try:
        work(run, moment)
    except Exception:
        _end(run, RunState.FAILED, moment())
        raise
    _end(run, RunState.DONE, moment())
    return run


def _claimed(model: type[R], at: datetime.datetime) -> R | None:
    free = Q(state=RunState.WAITING) | Q(state=RunState.RUNNING, seen_at__lt=at - SILENT)
    rows = model._default_manager
    run = rows.filter(free).order_by("pk").first()
    if run is None:
        return None
    mine = rows.filter(free, pk=run.pk)
    try:
        with transaction.atomic():
            if not mine.update(state=RunState.RUNNING, seen_at=at, done=0, total=0):
                return None
    except IntegrityError:
        return None  # another one runs, and only one may: this one still waits
    run.refresh_from_db()
    return run


def begun(run: Run, total: int) -> None:
    run.total = total
    run.save(update_fields=["total"])


def seen(run: Run, more: int, at: datetime.datetime) -> None:
    """`more` steps are done."""
    run.done, run.seen_at = run.done + more, at
    run.save(update_fields=["done", "seen_at"])


def _end(run: Run, state: str, at: datetime.datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])
