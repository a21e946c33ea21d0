"""Where a consultation stands, for people who have never seen one: before, during, after."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import Consultation, Session, Stage, StagePublication, Vote
from consultation.services.gates import window_closes
from consultation.services.opinions import stage_open
from consultation.workflow import DECIDED, Phase, StageState, State
from lib.tones import DONE, ENDED, OVERDUE, WAITING, WORK, Tone

WORDS = {
    Phase.BEFORE: (_("Before"), _("What it is about is published, so that everybody can prepare.")),
    Phase.DURING: (_("During"), _("People say what they think, meet and decide.")),
    Phase.AFTER: (_("After"), _("The result is published, carried out and rated.")),
}


@dataclass(slots=True)
class Station:
    """One of three: its stages in order, and whether it is over, now or to come."""

    key: str
    label: Any
    about: Any
    stages: list[Stage] = field(default_factory=list)
    tone: Tone = WAITING
    says: Any = ""
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that anybody can do now: `words` on the button, `until` when it ends."""

    icon: str
    words: Any
    url: str
    until: datetime.datetime | None


def deeds(consultation: Consultation, *, at: datetime.datetime) -> list[Deed]:
    """Vote, speak, object: what is open now. In at most three queries."""
    found = [
        Deed("checkbox", _("Cast my vote"), _to("ballot", vote.pk), vote.closes_at)
        for vote in Vote.objects.public().filter(consultation=consultation).open_at(at)
    ]
    if stage := stage_open(consultation):
        url = _to("opinion_new", consultation.number)
        found.append(Deed("message-plus", _("Say what you think"), url, stage.due_at))
    closes = window_closes(consultation.stage) if consultation.stage else None
    if closes is not None and at < closes:
        url = _to("object", consultation.number)
        found.append(Deed("hand-stop", _("Object to the result"), url, closes))
    return found


def lateness(consultation: Consultation, *, at: datetime.datetime) -> list[str]:
    """What has run out and is still missing, a sentence each."""
    if consultation.state != State.RUNNING:
        return []
    found = [*_late_steps(consultation, at), *_late_papers(consultation, at)]
    return list(dict.fromkeys(found))


def _late_steps(consultation: Consultation, at: datetime.datetime) -> Iterator[str]:
    stage, due_at = consultation.stage, consultation.due_at
    if due_at is not None and due_at < at and not (stage and stage.kind in DECIDED):
        yield _("It should have been decided by %(day)s.") % {"day": _day(due_at)}
    if stage is not None and stage.due_at is not None and stage.is_late(at):
        facts = {"stage": stage, "day": _day(stage.due_at)}
        yield _("“%(stage)s” should have ended by %(day)s.") % facts


def _late_papers(consultation: Consultation, at: datetime.datetime) -> Iterator[str]:
    rows = StagePublication.objects.missed(at=at).filter(stage__consultation=consultation)
    for row in rows.order_by("due_at", "pk"):
        facts = {"kind": row.get_kind_display(), "day": _day(row.due_at)}
        yield _("“%(kind)s” should have been published by %(day)s.") % facts


def _day(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def next_session(consultation: Consultation, *, at: datetime.datetime) -> Session | None:
    """The meeting that comes next, or is being held."""
    return consultation.sessions.coming(at=at).order_by("starts_at").first()


def _to(name: str, key: Any) -> str:
    return reverse(f"consultation:{name}", args=[key])


def stations(consultation: Consultation, *, at: datetime.datetime) -> list[Station]:
    """The three stations with their tone: done, now, late, to come."""
    found = {phase: Station(phase, *WORDS[phase]) for phase in Phase}
    for stage in consultation.stages.standing():
        found[Phase(stage.phase)].stages.append(stage)
    for station in found.values():
        _judge(station, consultation, at)
    return list(found.values())


def _judge(station: Station, consultation: Consultation, at: datetime.datetime) -> None:
    states = {stage.state for stage in station.stages}
    late = any(stage.state == StageState.OPEN and stage.is_late(at) for stage in station.stages)
    if not states:
        station.tone, station.says = ENDED, _("not needed in this form")
    elif states == {StageState.DONE}:
        station.tone, station.says = DONE, pgettext_lazy("a station", "done")
    elif StageState.OPEN in states:
        station.is_now = True
        station.tone, station.says = (OVERDUE, _("now, and late")) if late else (WORK, _("now"))
    elif consultation.state == State.STOPPED:
        station.tone, station.says = ENDED, _("stopped")
    elif StageState.DONE in states:
        station.is_now, station.tone, station.says = True, WORK, _("now")
    else:
        station.tone, station.says = WAITING, _("to come")
