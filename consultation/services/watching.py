"""Limits that ran out: written once each, and told upwards, as long as they are missed.

Everybody sees them: the row stays when the paper comes out later.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from consultation import notifications
from consultation.models import (
    Consultation,
    Limit,
    MissedLimit,
    Objection,
    Stage,
    StagePublication,
)
from consultation.services.limits import days_after
from consultation.workflow import ObjectionState, StageState, State

# Step → working days after the limit at which the next in the chain of command hears of it.
STEPS = {0: 0, 1: 3}


@dataclass(frozen=True, slots=True)
class Missed:
    """One limit that has run out."""

    consultation: Consultation
    what: str
    key: str
    due_at: datetime.datetime
    stage: Stage | None = None


def missed(*, at: datetime.datetime) -> Iterator[Missed]:
    """Every limit of consultations under way that has run out and is still missed."""
    for row in Consultation.objects.late_as_a_whole(at=at).order_by("pk"):
        yield Missed(row, Limit.WHOLE, f"round-{row.round}", row.due_at or at)
    stages = Stage.objects.filter(state=StageState.OPEN, due_at__lt=at)
    for stage in stages.select_related("consultation").order_by("pk"):
        yield Missed(stage.consultation, Limit.STAGE, _key(stage), stage.due_at or at, stage)
    papers = StagePublication.objects.missed(at=at).filter(stage__consultation__state=State.RUNNING)
    for paper in papers.select_related("stage__consultation").order_by("pk"):
        key = f"{_key(paper.stage)}:{paper.kind}"
        found = paper.stage.consultation
        yield Missed(found, Limit.PUBLICATION, key, paper.due_at or at, paper.stage)
    objections = Objection.objects.filter(state=ObjectionState.RAISED, due_at__lt=at)
    for objection in objections.select_related("consultation", "stage").order_by("pk"):
        yield Missed(
            objection.consultation, Limit.OBJECTION, objection.number, objection.due_at,
            objection.stage,
        )  # fmt: skip


def _key(stage: Stage) -> str:
    return f"{stage.key}:{stage.round}"


def watch_limits(*, at: datetime.datetime) -> int:
    """Write and tell what has been missed since the last look; how many messages were due."""
    return sum(_notice(row, step, at=at) for row in missed(at=at) for step in _due(row, at=at))


def _due(row: Missed, *, at: datetime.datetime) -> list[int]:
    """The steps whose moment has come and that were not taken yet."""
    taken = MissedLimit.objects.filter(
        consultation=row.consultation, what=row.what, key=row.key
    ).values_list("step", flat=True)
    known = set(taken)
    return [
        step
        for step, days in STEPS.items()
        if step not in known and days_after(row.due_at, days, "work_day") <= at
    ]


def _notice(row: Missed, step: int, *, at: datetime.datetime) -> bool:
    """Whoever comes second with the same step finds the row and tells nobody."""
    try:
        with transaction.atomic():
            made = MissedLimit.objects.create(
                consultation=row.consultation, stage=row.stage, what=row.what, key=row.key,
                step=step, due_at=row.due_at, noticed_at=at,
            )  # fmt: skip
            notifications.tell_missed(made, at=at)
    except IntegrityError:
        return False
    return True
