"""The reporter's details: masked, and shown in full to those who need them, on the record."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases import services
from cases.views.detail import find
from cases.views.shown import whole
from lib.errors import NotYours
from organizations.http import signed_in


@require_POST
@login_required
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    case = find(request, number)
    try:
        reporter = services.reveal_reporter(case, by=signed_in(request), at=timezone.now())
    except NotYours as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    shown = {"case": case, "reporter": whole(reporter)}
    return render(request, "cases/_reporter.html", shown)
