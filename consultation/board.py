"""The host's board: what is due next, the late first, whatever it is about."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.models import (
    Commitment,
    Consultation,
    Objection,
    ProjectCall,
    Session,
    Topic,
    Vote,
)
from consultation.models.matters import StagePublication
from consultation.project_workflow import CallState
from consultation.workflow import DECIDED, TopicState
from lib.moments import midnight
from organizations.models import User

SOON = datetime.timedelta(days=3)
MOST = 60


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: `tone` overdue (past), asked (within three days), else waiting."""

    title: str
    what: str
    due_at: datetime.datetime | None
    url: str
    tone: str


def board_of(user: User, *, at: datetime.datetime) -> list[Due]:
    """In the order of their deadlines; what has none comes last."""
    on = timezone.localdate(at)
    found = [
        *_stages(user, on, at),
        *_publications(user, on, at),
        *_objections(user, on, at),
        *_sessions(user, on, at),
        *_votes(user, on, at),
        *_topics(user, on, at),
        *_commitments(user, on, at),
        *_calls(user, on, at),
    ]
    far = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(found, key=lambda due: due.due_at or far)[:MOST]


def _tone(due_at: datetime.datetime | None, at: datetime.datetime) -> str:
    if due_at is None:
        return "waiting"
    if due_at < at:
        return "overdue"
    return "asked" if due_at < at + SOON else "waiting"


def _due(title: Any, what: Any, due_at: datetime.datetime | None, url: str,
         at: datetime.datetime) -> Due:  # fmt: skip
    return Due(str(title), str(what), due_at, url, _tone(due_at, at))


def _stages(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    rows = Consultation.objects.visible_to(user, on=on).running().with_names()
    return [
        _due(row.title, str(row.stage), _limit_of(row),
             reverse("consultation:consultation", args=[row.number]), at)
        for row in rows.order_by("stage__due_at", "pk")[:MOST]
    ]  # fmt: skip


def _limit_of(row: Consultation) -> datetime.datetime | None:
    """Of the open stage, or of the whole way as long as nothing is decided."""
    if row.stage is None or row.stage.kind in DECIDED:
        return row.stage.due_at if row.stage else None
    return _first(row.stage.due_at, row.due_at)


def _first(*moments: datetime.datetime | None) -> datetime.datetime | None:
    known = [moment for moment in moments if moment is not None]
    return min(known) if known else None


def _publications(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    mine = Consultation.objects.visible_to(user, on=on).running()
    rows = StagePublication.objects.filter(
        stage__consultation__in=mine, published_at=None, due_at__isnull=False
    ).exclude(stage__state="replaced")
    return [
        _due(row.stage.consultation.title,
             _("To publish: %(kind)s") % {"kind": row.get_kind_display()}, row.due_at,
             reverse("consultation:consultation", args=[row.stage.consultation.number]), at)
        for row in rows.select_related("stage__consultation").order_by("due_at")[:MOST]
    ]  # fmt: skip


def _objections(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    rows = Objection.objects.visible_to(user, on=on).waiting().select_related("consultation")
    return [
        _due(row.consultation.title, _("Answer objection %(number)s") % {"number": row.number},
             row.due_at, reverse("consultation:objections", args=[row.consultation.number]), at)
        for row in rows.order_by("due_at", "pk")[:MOST]
    ]  # fmt: skip


_SESSION = {"planned": gettext_lazy("Session"), "open": gettext_lazy("Session under way: close it")}


def _next_of(session: Session) -> datetime.datetime:
    """Under way it is not late before its end."""
    return session.ends_at if session.state == "open" else session.starts_at


def _sessions(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    """Sessions to come, and minutes whose time for amendments is over."""
    rows = Session.objects.visible_to(user, on=on).select_related("consultation", "minutes")
    coming = rows.filter(state__in=["planned", "open"]).order_by("starts_at", "pk")
    unfinished = rows.filter(state="closed", minutes__state="draft").order_by("starts_at", "pk")
    return [
        *(
            _due(row.title, _SESSION[row.state], _next_of(row),
                 reverse("consultation:session", args=[row.pk]), at)
            for row in coming[:MOST]
        ),
        *(
            _due(row.title, _("Finish the minutes"), row.minutes.amend_until,
                 reverse("consultation:minutes", args=[row.pk]), at)
            for row in unfinished[:MOST]
        ),
    ]  # fmt: skip


def _votes(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    mine = Consultation.objects.visible_to(user, on=on).running()
    rows = Vote.objects.filter(consultation__in=mine, state__in=["open", "closed"])
    words = {"open": _("Voting ends"), "closed": _("Count and establish the result")}
    return [
        _due(row.question, words[row.state], row.closes_at,
             reverse("consultation:vote", args=[row.pk]), at)
        for row in rows.order_by("closes_at", "pk")[:MOST]
    ]  # fmt: skip


def _topics(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    """Topics have no limit: they come last."""
    rows = Topic.objects.visible_to(user, on=on).filter(state=TopicState.PROPOSED)
    return [
        _due(row.title, _("Screen a topic"), None,
             reverse("consultation:topic", args=[row.number]), at)
        for row in rows.order_by("proposed_at", "pk")[:MOST]
    ]  # fmt: skip


def _commitments(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    rows = Commitment.objects.visible_to(user, on=on).in_work().select_related("owner")
    return [
        _due(row.title, f"{row.get_state_display()} · {row.owner}", _end_of(row.due_on),
             reverse("consultation:commitment", args=[row.pk]), at)
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip


def _end_of(day: datetime.date) -> datetime.datetime:
    """A day's deadline is its end, in the city's clock."""
    return midnight(day + datetime.timedelta(days=1))


ENDS = {
    CallState.COLLECTING: "ideas_until",
    CallState.VOTING: "votes_until",
    CallState.SCREENING: None,
    CallState.DELIBERATING: None,
    CallState.DECIDED: None,
}


def _calls(user: User, on: datetime.date, at: datetime.datetime) -> list[Due]:
    rows = ProjectCall.objects.overseen_by(user, on=on).filter(state__in=ENDS)
    return [
        _due(row.title, str(row.get_state_display()),
             getattr(row, name) if (name := ENDS[CallState(row.state)]) else None,
             reverse("consultation:project_call", args=[row.pk]), at)
        for row in rows.order_by("-pk")[:MOST]
    ]  # fmt: skip
