"""What emergencies offer to other pages: menu, queues, panels, names."""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emergency.models import Called, Order, Report, Task
from emergency.models.orders import COMMANDERS, FIELD, WATCHERS
from emergency.notifications import CALLED, ORDER, TASK
from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from organizations.models import User

Rows = Callable[[User, datetime.date], QuerySet[Any]]
SHOWN = 3


def _to_confirm(user: User, on: datetime.date) -> QuerySet[Any]:
    return Order.objects.led_by(user, on=on).waiting().exclude(made_by=user)


def _reports(user: User, on: datetime.date) -> QuerySet[Any]:
    led = Order.objects.led_by(user, on=on).values("pk")
    return Report.objects.open().filter(order__in=led)


def _tasks(user: User, on: datetime.date) -> QuerySet[Any]:
    return Task.objects.of(user, on=on).open()


QUEUES: tuple[tuple[str, Any, Collection[str], Rows], ...] = (
    ("confirm", gettext_lazy("Orders of an emergency to confirm"), COMMANDERS, _to_confirm),
    ("reports", gettext_lazy("Duty reports that are due"), COMMANDERS, _reports),
    ("tasks", gettext_lazy("Tasks of an emergency"), FIELD, _tasks),
)


def _counting(rows: Rows) -> Callable[[Any], int]:
    return lambda user: rows(user, timezone.localdate()).count()


def register() -> None:
    roles = WATCHERS | FIELD
    label = gettext_lazy("Emergency mobilisation")
    menu.register(MenuEntry("emergency:desk", label, "emergency:desk", "alarm", roles, 12))
    url = cast("str", reverse_lazy("emergency:desk"))
    for order, (key, words, who, rows) in enumerate(QUEUES, start=10):
        queues.register(Queue(f"emergency:{key}", words, order, who, _counting(rows), url))
    panels.register("portal:urgent", Panel("emergency", 5, "emergency/_home_panel.html", on_home))
    panels.register("organizations:me", Panel("called", 5, "emergency/_me_panel.html", on_my_page))
    references.register(ORDER, name_orders)
    references.register(CALLED, name_calls)
    references.register(TASK, name_tasks)


def on_home(_request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    """Orders in force, the most serious first."""
    rows = Order.objects.in_force(timezone.now()).with_names()
    orders = list(rows.order_by("level", "-starts_at", "pk")[:SHOWN])
    return {"orders": orders} if orders else None


def on_my_page(_request: HttpRequest, user: User) -> dict[str, Any] | None:
    """Calls that go on."""
    rows = list(Called.objects.of(user).going_on().with_names().order_by("-pk")[:SHOWN])
    return {"rows": rows} if rows else None


def _keys(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdigit()]


def name_orders(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """Those who lead go to where that is done, others to what everybody reads."""
    on = timezone.localdate()
    rows = Order.objects.visible_to(user, on=on).filter(pk__in=_keys(keys))
    led = set(Order.objects.watched_by(user, on=on).values_list("pk", flat=True))
    return {
        str(row.pk): Reference(
            str(row), reverse("emergency:lead" if row.pk in led else "emergency:notice",
                              args=[row.pk])
        )
        for row in rows
    }  # fmt: skip


def name_calls(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Called.objects.of(user).filter(order__in=_keys(keys)).select_related("order")
    return {
        str(row.order_id): Reference(str(row.order), reverse("emergency:mine", args=[row.order_id]))
        for row in rows
    }


def name_tasks(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Task.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    return {
        str(row.pk): Reference(
            _("Task: %(kind)s") % {"kind": row.kind}, reverse("emergency:task", args=[row.pk])
        )
        for row in rows.select_related("kind")
    }
