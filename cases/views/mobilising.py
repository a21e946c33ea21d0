"""A case that many hands would help calls for volunteers; `volunteers` answers on its own desk."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.models import SUBJECT, Case
from cases.workflow import ENDED
from grids.locate import Place
from lib.roles import COMMITTEE, Role
from organizations.http import roles_of, signed_in
from volunteers.call_pages import Caller, call_page, calls_of

CALLERS = COMMITTEE | {
    Role.HANDLER,
    Role.GRID_WORKER,
    Role.COMMUNITY_WORKER,
    Role.DEPARTMENT_HEAD,
    Role.DISPATCHER,
    Role.DUTY_OFFICER,
}


def panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Calls of the case with what became of them, and the way to a new one."""
    url = reverse("cases:call_volunteers", args=[case.number]) if _may(request, case) else ""
    return calls_of(request, SUBJECT, case.number, url=url)


def _may(request: HttpRequest, case: Case) -> bool:
    works = not CALLERS.isdisjoint(roles_of(request))
    return works and case.state not in ENDED and case.lead_body_id is not None


@login_required
@require_http_methods(["GET", "POST"])
def call_volunteers(request: HttpRequest, number: str) -> HttpResponse:
    """Say how many people are wanted for what, when and where."""
    seen = Case.objects.visible_to(signed_in(request), on=timezone.localdate())
    case = get_object_or_404(seen.select_related("lead_body"), number=number)
    if not _may(request, case) or case.lead_body is None:
        raise PermissionDenied
    caller = Caller(
        kind=SUBJECT,
        key=case.number,
        body=case.lead_body,
        place=Place(case.town_id, case.community_id, case.grid_id),
        back=reverse("cases:detail", args=[case.number]),
        address=case.address[:120],
        lon=case.lon,
        lat=case.lat,
    )
    return call_page(request, caller)
