"""The first page of residents: what can I do here, what was done."""

import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.workflow import OPEN, State
from lib import registry
from portal import publication

DAYS = 30
LATEST = 5
FRESH_SECONDS = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    recent = Case.objects.published().filter(created_at__gte=publication.since(at, DAYS))
    closed = Case.objects.published().filter(state=State.CLOSED)
    latest = publication.listed(closed).order_by("-id")[:LATEST]
    context = {
        "at": at,
        "days": DAYS,
        "figures": _figures(at),
        "points": publication.points(recent),
        "latest": [publication.shown(case) for case in latest],
        "urgent": registry.panels.drawn("portal:urgent", request, None),
        "notices": registry.panels.drawn("portal:home", request, None),
    }
    return render(request, "portal/home.html", context)


def _figures(at: datetime.datetime) -> dict[str, Any]:
    """Counts of the last 30 days, counted again every half minute; `at` says when."""
    known = cache.get("portal:figures")
    if known is not None:
        return dict(known)
    figures = (
        Case.objects.published()
        .filter(created_at__gte=publication.since(at, DAYS))
        .aggregate(
            all=Count("id"),
            open=Count("id", filter=Q(state__in=OPEN)),
            done=Count("id", filter=Q(state=State.CLOSED)),
        )
    )
    figures["at"] = at
    cache.set("portal:figures", figures, timeout=FRESH_SECONDS)
    return figures
