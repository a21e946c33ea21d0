"""Messages about courses, certificates and selections."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext, gettext_noop

from lib.registry import wordings
from organizations.models import User
from organizations.services import inbox
from talent.models import Candidate, Enrolment, Objection, Selection
from talent.models.chain import ORGANISERS
from volunteers.hours_notifications import holders

COURSE, SELECTION = "talent.course", "talent.selection"
WORDINGS = {
    "course-place": gettext_noop("You have a place in the course “%(title)s”."),
    "course-cancelled": gettext_noop("The course “%(title)s” is cancelled: %(reason)s"),
    "course-certificate": gettext_noop("You passed “%(title)s”: here is your certificate."),
    "course-failed": gettext_noop("“%(title)s” was not passed this time. You may sit again."),
    "course-revoked": gettext_noop("Your certificate of “%(title)s” was revoked: %(reason)s"),
    "selection-recommended": gettext_noop("You were recommended for “%(title)s”. Do you agree?"),
    "selection-judge": gettext_noop("You are a judge of “%(title)s”."),
    "selection-applied": gettext_noop("Somebody applied for “%(title)s”."),
    "selection-excluded": gettext_noop("“%(title)s”: you cannot be considered. %(reason)s"),
    "selection-proposed": gettext_noop("You are on the short list of “%(title)s”."),
    "selection-passed_over": gettext_noop("“%(title)s”: this time others are on the short list."),
    "selection-objection": gettext_noop("An objection to “%(title)s” waits for an answer."),
    "selection-answered": gettext_noop("Your objection to “%(title)s” was answered: %(reason)s"),
    "selection-chosen": gettext_noop("You were chosen for “%(title)s”."),
    "selection-appointed": gettext_noop("You were appointed: “%(title)s”."),
    "selection-cancelled": gettext_noop("The selection “%(title)s” is cancelled: %(reason)s"),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def tell_learner(row: Enrolment, kind: str, *, at: datetime.datetime, reason: str = "") -> None:
    inbox.send(
        to=[row.person],
        key=f"{kind}:{row.pk}:{row.version}",
        kind=kind,
        at=at,
        params={"title": row.course.title, "reason": reason},
        subject=(COURSE, str(row.course_id)),
    )


def tell_candidate(row: Candidate, kind: str, *, at: datetime.datetime) -> None:
    _send([row.person], kind, row.selection, at, about=f"{row.pk}.{row.version}", reason=row.reason)


def tell_judge(selection: Selection, person: User, *, at: datetime.datetime) -> None:
    _send([person], "selection-judge", selection, at)


def tell_organisers(
    selection: Selection,
    kind: str,
    *,
    at: datetime.datetime,
    about: int,
    but: Collection[int] = (),
) -> None:
    people = [who for who in holders(ORGANISERS, selection, at=at) if who.pk not in but]
    _send(people, kind, selection, at, about=str(about))


def tell_objector(row: Objection, *, at: datetime.datetime) -> None:
    selection = row.candidate.selection
    _send([row.person], "selection-answered", selection, at, about=str(row.pk), reason=row.reason)


def tell_cancelled(selection: Selection, people: Iterable[User], *, at: datetime.datetime) -> None:
    _send(people, "selection-cancelled", selection, at, reason=selection.reason)


def _send(
    people: Iterable[User],
    kind: str,
    selection: Selection,
    at: datetime.datetime,
    about: str = "",
    reason: str = "",
) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{selection.pk}:{about}",
        kind=kind,
        at=at,
        params={"title": selection.title, "reason": reason},
        subject=(SELECTION, str(selection.pk)),
    )
