"""What waits at the desk of sessions and votes: sessions to hold, minutes, papers, results."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultation.models import Session, Vote
from consultation.session_workflow import SessionState, VoteState
from organizations.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work; `rows` answers sessions or votes (`of`) in reach of a person."""

    label: Any
    of: str
    rows: Callable[[User, datetime.datetime], Any]


def _sessions(user: User, at: datetime.datetime) -> Any:
    return Session.objects.visible_to(user, on=at.date())


def _votes(user: User, at: datetime.datetime) -> Any:
    return Vote.objects.visible_to(user, on=at.date())


def _today(user: User, at: datetime.datetime) -> Any:
    """Under way, or to begin within a day."""
    rows = _sessions(user, at)
    near = rows.filter(state=SessionState.PLANNED, starts_at__lte=at + datetime.timedelta(days=1))
    return (rows.filter(state=SessionState.OPEN) | near).order_by("starts_at", "pk")


def _minutes(user: User, at: datetime.datetime) -> Any:
    return _sessions(user, at).without_final_minutes(at=at).order_by("starts_at", "pk")


def _amendments(user: User, at: datetime.datetime) -> Any:
    return _sessions(user, at).with_open_amendments().order_by("starts_at", "pk")


def _papers(user: User, at: datetime.datetime) -> Any:
    return _votes(user, at).with_papers_for(user).order_by("closes_at", "pk")


def _results(user: User, at: datetime.datetime) -> Any:
    return _votes(user, at).filter(state=VoteState.CLOSED).order_by("closes_at", "pk")


WAITING = {
    "today": Waiting(_("Sessions today and tomorrow"), "sessions", _today),
    "minutes": Waiting(_("Minutes to write or finish"), "sessions", _minutes),
    "amendments": Waiting(_("Amendments to answer"), "sessions", _amendments),
    "papers": Waiting(_("Paper ballots to count"), "votes", _papers),
    "results": Waiting(_("Votes to count and establish"), "votes", _results),
}
# Only the host goes on with these.
HOSTED = frozenset({"amendments", "results"})


def coming(user: User, at: datetime.datetime) -> Any:
    return _sessions(user, at).coming(at=at)


def running(user: User, at: datetime.datetime) -> Any:
    return _votes(user, at).open_at(at).order_by("closes_at", "pk")
