"""What people, activities and calls offer to other pages: menu, queues, panels, names."""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.scopes import in_reach
from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from organizations.models import User
from volunteers import holdings
from volunteers.models import (
    Activity,
    Call,
    DoubleReport,
    Organisation,
    Shift,
    Signup,
    Volunteer,
    WaitingPlace,
)
from volunteers.models.activities import REVIEWERS
from volunteers.models.organisations import RECEIVERS
from volunteers.models.people import ORGANIZERS
from volunteers.notifications import ACTIVITY, CALL, PLACE, SHIFT, VOLUNTEER
from volunteers.workflow.activities import WaitingState

Rows = Callable[[User, datetime.date], QuerySet[Any]]
SHOWN = 3


def register() -> None:
    for order, (name, label, icon, roles) in enumerate(MENU, start=53):
        menu.register(MenuEntry(name, label, name, icon, roles, order))
    for order, (key, label, roles, url, rows) in enumerate(QUEUES, start=150):
        queues.register(Queue(f"volunteers:{key}", label, order, roles, _counting(rows), url))
    panels.register(
        "organizations:me", Panel("volunteering", 30, "volunteers/_me_panel.html", on_my_page)
    )
    panels.register("portal:home", Panel("help", 30, "volunteers/_home_panel.html", on_home))
    references.register(VOLUNTEER, name_mine)
    references.register(PLACE, name_mine)
    references.register(SHIFT, name_shifts)
    references.register(ACTIVITY, name_activities)
    references.register(CALL, name_calls)
    holdings.register()


# -- Menu and queues --------------------------------------------------------------------------

MENU: tuple[tuple[str, Any, str, Collection[str]], ...] = (
    ("volunteers:people", pgettext_lazy("people", "Volunteers"), "users", ORGANIZERS),
    ("volunteers:led", pgettext_lazy("volunteers", "Activities"), "calendar-event", REVIEWERS),
    ("volunteers:calls", gettext_lazy("Calls for volunteers"), "speakerphone", ORGANIZERS),
    ("volunteers:reports", gettext_lazy("Reports to the community"), "report", RECEIVERS),
)


def _people(user: User, on: datetime.date) -> QuerySet[Any]:
    near = Volunteer.objects.filter(in_reach(user, ORGANIZERS, on=on))
    return near.waiting().exclude(person=user)


def _activities(user: User, on: datetime.date) -> QuerySet[Any]:
    near = Activity.objects.filter(in_reach(user, REVIEWERS, on=on))
    return near.waiting().exclude(made_by=user)


def _organisations(user: User, on: datetime.date) -> QuerySet[Any]:
    near = Organisation.objects.filter(in_reach(user, ORGANIZERS, on=on))
    return near.waiting().exclude(registered_by=user)


def _signups(user: User, on: datetime.date) -> QuerySet[Any]:
    seen = Signup.objects.visible_to(user, on=on).waiting()
    return seen.filter(shift__starts_at__gt=timezone.now()).exclude(volunteer__person=user)


def _calls(user: User, on: datetime.date) -> QuerySet[Any]:
    return Call.objects.filter(in_reach(user, ORGANIZERS, on=on)).open()


def _reports(user: User, on: datetime.date) -> QuerySet[Any]:
    return DoubleReport.objects.filter(in_reach(user, RECEIVERS, on=on)).waiting()


def _list(name: str, state: str = "") -> str:
    return cast("str", reverse_lazy(name, query={"state": state} if state else None))


QUEUES: tuple[tuple[str, Any, Collection[str], str, Rows], ...] = (
    ("people", gettext_lazy("Volunteers to review"), ORGANIZERS,
     _list("volunteers:people", "waiting"), _people),
    ("activities", gettext_lazy("Activities to review"), REVIEWERS,
     _list("volunteers:led", "waiting"), _activities),
    ("calls", gettext_lazy("Calls for volunteers to answer"), ORGANIZERS,
     _list("volunteers:calls"), _calls),
    ("signups", gettext_lazy("Sign-ups to decide"), ORGANIZERS,
     _list("volunteers:signups"), _signups),
    ("organisations", gettext_lazy("Organisations to review"), ORGANIZERS,
     _list("volunteers:organisations", "waiting"), _organisations),
    ("reports", gettext_lazy("Reports to the community to answer"), RECEIVERS,
     _list("volunteers:reports"), _reports),
)  # fmt: skip


def _counting(rows: Rows) -> Callable[[Any], int]:
    return lambda user: rows(user, timezone.localdate()).count()


# -- Panels -----------------------------------------------------------------------------------


def on_my_page(_request: HttpRequest, user: User) -> dict[str, Any]:
    """A resident's registration, what is ahead, and places that are offered to them."""
    now = timezone.now()
    places = WaitingPlace.objects.of(user).filter(state=WaitingState.OFFERED)
    ahead = Signup.objects.of(user).holding().filter(shift__ends_at__gt=now)
    return {
        "registration": Volunteer.objects.filter(person=user).first(),
        "offers": list(places.with_names().order_by("offered_until")),
        "ahead": list(ahead.with_names().order_by("shift__starts_at", "pk")[:SHOWN]),
    }


def on_home(_request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    """The next shifts that have places, for everybody."""
    rows = Shift.objects.public().with_activity().with_room()
    now = timezone.now()
    shifts = list(rows.filter(starts_at__gt=now).standing().order_by("starts_at", "pk")[:SHOWN])
    return {"shifts": shifts} if shifts else None


# -- Names ------------------------------------------------------------------------------------


def _keys(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdigit()]


def name_mine(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """Registrations and places: everybody looks at their own page."""
    page = Reference(_("My voluntary service"), reverse("volunteers:mine"))
    return dict.fromkeys(keys, page)


def name_shifts(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    on = timezone.localdate()
    seen = Activity.objects.visible_to(user, on=on).values("pk")
    rows = Shift.objects.filter(pk__in=_keys(keys), activity__in=seen).select_related("activity")
    return {
        str(row.pk): Reference(
            str(row.activity), reverse("volunteers:activity", args=[row.activity_id])
        )
        for row in rows
    }


def name_activities(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """Who leads or reviews goes to where that is done."""
    rows = Activity.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    return {
        str(row.pk): Reference(str(row), reverse("volunteers:manage", args=[row.pk]))
        for row in rows
    }


def name_calls(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """The organiser goes to the desk; who called goes back to what the call is about."""
    on = timezone.localdate()
    rows = list(Call.objects.visible_to(user, on=on).filter(pk__in=_keys(keys)))
    if user.roles_on(on) & ORGANIZERS:
        desk = reverse("volunteers:calls")
        return {str(row.pk): Reference(str(row), desk) for row in rows}
    about = references.resolve([(row.subject_kind, row.subject_key) for row in rows], user)
    named = {row: about.get((row.subject_kind, row.subject_key)) for row in rows}
    return {
        str(row.pk): Reference(str(row), found.url if found else None)
        for row, found in named.items()
    }
