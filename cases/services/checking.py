"""Somebody else than the handler looks at the result: closed, or done again."""

import datetime
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CallBack, Case, Photo, Task, TaskState
from cases.services import photos as photo_services
from cases.services import work
from cases.services.callbacks import ask
from cases.services.handling import keep, photo_of_result
from cases.services.moves import begin, finish, open_task
from cases.services.pausing import resumed_limit, stopped_for
from lib.errors import RuleViolation
from organizations.models import User
from routing import services as loads


def check_pass(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    photos: Sequence[BinaryIO] = (),
    condition_met: bool = True,
) -> Case:
    """The verifier says that the closing condition is met, and shows it by a photo or words: the
    case is closed and its cost becomes payable.

    Refused without such evidence, without the photo of the result that the standard wants, and
    while money is missing.
    """
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "pass", by=by, at=at, note=note)
        task = open_task(locked)
        photo_of_result(locked, _("There is no photo of the result: send it back for rework."))
        _check_money(task)
        photo_services.store(locked, ready, kind=Photo.Kind.CHECK, by=by, at=at, task=task)
        _check_condition(locked, note, met=condition_met)
        work.settle(task, by=by, at=at)
        facts = {"actual": task.actual, "condition_met": True}
        done = finish(locked, "pass", by=by, at=at, note=note, facts=facts, checked_by=by)
        ask(done, CallBack.Occasion.CLOSING, at=at)
        return done


def _check_money(task: Task) -> None:
    if task.missing or task.unfunded:
        raise RuleViolation(
            _("Money is missing: the owner of the budget line must give it first."),
            code="unfunded",
        )


def _check_condition(case: Case, note: str, *, met: bool) -> None:
    if not met:
        raise RuleViolation(
            _("The closing condition is not met: send it back for rework."), code="condition"
        )
    shown = [Photo.Kind.AFTER, Photo.Kind.CHECK]
    if not note.strip() and not case.photos.filter(kind__in=shown).exists():
        raise RuleViolation(
            _("Show that the closing condition is met: a photo, or words of what you saw."),
            code="evidence_missing",
        )


def check_fail(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
    photos: Sequence[BinaryIO] = (),
) -> Case:
    """The closing condition is not met: rework, for the same person, whatever else they have.

    What was reported stays in history and with the task; the clock goes on with the time that was
    left when the department confirmed.
    """
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "fail", by=by, at=at, note=note)
        stopped = locked.confirmed_at or at
        due = resumed_limit(locked, stopped=stopped, resumed=at)
        task = open_task(locked)
        photo_services.store(locked, ready, kind=Photo.Kind.CHECK, by=by, at=at, task=task)
        task.handle_due_at = due
        loads.force_load(task.post_id, points=task.points, at=at)
        keep(task, state=TaskState.REWORK, reported_at=None, confirmed_at=None)
        return finish(
            locked,
            "fail",
            by=by,
            at=at,
            note=note,
            handle_due_at=due,
            paused_seconds=locked.paused_seconds + stopped_for(locked, stopped, until=at),
            reworks=locked.reworks + 1,
            reported_at=None,
            confirmed_at=None,
        )
