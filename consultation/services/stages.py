"""The way of a consultation: prepared, started, from stage to stage, ended.

Each step locks the consultation, asks the table of moves and the gates of the open stage, and is
appended to the chain. Eight people who press the button at once make one step.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation.models import (
    Blueprint,
    BlueprintStage,
    Consultation,
    Publicity,
    Stage,
    StagePublication,
    StageRule,
    Topic,
)
from consultation.services import gates
from consultation.services.actors import actors_of
from consultation.services.history import lock, record
from consultation.services.limits import days_after
from consultation.services.numbering import CONSULTATION, next_number
from consultation.workflow import MOVES, StageState, State
from grids.models import Territory
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Body, User

OF_STAGE = (
    *("order", "key", "kind", "name", "name_en", "must_take_part", "notice_days", "notice_unit"),
    *("due_days", "objection_days", "needs_party"),
)
OF_RULE = ("purpose", "measure", "base", "numerator", "denominator", "is_strict", "alternative")
OF_REQUIRED = ("kind", "stands", "unit", "due_days", "due_unit")


class NotYet(RuleViolation):
    """The open stage may not be left: `refusals` say what is still to do."""

    def __init__(self, refusals: list[gates.Refusal]) -> None:
        self.refusals = refusals
        words = " ".join(refusal.sentence for refusal in refusals)
        super().__init__(words, code=refusals[0].code)


@transaction.atomic
def draft(  # noqa: PLR0913 -- what a consultation is
    blueprint: Blueprint,
    *,
    title: str,
    text: str,
    body: Body,
    by: User,
    at: datetime.datetime,
    town: Territory | None = None,
    community: Territory | None = None,
    topic: Topic | None = None,
    publicity: str = Publicity.PUBLIC,
    host: User | None = None,
) -> Consultation:
    """A consultation in preparation, with its own copy of the stages. Raises NotYours."""
    if not blueprint.is_valid_on(localdate(at)):
        raise RuleViolation(_("This form is not in force today. Choose another."), code="ended")
    made = Consultation(
        blueprint=blueprint,
        title=title.strip(),
        text=text.strip(),
        body=body,
        town=town,
        community=community,
        topic=topic,
        publicity=publicity,
        host=host or by,
        made_at=at,
    )
    _demand_host(made, by, at=at)
    made.number = next_number(CONSULTATION, at=at)
    made.save(force_insert=True)
    for stage in blueprint.stages.order_by("order"):
        _copy(stage, made)
    record(made, "draft", by=by, at=at, blueprint=blueprint.code)
    return made


def _demand_host(made: Consultation, by: User, *, at: datetime.datetime) -> None:
    """Who drafts holds the post of a host where the matter lies; to be named host is not enough."""
    nobody = Consultation(town_id=made.town_id, community_id=made.community_id)
    if not MOVES["edit"].is_for(actors_of(by, nobody, at=at)):
        raise NotYours(_("Only a consultation host of this place prepares one."))


def _copy(stage: BlueprintStage, made: Consultation) -> Stage:
    values = {name: getattr(stage, name) for name in OF_STAGE}
    own = Stage.objects.create(consultation=made, **values)
    _copy_parts(stage, own)
    return own


def _copy_parts(source: BlueprintStage | Stage, own: Stage) -> None:
    """Rules and publications of `source` for the new stage `own`."""
    rules: Any = source.rules.all()
    required: Any = source.publications if isinstance(source, BlueprintStage) else source.required
    StageRule.objects.bulk_create(
        StageRule(stage=own, **{name: getattr(rule, name) for name in OF_RULE}) for rule in rules
    )
    StagePublication.objects.bulk_create(
        StagePublication(stage=own, **{name: getattr(row, name) for name in OF_REQUIRED})
        for row in required.all()
    )


def begin(
    consultation: Consultation, name: str, *, by: User, at: datetime.datetime
) -> Consultation:
    """The consultation again, under its lock, if `by` may make the move."""
    locked = lock(consultation)
    row = MOVES[name]
    if not row.starts_from(locked.state):
        state = State(locked.state).label
        raise WrongState(_("The consultation has moved on: it is “%(state)s”.") % {"state": state})
    if not row.is_for(actors_of(by, locked, at=at)):
        raise NotYours(_("This step belongs to somebody else."))
    return locked


@transaction.atomic
def start(consultation: Consultation, *, by: User, at: datetime.datetime) -> Consultation:
    """Begin the first stage: from now on everybody sees it."""
    locked = begin(consultation, "start", by=by, at=at)
    whole = locked.blueprint.whole_days
    locked.state, locked.started_at = State.RUNNING, at
    locked.due_at = days_after(at, whole, "natural_day") if whole else None
    _open(_next_of(locked), locked, at=at)
    locked.save(update_fields=["state", "started_at", "due_at", "stage"])
    record(locked, "start", by=by, at=at)
    return locked


@transaction.atomic
def advance(consultation: Consultation, *, by: User, at: datetime.datetime) -> Consultation:
    """Leave the open stage for the next; after the last the consultation is done.

    Raises NotYet with everything that is still to do, WrongState, NotYours.
    """
    locked = begin(consultation, "advance", by=by, at=at)
    if consultation.stage_id != locked.stage_id:
        raise WrongState(_("The consultation has moved on. Load the page again."))
    left = locked.stage
    if left is None:  # the CHECK keeps a running consultation in a stage
        raise WrongState(_("The consultation has moved on. Load the page again."))
    refusals = gates.refusals(left, at=at)
    if refusals:
        raise NotYet(refusals)
    left.state, left.done_at = StageState.DONE, at
    left.save(update_fields=["state", "done_at"])
    upcoming = _next_of(locked)
    if upcoming is None:
        return _finish(locked, left, by=by, at=at)
    _open(upcoming, locked, at=at)
    locked.save(update_fields=["stage"])
    record(locked, "advance", by=by, at=at, left=left.key, opened=upcoming.key)
    return locked


def _finish(locked: Consultation, left: Stage, *, by: User, at: datetime.datetime) -> Consultation:
    locked.state, locked.stage, locked.ended_at = State.DONE, None, at
    locked.save(update_fields=["state", "stage", "ended_at"])
    record(locked, "finish", by=by, at=at, left=left.key)
    return locked


def _next_of(consultation: Consultation) -> Stage | None:
    return consultation.stages.standing().filter(state=StageState.WAITING).first()


def _open(stage: Stage | None, consultation: Consultation, *, at: datetime.datetime) -> None:
    if stage is None:
        raise RuleViolation(_("This form has no stages. Choose another."), code="no_stages")
    stage.state, stage.opened_at = StageState.OPEN, at
    stage.due_at = days_after(at, stage.due_days, "natural_day") if stage.due_days else None
    stage.save(update_fields=["state", "opened_at", "due_at"])
    for row in stage.required.exclude(due_days=None):
        row.due_at = days_after(at, row.due_days or 0, row.due_unit)
        row.save(update_fields=["due_at"])
    consultation.stage = stage
