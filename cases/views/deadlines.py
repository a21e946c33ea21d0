"""What is late and what soon will be: for me, for my body, for all that I may see."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases.models import Watch
from cases.models.clock import WatchQuerySet
from cases.models.queries import HANDLES
from grids.scopes import scopes_of
from lib.roles import Role
from lib.units import Unit
from organizations.acting import page_of
from organizations.calendars import working_calendar
from organizations.http import signed_in
from organizations.models import User

ORDER = ("due_at", "id")
LATE, SOON = "late", "soon"
ME, BODY, ALL = "me", "body", "all"
SHOWN = {LATE: _("Late"), SOON: _("Within a working day")}
WHOSE = {ME: _("Mine"), BODY: _("My department's"), ALL: _("All that I may see")}


@login_required
@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), timezone.now()
    show = _chosen(request, "show", SHOWN, LATE)
    whose = _chosen(request, "whose", WHOSE, usual_for(user, timezone.localdate(at)))
    rows = _rows(user, whose, at)
    page = page_of(request, _narrowed(rows, show, at), order=ORDER)
    context = {"page": page, "at": at, "show": show, "whose": whose, "whose_words": WHOSE[whose]}
    context |= {"tabs": _tabs(rows, show, at), "choices": list(WHOSE.items())}
    return render(request, "cases/deadlines.html", context)


def _chosen(request: HttpRequest, name: str, choices: dict[str, Any], usual: str) -> str:
    asked = request.GET.get(name, usual)
    if asked not in choices:
        raise Http404
    return asked


def usual_for(user: User, on: datetime.date) -> str:
    """What a person looks at first: their own work, their department's, or the town's."""
    roles = user.roles_on(on)
    if Role.DEPARTMENT_HEAD in roles:
        return BODY
    return ME if roles & HANDLES else ALL


def _rows(user: User, whose: str, at: datetime.datetime) -> WatchQuerySet:
    on = timezone.localdate(at)
    rows = Watch.objects.for_list()
    if whose == ME:
        return rows.of_person(user, on=on)
    if whose == ALL:
        return rows.visible_to(user, on=on)
    bodies = {body for scope in scopes_of(user, on=on) for body in scope.body_ids}
    return rows.visible_to(user, on=on).of_bodies(bodies)


def _narrowed(rows: WatchQuerySet, show: str, at: datetime.datetime) -> WatchQuerySet:
    if show == LATE:
        return rows.late(at)
    return rows.due_between(at, working_calendar().deadline(at, 1, Unit.WORK_DAY))


def _tabs(rows: WatchQuerySet, show: str, at: datetime.datetime) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": _narrowed(rows, key, at).count(),
            "key": key,
            "chosen": key == show,
        }
        for key, label in SHOWN.items()
    ]


def count_late(user: User) -> int:
    at = timezone.now()
    whose = usual_for(user, timezone.localdate(at))
    return _rows(user, whose, at).late(at).count()
