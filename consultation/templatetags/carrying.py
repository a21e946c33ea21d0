"""What pages about results and projects draw: how far a promise is, who has how many votes."""

import datetime
from typing import Any

from django import template
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from consultation.commitment_workflow import State
from consultation.models import Commitment
from lib.tones import CHECKING, DONE, ENDED, OVERDUE, WAITING, WORK

register = template.Library()
TONES = {
    State.PROMISED: WAITING,
    State.RUNNING: WORK,
    State.REPORTED: CHECKING,
    State.DONE: DONE,
    State.DROPPED: ENDED,
}


def _day(value: datetime.date | str) -> datetime.date:
    day = parse_date(value) if isinstance(value, str) else value
    if day is None:
        raise ValueError(value)
    return day


@register.inclusion_tag("_badge.html")
def promise_state(commitment: Commitment, today: datetime.date | str) -> dict[str, Any]:
    """Its state in colour, word and icon; overdue wins."""
    tone, label = TONES[State(commitment.state)], str(commitment.get_state_display())
    if commitment.is_overdue(on=_day(today)):
        days = (_day(today) - commitment.due_on).days
        tone = OVERDUE
        label = _("Overdue by %(days)s days") % {"days": days}
    return {"label": label, "tone": tone.name, "icon": tone.icon}


@register.inclusion_tag("consultation/_share_bar.html")
def share_bar(
    share: int, due_on: datetime.date, ended_at: Any, today: datetime.date | str
) -> dict[str, Any]:
    """How much is done, as a bar and in words."""
    return {"share": share, "is_late": ended_at is None and due_on < _day(today)}


@register.inclusion_tag("consultation/_votes_bar.html")
def votes_bar(votes: int, voters: int) -> dict[str, Any]:
    """The share of the voters who chose an idea."""
    return {"share": round(100 * votes / voters) if voters else 0}
