"""The workbench's home: what waits for me."""

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case
from lib import registry
from organizations.http import signed_in

PAGE = "portal:workbench"
NEXT = 8


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """The next things to do by time left, counts by queue, and the panels that apps put here."""
    at = timezone.now()
    mine = Case.objects.on_desk(signed_in(request), on=timezone.localdate(at)).for_list()
    context = {
        "at": at,
        "next_cases": mine.order_by(F("handle_due_at").asc(nulls_last=True), "id")[:NEXT],
        "panels": registry.panels.drawn(PAGE, request, request.user),
    }
    return render(request, "portal/workbench.html", context)
