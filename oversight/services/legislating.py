"""Files of legislation: begun, moved through the stages with their days, evidence attached."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cases.models import Case, Topic
from consultation.models import Consultation, Opinion
from lib.errors import NotYours, RuleViolation
from lib.moving import Way
from organizations.models import Body, Law, User
from oversight import legislation_workflow as way
from oversight.legislation_workflow import Actor, Stage
from oversight.models import (
    Evidence,
    Legislation,
    LegislationEvent,
    LegislationLimit,
    LegislationStep,
)
from talent.models.chain import ruled_bodies


def actors_of(user: User, row: Legislation, *, at: datetime.datetime) -> frozenset[str]:
    rules = row.body_id in ruled_bodies(user, on=localdate(at))
    return frozenset({Actor.OFFICER} if rules else ())


FILE = Way(
    Legislation,
    LegislationEvent,
    way.MOVES,
    lambda state: Stage(state).label,
    actors_of,
    needs_reason=way.NEEDS_REASON,
    ends=way.ENDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What is to be regulated, by whom it is drafted, and which law it amends."""

    title: str
    subject: str
    summary: str
    body: Body
    title_en: str = ""
    law: Law | None = None

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def begin_file(proposed: Proposed, *, by: User, at: datetime.datetime) -> Legislation:
    """A file that everybody may follow. Raises NotYours, RuleViolation."""
    if not proposed.title.strip() or not proposed.summary.strip():
        raise RuleViolation(_("Say what is to be regulated, and why."), code="no_words")
    row = Legislation(made_by=by, made_at=at, **proposed.columns())
    if not actors_of(by, row, at=at):
        raise NotYours(_("The committee of the body that drafts it begins a file."))
    done = FILE.start(row, "begin", by=by, at=at)
    _open_step(done, at=at)
    return done


@transaction.atomic
def edit_file(
    row: Legislation, proposed: Proposed, *, by: User, at: datetime.datetime
) -> Legislation:
    """Other words; the body stays. Raises NotYours, WrongState, RuleViolation."""
    locked = FILE.begin(row, "edit", by=by, at=at)
    if proposed.body.pk != locked.body_id:
        raise RuleViolation(_("The body that drafts it stays."), code="body")
    return FILE.finish(locked, "edit", by=by, at=at, **proposed.columns())


@transaction.atomic
def set_consultation(
    row: Legislation, consultation: Consultation, *, by: User, at: datetime.datetime
) -> Legislation:
    """Where the draft is commented on, article by article. Raises RuleViolation."""
    locked = FILE.begin(row, "edit", by=by, at=at)
    if not Consultation.objects.published().filter(pk=consultation.pk).exists():
        raise RuleViolation(_("This consultation has not begun."), code="not_public")
    if Legislation.objects.filter(consultation=consultation).exclude(pk=locked.pk).exists():
        raise RuleViolation(_("Another file has this consultation."), code="consultation")
    facts = {"consultation": consultation.number}
    return FILE.finish(locked, "edit", by=by, at=at, consultation=consultation, facts=facts)


@transaction.atomic
def advance(
    row: Legislation,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    due_on: datetime.date | None = None,
    reason: str = "",
) -> Legislation:
    """The next stage, or back to drafting; `due_on` is by when it should be over.

    For "announce" it is the day on which the regulation enters into force. Raises NotYours,
    WrongState, RuleViolation.
    """
    locked = FILE.begin(row, name, by=by, at=at, reason=reason)
    _check(locked, name, due_on, at=at)
    note = reason.strip()[:300]
    done = FILE.finish(locked, name, by=by, at=at, reason=note)
    LegislationStep.objects.filter(file=done, ended_at=None).update(ended_at=at)
    if done.state not in way.ENDS:
        _open_step(done, at=at, due_on=due_on, note=note)
    return done


def _open_step(
    row: Legislation, *, at: datetime.datetime, due_on: datetime.date | None = None, note: str = ""
) -> None:
    limit = limit_of(row.state, localdate(at))
    if due_on is None and limit is not None and limit.most_days is not None:
        due_on = localdate(at) + datetime.timedelta(days=limit.most_days)
    LegislationStep.objects.create(file=row, stage=row.state, begun_at=at, due_on=due_on, note=note)


def limit_of(stage: str, day: datetime.date) -> LegislationLimit | None:
    rows = LegislationLimit.objects.valid_on(day).filter(stage=stage)
    found: LegislationLimit | None = rows.order_by("-valid_from").first()
    return found


def _check(
    row: Legislation, name: str, due_on: datetime.date | None, *, at: datetime.datetime
) -> None:
    step = row.steps.get(ended_at=None)
    _check_days(step, name, at=at)
    if name == "consult":
        _check_draft(row)
    elif name == "bring":
        _check_answers(row)
    elif name == "announce" and due_on is None:
        raise RuleViolation(_("Say from which day it is in force."), code="no_day")
    elif name == "enter" and step.due_on is not None and localdate(at) < step.due_on:
        raise RuleViolation(_("It enters into force on the announced day."), code="too_early")
    if due_on is not None and due_on < localdate(at):
        raise RuleViolation(_("Choose a day that is still to come."), code="in_the_past")


def _check_days(step: LegislationStep, name: str, *, at: datetime.datetime) -> None:
    """Stopping and drafting anew are free at any time."""
    limit = limit_of(step.stage, localdate(at))
    if limit is None or limit.least_days is None or name in way.NEEDS_REASON:
        return
    if at < step.begun_at + datetime.timedelta(days=limit.least_days):
        raise RuleViolation(
            _("This stage lasts at least %(days)s days.") % {"days": limit.least_days},
            code="too_short",
        )


def _check_draft(row: Legislation) -> None:
    if row.consultation is None or not row.consultation.drafts.exists():
        raise RuleViolation(
            _("Name the consultation first, and bring the draft into it by articles."),
            code="no_draft",
        )


def _check_answers(row: Legislation) -> None:
    left = Opinion.objects.unanswered().filter(consultation=row.consultation_id).count()
    if left:
        raise RuleViolation(
            _("%(count)s comments have no answer yet.") % {"count": left}, code="unanswered"
        )


@transaction.atomic
def attach(
    row: Legislation,
    thing: Case | Topic,
    *,
    note: str,
    by: User,
    at: datetime.datetime,
) -> Evidence:
    """A case or a hot topic as evidence. Raises NotYours, WrongState, RuleViolation."""
    locked = FILE.begin(row, "edit", by=by, at=at)
    if not note.strip():
        raise RuleViolation(_("Say what it shows."), code="no_words")
    column = "case" if isinstance(thing, Case) else "topic"
    try:
        with transaction.atomic():
            made = Evidence.objects.create(
                file=locked, note=note.strip()[:300], by=by, at=at, **{column: thing}
            )
    except IntegrityError as error:
        raise RuleViolation(_("This is attached already."), code="attached") from error
    FILE.finish(locked, "edit", by=by, at=at, facts={column: thing.pk})
    return made
