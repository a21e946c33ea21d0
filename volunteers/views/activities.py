"""What everybody sees: activities as a list, on the map, in the calendar, and one by one."""

import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grids.models import Level, Territory
from lib import moments
from lib.months import month_after, month_before, month_of, weeks_of
from organizations.acting import page_of
from organizations.models import User
from volunteers.eligibility import Demand, Record, hindrances
from volunteers.forms.people import WEEKDAYS
from volunteers.ics import calendar_of
from volunteers.models import Activity, Shift, Signup, Topic, Volunteer, WaitingPlace
from volunteers.recurrences import moment_of
from volunteers.services.actors import leads_work

ON_THE_MAP = 300
OF_AN_ACTIVITY = 60
SHIFTS_OF_A_MONTH = 500
LONGEST_KEY = 19
# Nobody plans further ahead than a year.
FARTHEST = datetime.timedelta(days=366)


LOOKS = ("list", "calendar", "map")


def _open_shifts(request: HttpRequest) -> Any:
    """Public shifts that lie ahead, by topic, community and words of the address."""
    return _chosen(request, Shift.objects.ahead(timezone.now()).public().with_activity())


def _chosen(request: HttpRequest, rows: Any) -> Any:
    topic, community = request.GET.get("topic", ""), _community(request)
    words = request.GET.get("q", "").strip()
    if topic:
        rows = rows.filter(activity__topic__code=topic)
    if community is not None:
        rows = rows.filter(activity__community=community)
    if words:
        title = Q(activity__title__icontains=words) | Q(activity__title_en__icontains=words)
        rows = rows.filter(title)
    return rows


def _community(request: HttpRequest) -> int | None:
    key = request.GET.get("community", "")
    return int(key) if key.isascii() and key.isdigit() and len(key) < LONGEST_KEY else None


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What is open: as a list, the next first; as a month of the calendar; as points on the map."""
    look = request.GET.get("look", "list")
    look = look if look in LOOKS else "list"
    drawn = {"list": _list, "calendar": _month, "map": _map}[look](request)
    context = {
        "look": look,
        "topics": Topic.objects.order_by("code"),
        "topic": request.GET.get("topic", ""),
        "communities": Territory.objects.at_level(Level.COMMUNITY).filter(
            pk__in=Activity.objects.published().values("community")
        ).order_by("code"),
        "community": _community(request),
        "words": request.GET.get("q", "").strip(),
        "registered": Volunteer.objects.of(request.user).exists(),
        "at": timezone.now(),
        **drawn,
    }  # fmt: skip
    return render(request, "volunteers/activities.html", context)


def _list(request: HttpRequest) -> dict[str, Any]:
    return {"page": page_of(request, _open_shifts(request), order=("starts_at", "pk"))}


def _map(request: HttpRequest) -> dict[str, Any]:
    """The next shift of each activity that has a point."""
    rows = _open_shifts(request).exclude(activity__lon=None).order_by("starts_at", "pk")
    found: dict[int, Shift] = {}
    for shift in rows[:SHIFTS_OF_A_MONTH]:
        found.setdefault(shift.activity_id, shift)
    return {"points": [_point(shift) for shift in list(found.values())[:ON_THE_MAP]]}


def _month(request: HttpRequest) -> dict[str, Any]:
    """Shifts of a month, those that are over too where it is the current one."""
    today = timezone.localdate()
    first = month_of(request.GET.get("month", ""), today=today)
    first = max(min(first, (today + FARTHEST).replace(day=1)), today.replace(day=1))
    after = month_after(first)
    rows = Shift.objects.standing().public().with_activity()
    rows = rows.filter(starts_at__gte=_midnight(first), starts_at__lt=_midnight(after))
    rows = _chosen(request, rows).order_by("starts_at", "pk")
    shifts = list(rows[: SHIFTS_OF_A_MONTH + 1])
    days: dict[datetime.date, list[Shift]] = {}
    for shift in shifts[:SHIFTS_OF_A_MONTH]:
        days.setdefault(timezone.localdate(shift.starts_at), []).append(shift)
    month = {
        "first": first,
        "before": f"{month_before(first):%Y-%m}" if first > today else "",
        "after": f"{after:%Y-%m}",
        "names": [WEEKDAYS[number][1] for number in range(7)],
        "weeks": weeks_of(first, days),
        "is_busy": bool(shifts),
        "is_cut": len(shifts) > SHIFTS_OF_A_MONTH,
    }
    return {"month": month, "today": today}


def _midnight(day: datetime.date) -> datetime.datetime:
    return moment_of(day, datetime.time())


def _point(shift: Shift) -> dict[str, Any]:
    activity = shift.activity
    return {
        "lon": activity.lon,
        "lat": activity.lat,
        "tone": "asked" if shift.is_full else "done",
        "title": str(activity),
        "words": moments.full(shift.starts_at),
        "url": reverse("volunteers:activity", args=[activity.pk]),
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
        "points": [_place(row)] if row.lon is not None else [],
        "at": now,
    }
    return render(request, "volunteers/activity.html", context)


def _place(row: Activity) -> dict[str, Any]:
    return {"lon": row.lon, "lat": row.lat, "tone": "done", "title": str(row), "words": row.address}


def _find(request: HttpRequest, pk: int) -> Activity:
    today = timezone.localdate()
    rows = Activity.objects.visible_to(request.user, on=today).with_names().with_demands()
    return get_object_or_404(rows, pk=pk)


def _with_own(request: HttpRequest, shifts: list[Shift]) -> list[dict[str, Any]]:
    """Each shift with the reader's own sign-ups and places on its list."""
    signed: dict[int, list[Signup]] = {}
    waiting: dict[int, list[WaitingPlace]] = {}
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
