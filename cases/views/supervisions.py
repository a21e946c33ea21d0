"""Supervised cases that wait for a written reply, the overdue ones first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.models import Supervision
from grids.scopes import scopes_of
from lib.roles import Role
from organizations.acting import page_of
from organizations.http import signed_in
from organizations.models import User

LATEST = 20


@require_GET
@login_required
def supervisions(request: HttpRequest) -> HttpResponse:
    """Open ones by the time left for the reply; below them the last replies."""
    on = timezone.localdate()
    seen = Supervision.objects.visible_to(signed_in(request), on=on).for_list()
    page = page_of(request, seen.open(), order=("reply_due_at", "id"))
    replied = seen.filter(replied_at__isnull=False).order_by("-replied_at")[:LATEST]
    context = {"page": page, "replied": replied, "at": timezone.now()}
    return render(request, "cases/supervisions.html", context)


def count(user: User) -> int:
    """Replies that this head owes."""
    scopes = scopes_of(user, on=timezone.localdate())
    headed = {key for s in scopes if s.role == Role.DEPARTMENT_HEAD for key in s.body_ids}
    return Supervision.objects.open().filter(case__lead_body__in=headed).count()
