"""What everybody reads: orders in force, what to do, what became of earlier ones; feeds."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emergency.models import Called, DeletionProof, Measure, Order, Review
from emergency.workflow import OrderState
from organizations.acting import page_of

NEWEST = 30


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Orders in force first, then those that are over."""
    rows = Order.objects.public().with_names()
    mine: Any = Called.objects.of(request.user).going_on().with_names().order_by("-pk")
    context = {
        "running": rows.filter(state=OrderState.IN_FORCE).order_by("level", "-starts_at"),
        "page": page_of(request, rows.exclude(state=OrderState.IN_FORCE)),
        "mine": mine[:10],
        "at": timezone.now(),
    }
    return render(request, "emergency/listed.html", context)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One order in plain words, with what residents do, and what became of it."""
    order = get_object_or_404(Order.objects.public().with_names(), pk=pk)
    context = {
        "order": order,
        "measures": order.measures.order_by("code"),
        "points": order.points.order_by("pk"),
        "review": Review.objects.filter(order=order).first(),
        "proof": DeletionProof.objects.filter(order=order).first(),
        "changes": order.events.filter(
            move__in=["extend", "raise", "lower", "stand_down"]
        ).order_by("number"),
        "at": timezone.now(),
    }
    return render(request, "emergency/notice.html", context)


class OrderFeed(Feed):
    """Published orders as RSS, the newest first; nobody is named in it."""

    def title(self) -> str:
        return _("Emergencies: orders and notices")

    description = title

    def link(self) -> str:
        return reverse("emergency:listed")

    def items(self) -> Any:
        return Order.objects.public().with_names().order_by("-starts_at", "-pk")[:NEWEST]

    def item_title(self, item: Any) -> str:
        return f"{item.get_level_display()} · {item}"

    def item_description(self, item: Any) -> str:
        return f"{item.said}\n{item.territory} · {item.get_state_display()}"

    def item_link(self, item: Any) -> str:
        return reverse("emergency:notice", args=[item.pk])

    def item_pubdate(self, item: Any) -> datetime.datetime:
        begun: datetime.datetime = item.starts_at
        return begun


feed = require_safe(OrderFeed())


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The same for programs: number, matter, class, level, colour, place, term, measures."""
    rows = Order.objects.public().with_names().prefetch_related("measures")
    orders = [_told(request, row) for row in rows.order_by("-starts_at", "-pk")[:NEWEST]]
    return JsonResponse({"orders": orders}, json_dumps_params={"ensure_ascii": False})


def _told(request: HttpRequest, order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "title": str(order),
        "text": order.said,
        "class": order.kind,
        "level": order.level,
        "colour": order.colour,
        "exercise": order.is_exercise,
        "state": order.state,
        "territory": {"code": order.territory.code, "name": str(order.territory)},
        "from": order.starts_at,
        "until": order.until,
        "ended": order.ended_at,
        "measures": [
            _measure(row) for row in sorted(order.measures.all(), key=lambda row: row.code)
        ],
        "url": request.build_absolute_uri(reverse("emergency:notice", args=[order.pk])),
    }


def _measure(row: Measure) -> dict[str, str]:
    return {"code": row.code, "name": str(row), "advice": row.said("advice")}
