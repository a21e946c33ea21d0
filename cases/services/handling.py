"""The department works: signs, reports, confirms; somebody else checks."""

import datetime
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Photo, Task, TaskState
from cases.services import photos as photo_services
from cases.services import work
from cases.services.moves import begin, finish, open_task
from lib.errors import RuleViolation
from organizations.models import User
from routing import services as loads


def sign(case: Case, *, by: User, at: datetime.datetime) -> Case:
    """Signed for: the work begins."""
    with transaction.atomic():
        locked = begin(case, "sign", by=by, at=at)
        _keep(open_task(locked), state=TaskState.HANDLING, signed_at=at)
        return finish(locked, "sign", by=by, at=at, signed_at=at)


def report(
    case: Case,
    *,
    result: str,
    by: User,
    at: datetime.datetime,
    actual: int | None = None,
    photos: Sequence[BinaryIO] = (),
) -> Case:
    """The result, what it really cost (fen), and photos where the standard wants them.

    The handling clock stops here. A cost beyond the hold is recorded as missing money, which the
    owner of the line must give before the case can be closed.
    """
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "report", by=by, at=at)
        task = open_task(locked)
        task.result, task.actual = _said(result), _cost(task, actual)
        photo_services.store(locked, ready, kind=Photo.Kind.AFTER, by=by, at=at, task=task)
        _evidence(locked, _("Take a photo of the result: the closing condition asks for one."))
        task.missing = work.missing_money(task)
        task.unfunded = task.unfunded and task.missing > 0
        _keep(task, state=TaskState.REPORTED, reported_at=at)
        facts = {"actual": task.actual, "missing": task.missing}
        return finish(
            locked,
            "report",
            by=by,
            at=at,
            note=task.result,
            facts=facts,
            reported_at=at,
            handled_by=by,
        )


def _said(result: str) -> str:
    if not result.strip():
        raise RuleViolation(_("Write what was done."), code="result_missing")
    return result.strip()


def _cost(task: Task, actual: int | None) -> int:
    if actual is None and task.estimate:
        raise RuleViolation(_("Enter what it cost, 0 if nothing."), code="cost_missing")
    if actual is not None and actual < 0:
        raise RuleViolation(_("A cost is not below zero."), code="cost")
    return actual or 0


def _evidence(case: Case, sentence: str) -> None:
    wanted = case.standard is not None and case.standard.photo_after
    if wanted and not case.photos.filter(kind=Photo.Kind.AFTER).exists():
        raise RuleViolation(sentence, code="photo_missing")


def _keep(task: Task, *, state: TaskState, **moments: datetime.datetime | None) -> None:
    task.state = state
    for name, moment in moments.items():
        setattr(task, name, moment)
    columns = ["state", "result", "actual", "missing", "unfunded", "handle_due_at"]
    task.save(update_fields=[*columns, *moments])


def confirm(case: Case, *, by: User, at: datetime.datetime, note: str = "") -> Case:
    """The department stands for the result, the person is free for other work, the handling clock
    stops: whether that was late is written down for good.
    """
    with transaction.atomic():
        locked = begin(case, "confirm", by=by, at=at, note=note)
        task = open_task(locked)
        work.unload(task)
        _keep(task, state=TaskState.CHECKING, confirmed_at=at)
        late = locked.handle_due_at is not None and at > locked.handle_due_at
        return finish(
            locked,
            "confirm",
            by=by,
            at=at,
            note=note,
            facts={"late": late},
            confirmed_at=at,
            handled_late=late or bool(locked.handled_late),
        )


def send_back(case: Case, *, by: User, at: datetime.datetime, note: str) -> Case:
    """The head is not content: back to the handler, with the time that was left."""
    with transaction.atomic():
        locked = begin(case, "send_back", by=by, at=at, note=note)
        due = work.resumed_limit(locked, at=at)
        task = open_task(locked)
        task.handle_due_at = due
        _keep(task, state=TaskState.HANDLING, reported_at=None)
        return finish(
            locked, "send_back", by=by, at=at, note=note, handle_due_at=due, reported_at=None
        )


def check_pass(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    photos: Sequence[BinaryIO] = (),
) -> Case:
    """The closing condition is met: the case is closed and its cost becomes payable.

    Refused without the photo that the standard wants, and while money is missing.
    """
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "pass", by=by, at=at, note=note)
        task = open_task(locked)
        _evidence(locked, _("There is no photo of the result: send it back for rework."))
        if task.missing or task.unfunded:
            raise RuleViolation(
                _("Money is missing: the owner of the budget line must give it first."),
                code="unfunded",
            )
        photo_services.store(locked, ready, kind=Photo.Kind.CHECK, by=by, at=at, task=task)
        work.settle(task, by=by, at=at)
        facts = {"actual": task.actual}
        return finish(locked, "pass", by=by, at=at, note=note, facts=facts, checked_by=by)


def check_fail(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
    photos: Sequence[BinaryIO] = (),
) -> Case:
    """The closing condition is not met: rework, for the same person, whatever else they have."""
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "fail", by=by, at=at, note=note)
        due = work.resumed_limit(locked, at=at)
        task = open_task(locked)
        photo_services.store(locked, ready, kind=Photo.Kind.CHECK, by=by, at=at, task=task)
        task.handle_due_at = due
        loads.force_load(task.post_id, points=task.points, at=at)
        _keep(task, state=TaskState.REWORK, reported_at=None, confirmed_at=None)
        return finish(
            locked,
            "fail",
            by=by,
            at=at,
            note=note,
            handle_due_at=due,
            reworks=locked.reworks + 1,
            reported_at=None,
            confirmed_at=None,
        )
