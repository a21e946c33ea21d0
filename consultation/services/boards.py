"""What a community's public board shows: papers, what is under way, what is late."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consultation.models import (
    Commitment,
    Consultation,
    MissedLimit,
    Publication,
    Session,
    StagePublication,
    Vote,
)
from consultation.models.matters import ConsultationQuerySet
from consultation.services.gates import window_closes
from consultation.workflow import StageState, State
from grids.models import Territory

# What happens then, in the words of the calendar.
WORDS = {
    "session": _("Session"),
    "vote": _("Voting ends"),
    "stage": _("To be done by"),
    "objections": _("Objections end"),
    "stands": _("Published until"),
    "publish": _("To be published by"),
}


@dataclass(frozen=True, slots=True)
class Date:
    """A moment of a consultation that people wait for. `key` names it within the consultation;
    `until` and `where`: of a session."""

    consultation: Consultation
    kind: str
    at: datetime.datetime
    title: str
    key: str
    until: datetime.datetime | None = None
    where: str = ""

    @property
    def word(self) -> Any:
        return WORDS[self.kind]


def papers_of(community: Territory | None) -> QuerySet[Publication]:
    """Published papers, of a community (with those of its town and the city) or of all."""
    rows = Publication.objects.published().with_names()
    return rows if community is None else rows.filter(consultation__in=_of(community).values("pk"))


def _of(community: Territory) -> ConsultationQuerySet:
    own: ConsultationQuerySet = Consultation.objects.published()
    of_town = own.filter(community=None, town=community.parent_id)
    return own.filter(community=community) | of_town


def under_way(community: Territory) -> QuerySet[Consultation]:
    return _of(community).running().with_names().order_by("-pk")


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


def dates_of(community: Territory, *, at: datetime.datetime) -> list[Date]:
    """What the calendar of the board holds: sessions, votes, standing times, objections, limits."""
    found: list[Date] = []
    rows: Any = under_way(community).prefetch_related("stage__required__publication")
    for row in rows:
        found += _dates(row)
    keys = [row.pk for row in rows]
    sessions = Session.objects.public().coming(at=at).filter(consultation__in=keys)
    found += [
        Date(one.consultation, "session", one.starts_at, one.title, f"session-{one.pk}",
             one.ends_at, one.room or one.online_url)
        for one in sessions.select_related("consultation")
    ]  # fmt: skip
    votes = Vote.objects.public().open_at(at).filter(consultation__in=keys)
    found += [
        Date(one.consultation, "vote", one.closes_at, one.question, f"vote-{one.pk}")
        for one in votes.select_related("consultation")
    ]
    return sorted(found, key=lambda date: (date.at, date.consultation.pk))


def _dates(row: Consultation) -> list[Date]:
    stage = row.stage
    if stage is None or stage.state != StageState.OPEN:
        return []
    found = []
    if stage.due_at:
        found.append(Date(row, "stage", stage.due_at, str(stage), f"{stage.key}-{stage.round}"))
    if closes := window_closes(stage):
        found.append(Date(row, "objections", closes, row.title, f"objections-{stage.round}"))
    required: list[StagePublication] = list(stage.required.all())
    for paper in required:
        kind, key = str(paper.get_kind_display()), f"{stage.key}-{stage.round}-{paper.kind}"
        if paper.stood_at and paper.stands:
            found.append(Date(row, "stands", paper.stood_at, kind, key))
        elif paper.due_at and paper.published_at is None:
            found.append(Date(row, "publish", paper.due_at, kind, key))
    return found
