"""Whom to call: told while somebody writes, and after a report that was stopped for danger."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.forms.intake import LOGGERS
from cases.models import Case
from cases.workflow import EMERGENCY
from organizations.http import role_required
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


def alarm_in(text: str) -> Alarm | None:
    """For what is being written."""
    words = Watchwords(on=timezone.localdate())
    return alarm_of(words.look(text[:MOST_CHARACTERS]))


def alarm_for(case: Case) -> Alarm | None:
    """For a case that lies with the duty officer as an emergency."""
    if case.refusal != EMERGENCY:
        return None
    words = Watchwords(on=timezone.localdate(case.created_at))
    return alarm_of(words.look(f"{case.title}\n{case.text}"), is_certain=True)


@require_POST
@role_required(*LOGGERS)
def danger(request: HttpRequest) -> HttpResponse:
    found = alarm_in(request.POST.get("text", ""))
    return render(request, "cases/_danger.html", {"danger": found})


def panel(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """On the page of a case: who reads it may be the one who has to call."""
    found = alarm_for(case)
    return {"danger": found} if found else None
