"""The department works: signs, reports, confirms."""

import datetime
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Photo, SelfConfirmation, Task, TaskState
from cases.services import photos as photo_services
from cases.services import work
from cases.services.contacting import demand_contact
from cases.services.moves import begin, finish, open_task
from lib.errors import RuleViolation
from organizations.models import User


def sign(case: Case, *, by: User, at: datetime.datetime) -> Case:
    """Signed for: the work begins."""
    with transaction.atomic():
        locked = begin(case, "sign", by=by, at=at)
        keep(open_task(locked), state=TaskState.HANDLING, signed_at=at)
        return finish(locked, "sign", by=by, at=at, signed_at=at)


def report(  # noqa: PLR0913 -- a result says all this
    case: Case,
    *,
    result: str,
    by: User,
    at: datetime.datetime,
    actual: int | None = None,
    photos: Sequence[BinaryIO] = (),
    before: Sequence[BinaryIO] = (),
) -> Case:
    """The result, what it really cost (fen), and photos where the standard wants them.

    A cost beyond the hold is recorded as missing money, which the owner of the line must give
    before the case can be closed. Refused while a photo or a call is missing that the standard asks
    for. Where the department has switched to automatic confirmation, it is confirmed at once.
    """
    ready = [photo_services.prepare(photo) for photo in photos]
    earlier = [photo_services.prepare(photo) for photo in before]
    with transaction.atomic():
        locked = begin(case, "report", by=by, at=at)
        work.demand_no_open_assistance(locked)
        task = open_task(locked)
        task.result, task.actual = _said(result), _cost(task, actual)
        photo_services.store(locked, earlier, kind=Photo.Kind.BEFORE, by=by, at=at, task=task)
        photo_services.store(locked, ready, kind=Photo.Kind.AFTER, by=by, at=at, task=task)
        demand_contact(locked)
        _evidence_before(locked)
        photo_of_result(
            locked, _("Take a photo of the result: the closing condition asks for one.")
        )
        task.missing = work.missing_money(task)
        task.unfunded = task.unfunded and task.missing > 0
        work.withdraw_requests(task)
        keep(task, state=TaskState.REPORTED, reported_at=at)
        facts = {"actual": task.actual, "missing": task.missing}
        changes = {"reported_at": at, "handled_by": by}
        reported = finish(locked, "report", by=by, at=at, note=task.result, facts=facts, **changes)
        return _confirmed_by_itself(reported, at=at)


def _confirmed_by_itself(case: Case, *, at: datetime.datetime) -> Case:
    switches = SelfConfirmation.objects.valid_on(timezone.localdate(at))
    if not switches.filter(body=case.lead_body_id).exists():
        return case
    return confirm(case, by=User.objects.system(), at=at)


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


def photo_of_result(case: Case, sentence: str) -> None:
    """Refuse with `sentence` where the standard wants a photo of the result and there is none."""
    wanted = case.standard is not None and case.standard.photo_after
    if wanted and not case.photos.filter(kind=Photo.Kind.AFTER).exists():
        raise RuleViolation(sentence, code="photo_missing")


def _evidence_before(case: Case) -> None:
    wanted = case.standard is not None and case.standard.photo_before
    seen = [Photo.Kind.BEFORE, Photo.Kind.SITE]
    if wanted and not case.photos.filter(kind__in=seen).exists():
        raise RuleViolation(
            _("There is no photo of how it was: add one, the standard asks for it."),
            code="photo_missing",
        )


def keep(task: Task, *, state: TaskState, **moments: datetime.datetime | None) -> None:
    """Save a task that goes on, with the moments of its steps."""
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
        keep(task, state=TaskState.CHECKING, confirmed_at=at)
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
    """The head is not content: back to the handler. The handling clock has gone on meanwhile."""
    with transaction.atomic():
        locked = begin(case, "send_back", by=by, at=at, note=note)
        keep(open_task(locked), state=TaskState.HANDLING, reported_at=None)
        return finish(locked, "send_back", by=by, at=at, note=note, reported_at=None)
