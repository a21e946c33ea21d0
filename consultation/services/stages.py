"""The way of a consultation: prepared, started, from stage to stage, ended.

Each step locks the consultation, asks the table of moves and the gates of the open stage, and is
appended to the chain. Eight people who press the button at once make one step.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation import notifications
from consultation.models import (
    Blueprint,
    BlueprintStage,
    Consultation,
    PartyReview,
    PublicationKind,
    Publicity,
    Stage,
    StageComposition,
    StagePublication,
    StageRule,
    Topic,
)
from consultation.services import gates
from consultation.services.actors import actors_of
from consultation.services.history import lock, record
from consultation.services.limits import days_after
from consultation.services.listing import put_back, take_up
from consultation.services.numbering import CONSULTATION, next_number
from consultation.services.redaction import masked
from consultation.services.refusing import Refusal
from consultation.services.session_gates import no_session_is_open, no_vote_is_open
from consultation.workflow import MEETS, MOVES, StageState, State
from grids.models import Territory
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.workflow import demand
from organizations.models import Body, User

OF_STAGE = (
    *("order", "key", "kind", "name", "name_en", "must_take_part", "notice_days", "notice_unit"),
    *("due_days", "objection_days", "answer_days", "needs_party"),
)
OF_RULE = ("purpose", "measure", "base", "numerator", "denominator", "is_strict", "alternative")
OF_COMPOSITION = ("of", "women", "numerator", "denominator", "least", "is_binding")
OF_REQUIRED = ("kind", "stands", "unit", "due_days", "due_unit")


class NotYet(RuleViolation):
    """The open stage may not be left: `refusals` say what is still to do."""

    def __init__(self, refusals: list[Refusal]) -> None:
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
        body=body,
        town=town,
        community=community,
        topic=topic,
        publicity=publicity,
        host=host or by,
        made_at=at,
    )
    _demand_host(made, by, at=at)
    if topic is not None:
        take_up(topic, by=by, at=at)
    # Read by everybody once it starts: masked like every published text.
    made.title, made.text = mask_text(title.strip()), mask_text(text.strip())
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
    """Rules, composition and publications of `source` for the new stage `own`."""
    rules: Any = source.rules.all()
    required: Any = source.publications if isinstance(source, BlueprintStage) else source.required
    StageRule.objects.bulk_create(
        StageRule(stage=own, **{name: getattr(rule, name) for name in OF_RULE}) for rule in rules
    )
    StageComposition.objects.bulk_create(
        StageComposition(stage=own, **{name: getattr(row, name) for name in OF_COMPOSITION})
        for row in source.compositions.all()
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
    demand(
        MOVES, name, state=locked.state, label=lambda state: State(state).label,
        actors=lambda: actors_of(by, locked, at=at),
    )  # fmt: skip
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


@transaction.atomic
def review(
    consultation: Consultation, *, passed: bool, reason: str, by: User, at: datetime.datetime
) -> PartyReview:
    """The party organisation passes the open stage, or not, and says why; both stay readable."""
    locked = begin(consultation, "review", by=by, at=at)
    stage = locked.stage
    if stage is None or not stage.needs_party:
        raise RuleViolation(
            _("This stage does not go through the party organisation."), code="not_needed"
        )
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    words = masked(locked, reason)
    made = PartyReview.objects.create(stage=stage, passed=passed, reason=words, by=by, at=at)
    record(locked, "pass" if passed else "refuse", by=by, at=at, note=words)
    notifications.tell_reviewed(locked, made, at=at)
    return made


@transaction.atomic
def reopen(
    consultation: Consultation, *, key: str, reason: str, by: User, at: datetime.datetime
) -> Consultation:
    """Begin again with the stage `key`: it and those after it are replaced by fresh copies.

    What was done the first time stays readable, and so does what was published. Raises NotYet
    while people meet or vote.
    """
    locked = begin(consultation, "reopen", by=by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    if locked.stage is not None:
        _demand_nothing_under_way(locked.stage, at=at)
    standing = list(locked.stages.standing())
    first = next((stage for stage in standing if stage.key == key), None)
    if first is None or first.state == StageState.WAITING:
        raise RuleViolation(_("Choose a stage that has been reached already."), code="not_reached")
    locked.round += 1
    again = [_again(stage, locked) for stage in standing if stage.order >= first.order]
    _open(again[0], locked, at=at)
    locked.state, locked.ended_at = State.RUNNING, None
    locked.save(update_fields=["state", "ended_at", "round", "stage"])
    record(locked, "reopen", by=by, at=at, note=masked(locked, reason), opened=key)
    notifications.tell_reopened(locked, by=by, at=at)
    return locked


def _demand_nothing_under_way(stage: Stage, *, at: datetime.datetime) -> None:
    """People do not vote, nor meet, in a stage that is already replaced by another."""
    found = [gate(stage, at) for gate in (no_session_is_open, no_vote_is_open)]
    if refusals := [refusal for refusal in found if refusal is not None]:
        raise NotYet(refusals)


def _again(stage: Stage, consultation: Consultation) -> Stage:
    """A fresh copy of a stage in the place of the old one."""
    stage.state = StageState.REPLACED
    stage.save(update_fields=["state"])
    values = {name: getattr(stage, name) for name in OF_STAGE}
    fresh = Stage.objects.create(consultation=consultation, round=consultation.round, **values)
    _copy_parts(stage, fresh)
    return fresh


@transaction.atomic
def stop(
    consultation: Consultation, *, reason: str, by: User, at: datetime.datetime
) -> Consultation:
    """End it before its end, with the reason that everybody reads; its topic is free again."""
    locked = begin(consultation, "stop", by=by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    locked.state, locked.stage, locked.ended_at = State.STOPPED, None, at
    locked.end_reason = masked(locked, reason)
    locked.save(update_fields=["state", "stage", "ended_at", "end_reason"])
    record(locked, "stop", by=by, at=at, note=locked.end_reason)
    if locked.topic is not None:
        put_back(locked.topic, by=by, at=at)
    return locked


@transaction.atomic
def edit(
    consultation: Consultation, *, title: str, text: str, by: User, at: datetime.datetime
) -> Consultation:
    """Change the words of a draft."""
    locked = begin(consultation, "edit", by=by, at=at)
    locked.title, locked.text = masked(locked, title), masked(locked, text)
    locked.save(update_fields=["title", "text"])
    record(locked, "edit", by=by, at=at)
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
        if row.kind == PublicationKind.MINUTES and stage.kind in MEETS:
            continue  # falls due when the session or vote is over
        row.due_at = days_after(at, row.due_days or 0, row.due_unit)
        row.save(update_fields=["due_at"])
    consultation.stage = stage
