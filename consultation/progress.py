"""The way of a commitment, a call and an idea in everyday words, for timelines."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consultation.models import Commitment, CommitmentEvent, Idea, IdeaScreening, ProjectCall
from lib.fen import yuan
from lib.tones import ASKED, CHECKING, DONE, ENDED, OVERDUE, WAITING, WORK, Tone

COMMITMENT: Mapping[str, tuple[Any, Tone]] = {
    "promise": (gettext_lazy("Promised"), WAITING),
    "begin": (gettext_lazy("Work has begun"), WORK),
    "progress": (gettext_lazy("A step further"), WORK),
    "photo": (gettext_lazy("A photo was added"), WORK),
    "reserve": (gettext_lazy("Money was kept"), WORK),
    "top_up": (gettext_lazy("Money was added"), WORK),
    "open_case": (gettext_lazy("A case was opened"), WORK),
    "apply": (gettext_lazy("A payment was applied for"), WORK),
    "put_off": (gettext_lazy("The deadline was put off"), ASKED),
    "supervise": (gettext_lazy("The body was asked to act"), OVERDUE),
    "report": (gettext_lazy("Said to be done"), CHECKING),
    "confirm": (gettext_lazy("Done, and confirmed by somebody else"), DONE),
    "send_back": (gettext_lazy("Not accepted as done"), ASKED),
    "drop": (gettext_lazy("Given up"), ENDED),
}
IDEA: Mapping[str, tuple[Any, Tone]] = {
    "bring": (gettext_lazy("The idea came in"), WAITING),
    "admit": (pgettext_lazy("an idea", "Taken up"), WORK),
    "refuse": (gettext_lazy("Not taken up"), ENDED),
    "merge": (gettext_lazy("Joined with another idea"), ENDED),
    "ask": (gettext_lazy("A department works it out"), WORK),
    "ask_again": (gettext_lazy("A department works it out again"), WORK),
    "estimate": (gettext_lazy("It can be done"), CHECKING),
    "rule_out": (gettext_lazy("It cannot be done"), ENDED),
    "choose": (gettext_lazy("Chosen"), DONE),
    "pass_over": (gettext_lazy("Not chosen"), ENDED),
    "withdraw": (gettext_lazy("Taken back"), ENDED),
}


def steps_of(commitment: Commitment) -> list[dict[str, Any]]:
    """The newest first, without names: bodies answer, not clerks."""
    return [_step(event) for event in commitment.events.order_by("-number")]


def _step(event: CommitmentEvent) -> dict[str, Any]:
    title, tone = COMMITMENT[event.move]
    words = [_told(event), event.note]
    return {
        "title": title, "tone": tone.name, "icon": tone.icon, "at": event.at,
        "text": "\n".join(word for word in words if word),
    }  # fmt: skip


def _told(event: CommitmentEvent) -> str:
    facts = event.facts
    if event.move == "progress":
        share = _("%(share)s %% done") % {"share": facts["to"]}
        follows = facts.get("follows")
        return f"{share} · {follows}" if follows else share
    if event.move in {"reserve", "top_up", "apply"}:
        return _("%(amount)s yuan") % {"amount": yuan(facts["amount"])}
    if event.move == "open_case":
        return str(facts["case"])
    if event.move == "put_off":
        return _("from %(before)s to %(after)s") % {
            "before": _day(facts["from"]), "after": _day(facts["to"]),
        }  # fmt: skip
    return ""


def _day(text: str) -> str:
    day = parse_date(text)
    return date_format(day) if day else text


def steps_of_idea(idea: Idea) -> list[dict[str, Any]]:
    return [_idea_step(row) for row in idea.screenings.order_by("-number")]


def _idea_step(row: IdeaScreening) -> dict[str, Any]:
    title, tone = IDEA[row.move]
    return {
        "title": title, "tone": tone.name, "icon": tone.icon, "at": row.at, "text": row.reason,
    }  # fmt: skip


def why(idea: Idea, call: ProjectCall) -> str:
    """Why a decided idea was chosen or not, with the figures that anybody can check."""
    if idea.rank is None or idea.estimate is None or idea.left is None:
        return ""
    facts = {"cost": yuan(idea.estimate), "left": yuan(idea.left), "votes": idea.votes}
    if idea.fits:
        return _("Costs %(cost)s yuan; %(left)s yuan were left: it fits.") % facts
    if not idea.votes:
        if call.way == ProjectCall.Way.DELIBERATION:
            return _("The meeting did not put it on its list.")
        return _("Nobody voted for it.")
    return _("Costs %(cost)s yuan; only %(left)s yuan were left.") % facts
