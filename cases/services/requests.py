"""The department asks for more time, a pause, or a timeout to be forgiven; two others decide.

Rules of command centres: each extension adds the original limit once more, at most two, only while
the case is not late; one suspension of at most a year; one appeal, after closing, by the department
that was late. Who asks does not decide, and nobody decides twice.
"""

import datetime
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, Photo, Request, Task, TaskState
from cases.models.cases import MOST_EXTENSIONS
from cases.services import photos as photo_services
from cases.services import work
from cases.services.actors import actors_of
from cases.services.moves import begin, finish, open_task
from cases.services.pausing import extended_limit
from cases.workflow import REVIEWERS, Actor
from lib.errors import NotYours, RuleViolation
from organizations.models import User

LONGEST_SUSPENSION = datetime.timedelta(days=366)
Kind = Request.Kind


def ask_extension(
    case: Case, *, by: User, at: datetime.datetime, note: str, photos: Sequence[BinaryIO] = ()
) -> Case:
    """The original limit once more, please; refused when late or extended twice already."""
    return _ask(case, Request(kind=Kind.EXTENSION), by=by, at=at, note=note, photos=photos)


def ask_suspension(
    case: Case,
    *,
    until: datetime.datetime,
    by: User,
    at: datetime.datetime,
    note: str,
    photos: Sequence[BinaryIO] = (),
) -> Case:
    """A pause until `until`: what cannot be done in this season or under these conditions."""
    asked = Request(kind=Kind.SUSPENSION, until=until)
    return _ask(case, asked, by=by, at=at, note=note, photos=photos)


def ask_appeal(
    case: Case, *, by: User, at: datetime.datetime, note: str, photos: Sequence[BinaryIO] = ()
) -> Case:
    """The department was late, and says why it should not count. Once, and only after closing."""
    return _ask(case, Request(kind=Kind.APPEAL), by=by, at=at, note=note, photos=photos)


def _ask(
    case: Case,
    asked: Request,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
    photos: Sequence[BinaryIO],
) -> Case:
    name, ready = f"ask_{asked.kind}", [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, name, by=by, at=at, note=note)
        asked.case, asked.task = locked, _task_of(locked, asked.kind)
        asked.reason, asked.asked_by, asked.asked_at = note.strip()[:1000], by, at
        _check(locked, asked, at=at)
        _answer_own(locked, asked, by=by, at=at)
        asked.save(force_insert=True)
        kept = photo_services.store(
            locked, ready, kind=Photo.Kind.REQUEST, by=by, at=at, task=asked.task, request=asked
        )
        facts = _facts(asked) | {"photos": [photo.sha256 for photo in kept]}
        moved = finish(locked, name, by=by, at=at, note=note, facts=facts)
        notifications.tell_of_request(asked, at=at)
        return moved


def _task_of(case: Case, kind: str) -> Task:
    if kind != Kind.APPEAL:
        return open_task(case)
    return case.tasks.filter(kind=Task.Kind.LEAD, state=TaskState.DONE).latest("id")


def _check(case: Case, asked: Request, *, at: datetime.datetime) -> None:
    same = case.requests.filter(kind=asked.kind)
    if same.pending().exists():
        raise RuleViolation(_("The request before this one is still reviewed."), code="pending")
    {
        Kind.EXTENSION: _check_extension,
        Kind.SUSPENSION: _check_suspension,
        Kind.APPEAL: _check_appeal,
    }[Kind(asked.kind)](case, asked, at)


def _check_extension(case: Case, _asked: Request, at: datetime.datetime) -> None:
    if case.handle_due_at is None or at > case.handle_due_at:
        raise RuleViolation(_("The limit has passed: nothing can be extended now."), code="overdue")
    if case.extensions >= MOST_EXTENSIONS:
        raise RuleViolation(_("It has been extended twice: no more."), code="extended_twice")


def _check_suspension(case: Case, asked: Request, at: datetime.datetime) -> None:
    if asked.until is None or asked.until <= at:
        raise RuleViolation(_("Choose a day in the future."), code="past")
    if asked.until > at + LONGEST_SUSPENSION:
        raise RuleViolation(_("A suspension lasts a year at most."), code="too_long")
    if case.requests.filter(kind=Kind.SUSPENSION, state=Request.State.GRANTED).exists():
        raise RuleViolation(_("It has been suspended once: no more."), code="suspended_once")


def _check_appeal(case: Case, _asked: Request, _at: datetime.datetime) -> None:
    if not case.handled_late:
        raise RuleViolation(_("It was handled in time: nothing to appeal."), code="in_time")
    if case.requests.filter(kind=Kind.APPEAL).exists():
        raise RuleViolation(
            _("There has been an appeal; its answer is final."), code="appealed_once"
        )


def _answer_own(case: Case, asked: Request, *, by: User, at: datetime.datetime) -> None:
    """A head who asks has said yes for the department."""
    first, _second = REVIEWERS[f"review_{asked.kind}"]
    if first == Actor.HEAD and Actor.HEAD in actors_of(by, case, at=at):
        asked.first_by, asked.first_at, asked.first_granted = by, at, True


def review_extension(
    case: Case, *, granted: bool, by: User, at: datetime.datetime, note: str = ""
) -> Case:
    """The head, then the dispatcher; with the second yes the limit moves."""
    return _review(case, Kind.EXTENSION, granted=granted, by=by, at=at, note=note)


def review_suspension(
    case: Case, *, granted: bool, by: User, at: datetime.datetime, note: str = ""
) -> Case:
    """The head, then the dispatcher; with the second yes the clock stands until the day asked for.

    The person is free for other work meanwhile; the money stays reserved.
    """
    return _review(case, Kind.SUSPENSION, granted=granted, by=by, at=at, note=note)


def review_appeal(
    case: Case, *, granted: bool, by: User, at: datetime.datetime, note: str = ""
) -> Case:
    """The dispatcher, then the acceptance clerk; with the second yes the timeout does not count."""
    return _review(case, Kind.APPEAL, granted=granted, by=by, at=at, note=note)


def _review(
    case: Case, kind: Kind, *, granted: bool, by: User, at: datetime.datetime, note: str
) -> Case:
    name = f"review_{kind}"
    with transaction.atomic():
        locked = begin(case, name, by=by, at=at, note=note)
        asked = locked.requests.filter(kind=kind).pending().select_related("task").first()
        if asked is None:
            raise RuleViolation(_("Nothing waits for review here."), code="nothing_pending")
        if not granted and not note.strip():
            raise RuleViolation(_("Write the reason."), code="reason_missing")
        _answer(locked, asked, granted=granted, by=by, at=at, note=note.strip()[:1000])
        moved = _carry_out(locked, name, asked, by=by, at=at, note=note)
        notifications.tell_of_request(asked, at=at)
        return moved


def _answer(
    case: Case, asked: Request, *, granted: bool, by: User, at: datetime.datetime, note: str
) -> None:
    level = "second" if asked.first_by_id else "first"
    reviewer = REVIEWERS[f"review_{asked.kind}"][level == "second"]
    before = {asked.asked_by_id, asked.first_by_id}
    if reviewer not in actors_of(by, case, at=at) or by.pk in before:
        raise NotYours(_("This review belongs to somebody else."))
    values = {"by": by, "at": at, "granted": granted, "note": note}
    for column, value in values.items():
        setattr(asked, f"{level}_{column}", value)
    if not granted:
        asked.state = Request.State.REFUSED
    elif level == "second":
        asked.state = Request.State.GRANTED


def _carry_out(
    case: Case, name: str, asked: Request, *, by: User, at: datetime.datetime, note: str
) -> Case:
    """Save the answer and, with the second yes, do what was asked for."""
    changes: dict[str, Any] = {}
    if asked.state == Request.State.GRANTED:
        name, changes = _GRANT[Kind(asked.kind)](case, asked, at)
    asked.save()
    return finish(case, name, by=by, at=at, note=note, facts=_facts(asked), **changes)


def _extend(case: Case, asked: Request, _at: datetime.datetime) -> tuple[str, dict[str, Any]]:
    asked.due_before, asked.due_after = case.handle_due_at, extended_limit(case)
    asked.task.handle_due_at = asked.due_after
    asked.task.save(update_fields=["handle_due_at"])
    changes = {"handle_due_at": asked.due_after, "extensions": case.extensions + 1}
    return "review_extension", changes


def _suspend(_case: Case, asked: Request, at: datetime.datetime) -> tuple[str, dict[str, Any]]:
    if asked.until is None or asked.until <= at:
        raise RuleViolation(_("The day asked for has passed: refuse the request."), code="past")
    work.withdraw_requests(asked.task, but=asked)
    work.unload(asked.task)
    asked.task.state = TaskState.SUSPENDED
    asked.task.save(update_fields=["state"])
    return "suspend", {"suspended_at": at}


def _exempt(_case: Case, _asked: Request, _at: datetime.datetime) -> tuple[str, dict[str, Any]]:
    return "review_appeal", {"timeout_exempt": True}


_GRANT = {Kind.EXTENSION: _extend, Kind.SUSPENSION: _suspend, Kind.APPEAL: _exempt}


def _facts(asked: Request) -> dict[str, Any]:
    """What history keeps of a request: its key, where it stands, its moments."""
    moments = {"until": asked.until, "due_before": asked.due_before, "due_after": asked.due_after}
    kept = {name: at.isoformat() for name, at in moments.items() if at is not None}
    return {"request": asked.pk, "answer": asked.state, **kept}
