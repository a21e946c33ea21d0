"""How it goes: for who organises and watches a place, and in public."""

import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grids.models import Level, Territory
from grids.scopes import communities_of, in_reach
from organizations.http import role_required, roles_of, signed_in
from organizations.models import User
from volunteers.figures import OVERSEERS, by_community, by_month, chart_of, public_figures
from volunteers.models import Activity, Objection, Presence, Shift, Signup, Volunteer, Wish
from volunteers.models.wishes import SCREENERS
from volunteers.workflow.activities import HOLDING, SignupState
from volunteers.workflow.hours import PresenceState

SHOWN, COMMUNITIES = 50, 100
MISSED_DAYS = 30
FRESH_SECONDS = 300


@role_required(*OVERSEERS)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Today's shifts, what waits, who did not come; people, hours and wishes of the place."""
    user, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    near = Presence.objects.near(user, OVERSEERS, on=today)
    months = by_month(near, on=today)
    missed = _missed(user, now)
    context = {
        "wishes_url": _wishes_of(request),
        "today": _shifts_of(user, today),
        "figures": _figures(user, near, today),
        "missed": missed[:SHOWN],
        "missed_count": missed.count(),
        "missed_days": MISSED_DAYS,
        "months": months,
        "chart": chart_of(months),
        "rows": by_community(
            communities_of(user, OVERSEERS, on=today).order_by("code")[:COMMUNITIES], on=today
        ),
        "at": now,
    }
    return render(request, "volunteers/overview.html", context)


def _wishes_of(request: HttpRequest) -> str:
    """Who looks after wishes goes to their desk, others to the public list."""
    is_screener = not roles_of(request).isdisjoint(SCREENERS)
    return reverse("volunteers:wishes_desk" if is_screener else "volunteers:wishes")


def _activities(user: User, today: datetime.date) -> Any:
    near = Activity.objects.filter(in_reach(user, OVERSEERS, on=today)).values("pk")
    led = Activity.objects.led_by(user, on=today).values("pk")
    return Activity.objects.filter(Q(pk__in=near) | Q(pk__in=led)).values("pk")


def _shifts_of(user: User, today: datetime.date) -> Any:
    """Shifts that begin today, each with how many have a place, are here, and have left."""
    rows = Shift.objects.standing().filter(
        activity__in=_activities(user, today), starts_at__date=today
    )
    return (
        rows.select_related("activity__community")
        .annotate(
            signed=Count("signups", filter=Q(signups__state__in=[*HOLDING, SignupState.ATTENDED])),
            here=Count("signups", filter=Q(signups__presence__state=PresenceState.PRESENT)),
            left=Count("signups", filter=Q(signups__presence__left_at__isnull=False)),
        )
        .order_by("starts_at", "pk")[:SHOWN]
    )


def _missed(user: User, now: datetime.datetime) -> Any:
    today = timezone.localdate(now)
    since = now - datetime.timedelta(days=MISSED_DAYS)
    rows = Signup.objects.filter(
        state=SignupState.MISSED, shift__activity__in=_activities(user, today)
    )
    recent = rows.filter(shift__starts_at__gte=since, shift__starts_at__lte=now)
    return recent.with_names().order_by("-shift__starts_at", "pk")


def _figures(user: User, near: Any, today: datetime.date) -> dict[str, int]:
    year = datetime.date(today.year, 1, 1)
    wishes = Wish.objects.filter(in_reach(user, OVERSEERS, on=today))
    return {
        "waiting": Presence.objects.led_by(user, on=today).waiting().count(),
        "objections": Objection.objects.to_answer(user, on=today).count(),
        "volunteers": Volunteer.objects.active()
        .filter(in_reach(user, OVERSEERS, on=today))
        .count(),
        "minutes": near.confirmed().since(year).minutes(),
        "asked": wishes.waiting().count(),
        "open": wishes.open().count(),
        "overdue": wishes.overdue(today).count(),
        "granted": wishes.filter(state="granted", ended_at__date__gte=year).count(),
    }


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Volunteering in figures, for everybody; counted again every five minutes."""
    counted = cache.get("volunteers:figures")
    if counted is None:
        counted = _counted()
        cache.set("volunteers:figures", counted, timeout=FRESH_SECONDS)
    return render(request, "volunteers/figures.html", {**counted, **_drawn(counted)})


def _counted() -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    communities = Territory.objects.at_level(Level.COMMUNITY).filter(valid_to=None)
    counted = by_community(communities.order_by("code"), on=today, is_public=True)
    rows = [one for one in counted if not one.is_empty]
    rows.sort(key=lambda one: -one.minutes)
    return {
        "figures": public_figures(on=today),
        "months": by_month(Presence.objects.all(), on=today),
        "rows": rows[:COMMUNITIES],
        "year": today.year,
        "at": now,
    }


def _drawn(counted: dict[str, Any]) -> dict[str, Any]:
    return {"chart": chart_of(counted["months"])}
