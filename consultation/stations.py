"""Where a consultation stands, for people who have never seen one: before, during, after."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultation.models import Consultation, Stage
from consultation.workflow import Phase, StageState, State
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
        station.tone, station.says = DONE, _("done")
    elif StageState.OPEN in states:
        station.is_now = True
        station.tone, station.says = (OVERDUE, _("now, and late")) if late else (WORK, _("now"))
    elif consultation.state == State.STOPPED:
        station.tone, station.says = ENDED, _("stopped")
    elif StageState.DONE in states:
        station.is_now, station.tone, station.says = True, WORK, _("now")
    else:
        station.tone, station.says = WAITING, _("to come")
