"""What everybody sees: activities as a list, on the map, in the calendar, and one by one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.models import User
from volunteers.eligibility import Demand, Record, hindrances
from volunteers.ics import calendar_of
from volunteers.models import Activity, Shift, Signup, Topic, Volunteer, WaitingPlace
from volunteers.services.actors import leads_work
from volunteers.views.acting import page_of

ON_THE_MAP = 300
OF_AN_ACTIVITY = 60


def _open_shifts(request: HttpRequest) -> Any:
    rows = Shift.objects.ahead(timezone.now()).public().with_activity()
    topic, community = request.GET.get("topic", ""), request.GET.get("community", "")
    if topic:
        rows = rows.filter(activity__topic__code=topic)
    if community.isdigit():
        rows = rows.filter(activity__community=community)
    if request.GET.get("q", "").strip():
        rows = rows.filter(activity__title__icontains=request.GET["q"].strip())
    return rows


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """Shifts that lie ahead, the next first; as points on the map too."""
    rows = _open_shifts(request)
    on_map = {
        shift.activity_id: shift
        for shift in rows.exclude(activity__lon=None).order_by("-starts_at")[:ON_THE_MAP]
    }
    context = {
        "page": page_of(rows, request, ("starts_at", "pk")),
        "chips": _chips(request),
        "points": [_point(request, shift) for shift in on_map.values()],
        "is_signed_in": isinstance(request.user, User),
    }
    return render(request, "volunteers/activities.html", context)


def _chips(request: HttpRequest) -> list[dict[str, Any]]:
    chosen = request.GET.get("topic", "")
    all_of_them = {"label": _("All"), "url": "?", "chosen": not chosen, "count": None}
    return [
        all_of_them,
        *(
            {"label": str(one), "url": f"?topic={one.code}", "chosen": one.code == chosen,
             "count": None}
            for one in Topic.objects.order_by("code")
        ),
    ]  # fmt: skip


def _point(request: HttpRequest, shift: Shift) -> dict[str, Any]:
    activity = shift.activity
    when = date_format(localtime(shift.starts_at), "SHORT_DATETIME_FORMAT")
    return {
        "lon": activity.lon,
        "lat": activity.lat,
        "state": "done" if not shift.is_full else "waiting",
        "label": f"{activity} · {when}",
        "url": request.build_absolute_uri(f"/volunteers/activities/{activity.pk}/"),
    }


@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity with its shifts, what it asks for, and what the reader can do."""
    row = _find(request, pk)
    now = timezone.now()
    shifts = list(row.shifts.ahead(now).order_by("starts_at", "pk")[:OF_AN_ACTIVITY])
    for shift in shifts:
        shift.activity = row
    context = {
        "activity": row,
        "shifts": _with_own(request, shifts),
        "prerequisites": row.prerequisites.all(),
        "hindrances": _hindrances(request, row, shifts),
        "may_lead": isinstance(request.user, User) and leads_work(request.user, row, at=now),
        "at": now,
    }
    return render(request, "volunteers/activity.html", context)


def _find(request: HttpRequest, pk: int) -> Activity:
    today = timezone.localdate()
    rows = Activity.objects.visible_to(request.user, on=today).with_names().with_demands()
    return get_object_or_404(rows, pk=pk)


def _with_own(request: HttpRequest, shifts: list[Shift]) -> list[dict[str, Any]]:
    """Each shift with the reader's own sign-ups and places on its list."""
    signed, waiting = {}, {}
    if isinstance(request.user, User):
        rows = Signup.objects.of(request.user).holding().filter(shift__in=shifts)
        for signup in rows.select_related("volunteer__person"):
            signed.setdefault(signup.shift_id, []).append(signup)
        places = WaitingPlace.objects.of(request.user).on_the_list().filter(shift__in=shifts)
        for place in places.select_related("volunteer__person"):
            waiting.setdefault(place.shift_id, []).append(place)
    return [
        {"shift": one, "signed": signed.get(one.pk, []), "waiting": waiting.get(one.pk, [])}
        for one in shifts
    ]


def _hindrances(request: HttpRequest, row: Activity, shifts: list[Shift]) -> list[str]:
    """Why the reader cannot sign up, before they try."""
    mine = Volunteer.objects.with_record().filter(person=request.user.pk).first()
    if mine is None or not shifts:
        return []
    on = timezone.localdate(shifts[0].starts_at)
    found = hindrances(Record.of(mine, on=on), Demand.of(row), on=on)
    return [one.sentence for one in found]


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Everything ahead, for a calendar program to follow."""
    rows = _open_shifts(request).order_by("starts_at", "pk")[:500]
    return _file(request, rows, "volunteers.ics")


@require_safe
def activity_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    rows = row.shifts.filter(ends_at__gt=timezone.now()).with_activity().order_by("starts_at")
    return _file(request, rows, f"activity-{row.pk}.ics")


def _file(request: HttpRequest, shifts: Any, name: str) -> HttpResponse:
    body = calendar_of(shifts, host=request.get_host(), at=timezone.now())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
