"""What volunteers offers to pages of other apps."""

import datetime
from collections.abc import Callable, Collection
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, Queue, menu, queues
from lib.roles import Role
from organizations.models import User
from volunteers import (
    agenda_matters,
    catalogues,
    hours_notifications,
    mutual_offers,
    notifications,
    offers,
    wish_notifications,
)
from volunteers.figures import OVERSEERS
from volunteers.models import Objection, Presence, Take, Wish
from volunteers.models.people import ORGANIZERS
from volunteers.models.time_bank import READERS as TIME_READERS
from volunteers.models.wishes import SCREENERS

Rows = Callable[[User, datetime.date], QuerySet[Any]]
MENU: tuple[tuple[str, Any, str, Collection[str], int], ...] = (
    ("volunteers:overview", _("How volunteering goes"), "chart-bar", OVERSEERS, 55),
    ("volunteers:hours_waiting", _("Hours that wait"), "clock-check", ORGANIZERS, 56),
    ("volunteers:wishes_desk", _("Wishes"), "heart", SCREENERS | {Role.FINANCE_MAKER}, 57),
    ("volunteers:time_pools", _("Time bank"), "clock-heart", TIME_READERS, 59),
)
QUEUES: tuple[tuple[str, Any, Collection[str], str, Rows], ...] = (
    (
        "hours", _("Hours to confirm"), ORGANIZERS, "volunteers:hours_waiting",
        lambda user, on: Presence.objects.led_by(user, on=on).waiting(),
    ),
    (
        "objections", _("Objections to hours"), ORGANIZERS, "volunteers:hours_waiting",
        lambda user, on: Objection.objects.to_answer(user, on=on),
    ),
    (
        "wishes", _("Wishes to look at"), SCREENERS, "volunteers:wishes_desk",
        lambda user, on: Wish.objects.near(user, on=on).waiting().exclude(asker=user),
    ),
    (
        "wishes-unanswered", _("Delivered, but nobody has confirmed"), SCREENERS,
        "volunteers:wishes_desk", lambda user, on: Take.objects.to_vouch_for(user, on=on),
    ),
    (
        "wish-money", _("Wishes whose money waits"), {Role.FINANCE_MAKER},
        "volunteers:wishes_desk", lambda user, on: Take.objects.money_waiting(user, on=on),
    ),
)  # fmt: skip


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    agenda_matters.register()
    notifications.register_wordings()
    offers.register()
    for name, label, icon, roles, order in MENU:
        menu.register(MenuEntry(name, label, name, icon, roles, order))
    for order, (key, label, roles, name, rows) in enumerate(QUEUES, start=160):
        url = cast("str", reverse_lazy(name))
        queues.register(Queue(f"volunteers:{key}", label, order, roles, _counting(rows), url))
    hours_notifications.register_wordings()
    wish_notifications.register_wordings()
    mutual_offers.register()
    catalogues.register()


def _counting(rows: Rows) -> Callable[[Any], int]:
    return lambda user: rows(user, timezone.localdate()).count()
