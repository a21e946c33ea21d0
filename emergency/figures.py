"""What is counted of an order: answers, the way, grids, households, supplies."""

import datetime
from typing import Any

from django.db.models import Max, Min, Q, Sum

from emergency.models import Called, Check, Depot, Movement, MovementKind, Order, Task
from emergency.scopes import parts_of
from emergency.workflow import CalledState, TaskState
from grids.models import Level, Territory


def of_order(order: Order) -> dict[str, Any]:
    """Numbers, minutes and a share in per cent (None where nothing can be counted)."""
    return {**_people(order), **_ground(order), **_things(order)}


def _people(order: Order) -> dict[str, Any]:
    rows = Called.objects.filter(order=order)
    moments = rows.aggregate(
        first_call=Min("at"), first_answer=Min("answered_at"), first_there=Min("arrived_at"),
        last_there=Max("arrived_at"),
    )  # fmt: skip
    begins = moments["first_call"]
    return {
        "called": rows.count(),
        "answered": rows.exclude(answered_at=None).count(),
        "accepted": rows.filter(Q(minutes__isnull=False) | Q(arrived_at__isnull=False))
        .exclude(state=CalledState.CANNOT)
        .count(),
        "came": rows.exclude(arrived_at=None).count(),
        "minutes_to_first_answer": _minutes(begins, moments["first_answer"]),
        "minutes_to_first_arrival": _minutes(begins, moments["first_there"]),
        "minutes_to_last_arrival": _minutes(begins, moments["last_there"]),
    }


def _minutes(begins: datetime.datetime | None, ends: datetime.datetime | None) -> int | None:
    if begins is None or ends is None:
        return None
    return max(0, round((ends - begins).total_seconds() / 60))


def grids_of(order: Order) -> set[int]:
    """Keys of the grids of the order's territory."""
    parts = parts_of(order.territory)
    rows = Territory.objects.at_level(Level.GRID).filter(pk__in=parts)
    return set(rows.values_list("pk", flat=True))


def _ground(order: Order) -> dict[str, Any]:
    grids = grids_of(order)
    done = Task.objects.filter(order=order, state=TaskState.DONE)
    reached = set(done.exclude(grid=None).values_list("grid", flat=True)) & grids
    return {
        "tasks": Task.objects.filter(order=order).count(),
        "tasks_done": done.count(),
        "grids": len(grids),
        "grids_reached": len(reached),
        "coverage": round(100 * len(reached) / len(grids)) if grids else None,
        "households": done.aggregate(sum=Sum("households"))["sum"] or 0,
        "checks": Check.objects.filter(order=order).count(),
    }


def _things(order: Order) -> dict[str, Any]:
    rows = Movement.objects.filter(order=order)
    sums = {
        kind: rows.filter(kind=kind).aggregate(sum=Sum("amount"))["sum"] or 0
        for kind in (MovementKind.OUT, MovementKind.RETURN, MovementKind.USE, MovementKind.LOSS)
    }
    return {f"supplies_{kind.value}": amount for kind, amount in sums.items()}


def unsettled(order: Order) -> int:
    """Units of supplies that were handed out and are neither used nor back."""
    depot = Depot.objects.filter(order=order).first()
    return (depot.stocks.aggregate(sum=Sum("balance"))["sum"] or 0) if depot else 0
