"""What a community's public board shows: papers, what is under way, what is late."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from consultation.models import (
    Commitment,
    Consultation,
    MissedLimit,
    Publication,
    StagePublication,
)
from consultation.services.gates import window_closes
from consultation.workflow import StageState, State
from grids.models import Territory


@dataclass(frozen=True, slots=True)
class Date:
    """A moment of a consultation that people wait for."""

    consultation: Consultation
    kind: str
    at: datetime.datetime


def papers_of(community: Territory | None) -> QuerySet[Publication]:
    """Published papers, of a community (with those of its town and the city) or of all."""
    rows = Publication.objects.published().with_names()
    return rows if community is None else rows.filter(consultation__in=_of(community).values("pk"))


def _of(community: Territory) -> QuerySet[Consultation]:
    own = Consultation.objects.published()
    of_town = own.filter(community=None, town=community.parent_id)
    return own.filter(community=community) | of_town


def under_way(community: Territory) -> QuerySet[Consultation]:
    return _of(community).filter(state=State.RUNNING).with_names().order_by("-pk")


def late_in(community: Territory) -> QuerySet[MissedLimit]:
    """Limits that were missed in consultations still under way, the newest first."""
    rows = MissedLimit.objects.first_step().filter(
        consultation__in=_of(community).filter(state=State.RUNNING).values("pk")
    )
    return rows.select_related("consultation", "stage").order_by("-due_at")


def promised_in(community: Territory) -> QuerySet[Commitment]:
    """What was promised here and is not done yet, the most pressing first; then what was done."""
    rows = Commitment.objects.filter(
        Q(consultation__in=_of(community).values("pk"))
        | Q(idea__isnull=False, community=community)
        | Q(idea__isnull=False, community=None, town=community.parent_id)
    )
    return rows.with_names().order_by(F("ended_at").desc(nulls_first=True), "due_on", "pk")


def dates_of(community: Territory) -> list[Date]:
    """What the calendar of the board holds: ends of standing times, objections, stages."""
    found: list[Date] = []
    rows: Any = under_way(community).prefetch_related("stage__required__publication")
    for row in rows:
        found += _dates(row)
    return sorted(found, key=lambda date: (date.at, date.consultation.pk))


def _dates(row: Consultation) -> list[Date]:
    stage = row.stage
    if stage is None or stage.state != StageState.OPEN:
        return []
    found = []
    if stage.due_at:
        found.append(Date(row, "stage", stage.due_at))
    if closes := window_closes(stage):
        found.append(Date(row, "objections", closes))
    required: list[StagePublication] = list(stage.required.all())
    for paper in required:
        if paper.stood_at and paper.stands:
            found.append(Date(row, "stands", paper.stood_at))
        elif paper.due_at and paper.published_at is None:
            found.append(Date(row, "publish", paper.due_at))
    return found
