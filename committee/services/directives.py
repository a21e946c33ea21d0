"""Directives: given out of a decision, worked on with proof, reported back, confirmed by others."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import filetype
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from committee import notifications
from committee.models import AgendaItem, Decision, Directive, NewOrganisation, Progress, Proof
from committee.services.actors import DIRECTIVE, MEETING, TASK, sitting_about
from committee.services.keys import made_before
from committee.workflow import Outcome, Verb
from lib.documents import prepare_document
from lib.errors import RuleViolation
from lib.uploads import READABLE, prepare_photo
from organizations.models import Body, Post, User

MOST_PROOFS = 6
File = tuple[BinaryIO, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be done, by which last day, and how success is measured; exactly one owner."""

    verb: str
    title: str
    measure: str
    due_on: datetime.date
    text: str = ""
    body: Body | None = None
    post: Post | None = None
    organisation: NewOrganisation | None = field(default=None)

    def check(self, *, on: datetime.date) -> None:
        """Raises RuleViolation."""
        owners = [one for one in (self.body, self.post, self.organisation) if one is not None]
        if len(owners) != 1:
            raise RuleViolation(_("Name exactly one who is responsible."), code="one_owner")
        if self.due_on <= on:
            raise RuleViolation(_("Choose a day that is still to come."), code="in_the_past")
        if not self.title.strip() or not self.measure.strip():
            text = _("Say what is to be done and how success is measured.")
            raise RuleViolation(text, code="no_measure")
        if self.verb not in Verb.values:
            raise RuleViolation(_("Choose what the task is for."), code="no_verb")

    def columns(self) -> dict[str, Any]:
        return {
            "verb": self.verb,
            "title": self.title.strip(),
            "text": self.text.strip(),
            "measure": self.measure.strip(),
            "due_on": self.due_on,
            "owner_body": self.body,
            "owner_post": self.post,
            "owner_organisation": self.organisation,
        }


@transaction.atomic
def issue(decision: Decision, wanted: Wanted, *, by: User, at: datetime.datetime) -> Directive:
    """Give somebody what a decision wants done. Raises NotYours, WrongState, RuleViolation."""
    wanted.check(on=localdate(at))
    meeting = MEETING.begin(decision.item.meeting, "instruct", by=by, at=at)
    made = TASK.start(
        Directive(
            body=meeting.body, decision=decision, issued_by=by, issued_at=at, **wanted.columns()
        ),
        "issue",
        by=by,
        at=at,
        decision=decision.pk,
        due=str(wanted.due_on),
    )
    MEETING.finish(meeting, "instruct", by=by, at=at, facts={"directive": made.pk})
    notifications.tell_owners(made, "directive-issued", at=at)
    return made


@transaction.atomic
def accept(directive: Directive, *, by: User, at: datetime.datetime) -> Directive:
    return TASK.finish(TASK.begin(directive, "accept", by=by, at=at), "accept", by=by, at=at)


@transaction.atomic
def add_progress(  # noqa: PLR0913 -- an entry says all this
    directive: Directive,
    *,
    percent: int,
    text: str,
    by: User,
    at: datetime.datetime,
    files: Iterable[File] = (),
    client_key: str | None = None,
) -> Progress:
    """How far it is; `files` (content, name) prove it. The same key again changes nothing.

    Raises NotYours, WrongState, RuleViolation, BadUpload.
    """
    if known := made_before(Progress, client_key, by=by):
        return known
    locked = TASK.begin(directive, "progress", by=by, at=at)
    if known := made_before(Progress, client_key, by=by):
        return known  # the same request came twice at once: the first had the lock
    if not 0 <= percent <= 100:
        raise RuleViolation(_("Write a number from 0 to 100."), code="percent")
    if not text.strip():
        raise RuleViolation(_("Say what was done."), code="no_text")
    sent = list(files)
    if len(sent) > MOST_PROOFS:
        raise RuleViolation(_("At most six files at once."), code="too_many")
    row = Progress.objects.create(
        directive=locked, percent=percent, text=text.strip(), by=by, at=at,
        client_key=client_key or None,
    )  # fmt: skip
    proofs = [_kept(row, content, name) for content, name in sent]
    facts = {"progress": row.pk, "percent": percent, "proofs": [one.sha256 for one in proofs]}
    TASK.finish(locked, "progress", by=by, at=at, facts=facts, percent=percent)
    return row


def _kept(progress: Progress, content: BinaryIO, name: str) -> Proof:
    """Photos without what the camera wrote beside them; papers as they are."""
    head = content.read(1024)
    content.seek(0)
    if filetype.guess_mime(head) in READABLE:
        photo = prepare_photo(content)
        file = ContentFile(photo.image, name=f"{photo.sha256[:16]}.jpg")
        shown, mime, digest = name[-120:], "image/jpeg", photo.sha256
    else:
        paper = prepare_document(content, name=name)
        file = ContentFile(paper.content, name=f"{paper.sha256[:16]}.{paper.suffix}")
        shown, mime, digest = paper.name, paper.mime, paper.sha256
    return Proof.objects.create(progress=progress, file=file, name=shown, mime=mime, sha256=digest)


@transaction.atomic
def report_back(directive: Directive, *, by: User, at: datetime.datetime) -> Directive:
    """Say that it is done; something of the progress must prove it."""
    locked = TASK.begin(directive, "report", by=by, at=at)
    if not Proof.objects.filter(progress__directive=locked).exists():
        text = _("Enter the progress with a photo or paper that proves it first.")
        raise RuleViolation(text, code="no_proof")
    done = TASK.finish(locked, "report", by=by, at=at, reported_by=by, reported_at=at, percent=100)
    notifications.tell_leaders(done, "directive-reported", at=at)
    return done


@transaction.atomic
def send_back(directive: Directive, *, reason: str, by: User, at: datetime.datetime) -> Directive:
    locked = TASK.begin(directive, "send_back", by=by, at=at, reason=reason)
    done = TASK.finish(
        locked, "send_back", by=by, at=at, reason=reason.strip()[:300],
        reported_by=None, reported_at=None,
    )  # fmt: skip
    notifications.tell_owners(done, "directive-returned", at=at)
    return done


@transaction.atomic
def confirm(directive: Directive, *, by: User, at: datetime.datetime) -> Directive:
    """Done: by the meeting that has it on its agenda (its chair), or by who leads the body.

    Never by who is to do it. Raises NotYours, WrongState.
    """
    locked = TASK.begin(directive, "confirm", by=by, at=at)
    meeting = sitting_about(locked).filter(chair=by).first()
    facts = {"meeting": meeting.pk if meeting else None}
    done = TASK.finish(
        locked, "confirm", by=by, at=at, facts=facts,
        confirmed_by=by, confirmed_in=meeting, ended_at=at,
    )  # fmt: skip
    if meeting is not None:
        items = AgendaItem.objects.filter(meeting=meeting, outcome=Outcome.PENDING)
        items.filter(source_kind=DIRECTIVE, source_key=str(done.pk)).update(outcome=Outcome.NOTED)
    notifications.tell_owners(done, "directive-done", at=at)
    return done


@transaction.atomic
def extend(
    directive: Directive,
    *,
    due_on: datetime.date,
    reason: str,
    by: User,
    at: datetime.datetime,
) -> Directive:
    locked = TASK.begin(directive, "extend", by=by, at=at, reason=reason)
    if due_on <= max(locked.due_on, localdate(at)):
        raise RuleViolation(_("The new day lies after the old one and after today."), code="due")
    facts = {"from": str(locked.due_on), "to": str(due_on)}
    done = TASK.finish(
        locked, "extend", by=by, at=at, facts=facts, reason=reason.strip()[:300], due_on=due_on
    )
    notifications.tell_owners(done, "directive-extended", at=at)
    return done


@transaction.atomic
def drop(directive: Directive, *, reason: str, by: User, at: datetime.datetime) -> Directive:
    locked = TASK.begin(directive, "drop", by=by, at=at, reason=reason)
    done = TASK.finish(locked, "drop", by=by, at=at, reason=reason.strip()[:300], ended_at=at)
    notifications.tell_owners(done, "directive-dropped", at=at)
    return done


def warn_overdue(*, by: User, at: datetime.datetime) -> int:
    """Tell owners and leaders of each directive that is overdue, once for each date; how many."""
    day = localdate(at)
    keys = list(Directive.objects.to_tell(day).order_by("pk").values_list("pk", flat=True)[:500])
    return sum(_warn(key, by=by, at=at) for key in keys)


@transaction.atomic
def _warn(key: int, *, by: User, at: datetime.datetime) -> bool:
    row = Directive.objects.select_for_update(of=("self",)).get(pk=key)
    if not Directive.objects.to_tell(localdate(at)).filter(pk=key).exists():
        return False
    locked = TASK.begin(row, "warn", by=by, at=at)
    done = TASK.finish(locked, "warn", by=by, at=at, told_for=locked.due_on)
    notifications.tell_owners(done, "directive-overdue", at=at)
    notifications.tell_leaders(done, "directive-overdue", at=at)
    return True
