"""Whom to call where words mean danger: the numbers, those that fit first."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.models import Case
from cases.workflow import EMERGENCY
from routing.danger import Danger, Watchwords
from routing.models import DangerWord

MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Alarm:
    """The four numbers with their names; those that fit what was written stand first."""

    calls: list[tuple[str, Any, bool]]
    is_certain: bool


def alarm_of(danger: Danger | None, *, is_certain: bool = False) -> Alarm | None:
    if danger is None and not is_certain:
        return None
    wanted = danger.numbers if danger else ()
    others = [number for number in DangerWord.Number.values if number not in wanted]
    labels = dict(DangerWord.Number.choices)
    calls = [(number, labels[number], number in wanted) for number in (*wanted, *others)]
    return Alarm(calls, is_certain or bool(danger and danger.is_certain))


def alarm_in(text: str, *, on: datetime.date) -> Alarm | None:
    """For what is being written."""
    words = Watchwords(on=on)
    return alarm_of(words.look(text[:MOST_CHARACTERS]))


def alarm_for(case: Case) -> Alarm | None:
    """For a case that lies with the duty officer as an emergency."""
    if case.refusal != EMERGENCY:
        return None
    words = Watchwords(on=timezone.localdate(case.created_at))
    return alarm_of(words.look(f"{case.title}\n{case.text}"), is_certain=True)
