"""Assistance asked of me and of the departments that I head."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.models import Task
from cases.models.tasks import TaskQuerySet
from grids.scopes import scopes_of
from lib.roles import Role
from organizations.acting import page_of
from organizations.http import signed_in
from organizations.models import User


@require_GET
@login_required
def assists(request: HttpRequest) -> HttpResponse:
    """Open assistance by time left."""
    rows = of_user(signed_in(request)).select_related(
        "case__category", "case__lead_body", "body", "post__person"
    )
    page = page_of(request, rows, order=("handle_due_at", "id"))
    return render(request, "cases/assists.html", {"page": page, "at": timezone.now()})


def of_user(user: User) -> TaskQuerySet:
    """On a post of this person, or in a body they head."""
    scopes = scopes_of(user, on=timezone.localdate())
    headed = {key for s in scopes if s.role == Role.DEPARTMENT_HEAD for key in s.body_ids}
    mine = Q(post__in=[scope.post_id for scope in scopes]) | Q(body__in=headed)
    return Task.objects.unsettled().filter(mine, kind=Task.Kind.ASSIST, ended_at=None)


def count(user: User) -> int:
    return of_user(user).count()
