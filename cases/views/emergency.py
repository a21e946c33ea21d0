"""Whom to call: told while somebody writes, and after a report that was stopped for danger."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.alarms import alarm_for, alarm_in
from cases.forms.intake import LOGGERS
from cases.models import Case
from organizations.http import role_required


@require_POST
@role_required(*LOGGERS)
def danger(request: HttpRequest) -> HttpResponse:
    found = alarm_in(request.POST.get("text", ""), on=timezone.localdate())
    return render(request, "cases/_danger.html", {"danger": found})


def panel(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """On the page of a case: who reads it may be the one who has to call."""
    found = alarm_for(case)
    return {"danger": found} if found else None
