"""What the committee offers to pages of other apps."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee import catalogues, notifications
from committee.models import AgendaItem, Directive, Meeting, PublicDecision
from committee.models.members import bodies_known_to, bodies_led_by
from committee.models.two_new import KEEPERS
from committee.services.actors import DIRECTIVE
from committee.services.agenda import DEFERRED
from committee.workflow import DirectiveState
from lib.registry import (
    EVERYBODY,
    MenuEntry,
    Panel,
    Queue,
    Reference,
    menu,
    panels,
    queues,
    references,
)
from lib.roles import COMMITTEE, Role
from organizations.models import Body, User

SHOWN = 3
WORKS = COMMITTEE | {Role.DEPARTMENT_HEAD}
MENU: tuple[tuple[str, Any, str, Collection[str], int], ...] = (
    ("overview", _("Committee work"), "gavel", WORKS, 62),
    ("coverage", _("New organisations"), "building-community", KEEPERS, 64),
)


def _mine(user: User) -> int:
    rows = Directive.objects.owned_by(user, on=timezone.localdate())
    return rows.filter(state__in=[DirectiveState.ISSUED, DirectiveState.WORKING]).count()


def _reported(user: User) -> int:
    led = bodies_led_by(user, on=timezone.localdate())
    return Directive.objects.filter(state=DirectiveState.REPORTED, body__in=led).count()


def _called(user: User) -> int:
    today = timezone.localdate()
    rows = Meeting.objects.visible_to(user, on=today).coming(timezone.now())
    return rows.filter(invitations__person=user).distinct().count()


_TASKS = "committee:directives"
QUEUES: tuple[tuple[str, Any, Collection[str], Callable[[Any], int], Any], ...] = (
    ("mine", _("Tasks from committees"), EVERYBODY, _mine,
     reverse_lazy(_TASKS, query={"show": "mine"})),
    ("reported", _("Tasks reported back, to confirm"), COMMITTEE, _reported,
     reverse_lazy(_TASKS, query={"show": "reported"})),
    ("called", _("Meetings that call me"), EVERYBODY, _called, reverse_lazy("committee:meetings")),
)  # fmt: skip


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    for name, label, icon, roles, place in MENU:
        page = f"committee:{name}"
        menu.register(MenuEntry(page, label, page, icon, roles, place))
    for order, (key, label, whom, count, url) in enumerate(QUEUES, start=120):
        queues.register(Queue(f"committee:{key}", label, order, whom, count, cast("str", url)))
    panels.register("portal:home", Panel("decisions", 40, "committee/_home_panel.html", on_home))
    references.register(DIRECTIVE, name_directives)
    references.register(DEFERRED, name_items)
    references.register(notifications.MEETING, name_meetings)
    references.register(notifications.BODY, name_bodies)
    notifications.register_wordings()
    catalogues.register()


def on_home(_request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    """The newest published decisions."""
    rows = list(PublicDecision.objects.current().with_names().order_by("-pk")[:SHOWN])
    return {"rows": rows} if rows else None


def name_directives(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    rows = Directive.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_numbers(keys))
    return {
        str(row.pk): Reference(
            f"{row.number} {row.title}", reverse("committee:directive", args=[row.pk])
        )
        for row in rows
    }


def name_items(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Points that a meeting put off, with the page of that meeting."""
    seen = Meeting.objects.visible_to(user, on=timezone.localdate()).values("pk")
    rows = AgendaItem.objects.filter(pk__in=_numbers(keys), meeting__in=seen)
    return {
        str(row.pk): Reference(row.title, reverse("committee:meeting", args=[row.meeting_id]))
        for row in rows
    }


def name_meetings(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    rows = Meeting.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_numbers(keys))
    return {
        str(row.pk): Reference(row.title, reverse("committee:meeting", args=[row.pk]))
        for row in rows
    }


def name_bodies(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    known = bodies_known_to(user, on=timezone.localdate())
    rows = Body.objects.filter(pk__in=_numbers(keys)).filter(pk__in=known)
    return {
        str(row.pk): Reference(str(row), reverse("committee:body", args=[row.pk])) for row in rows
    }


def _numbers(keys: Collection[str]) -> list[str]:
    return [key for key in keys if key.isdigit()]
