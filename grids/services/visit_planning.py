"""The plan of visits, made of dated rules, targets and the visits that were made."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from grids.models import (
    Boundary,
    Level,
    TargetKind,
    Territory,
    Visit,
    VisitPlan,
    VisitRule,
    VisitTarget,
)
from grids.models.visit_plans import place_columns

CHUNK = 2000
Pace = dict[int | None, int]  # key of a territory (None: everywhere) → days


def plan_visits(*, on: datetime.date, targets: Iterable[int] | None = None) -> int:
    """Bring the plan up to date for `targets` (all without it); how many plans were written.

    May run twice, late, or at the same time: what it writes follows from rules, targets and visits.
    """
    if targets is None:
        _give_each_grid_a_target(on)
    paces = _paces(on)
    rows = VisitTarget.objects.order_by("pk")
    if targets is not None:
        rows = rows.filter(pk__in=list(targets))
    written, last = 0, 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        written += _plan_chunk(chunk, paces, on)
    return written


def _give_each_grid_a_target(on: datetime.date) -> None:
    """Patrols go through grids: each that exists is a target, at a point inside its outline."""
    grids = Territory.objects.at_level(Level.GRID).valid_on(on).select_related("parent")
    missing = grids.exclude(visit_targets__kind=TargetKind.GRID).order_by("pk")
    outlines = Boundary.objects.current(on=on).filter(territory__in=missing)
    inside = {row.territory_id: _inside(row.geometry) for row in outlines.iterator(CHUNK)}
    VisitTarget.objects.bulk_create(
        [_target_of(grid, inside.get(grid.pk), on) for grid in missing],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def _inside(geometry: Mapping[str, Any]) -> tuple[float, float]:
    point = shapely.geometry.shape(geometry).representative_point()
    return round(point.x, 6), round(point.y, 6)


def _target_of(
    grid: Territory, point: tuple[float, float] | None, on: datetime.date
) -> VisitTarget:
    lon, lat = point or (None, None)
    return VisitTarget(
        kind=TargetKind.GRID, name=grid.name[:60], lon=lon, lat=lat,
        valid_from=min(grid.valid_from, on), **place_columns(grid),
    )  # fmt: skip


def _paces(on: datetime.date) -> dict[str, dict[int, Pace]]:
    """Kind of target → key of a kind of visit → its paces by territory."""
    found: dict[str, dict[int, Pace]] = defaultdict(lambda: defaultdict(dict))
    rules = VisitRule.objects.valid_on(on).select_related("kind")
    for rule in rules.order_by("valid_from", "pk"):
        if rule.kind.is_valid_on(on):
            found[rule.kind.target_kind][rule.kind_id][rule.territory_id] = rule.every_days
    return found


def _pace_of(target: VisitTarget, pace: Pace) -> int | None:
    """The rule for the smallest territory that the target lies in."""
    for place in (target.grid_id, target.community_id, target.town_id, None):
        if place in pace:
            return pace[place]
    return None


def _plan_chunk(
    chunk: Sequence[VisitTarget], paces: Mapping[str, Mapping[int, Pace]], on: datetime.date
) -> int:
    with transaction.atomic():
        rows = VisitPlan.objects.select_for_update().filter(target__in=chunk).order_by("pk")
        standing = {(row.target_id, row.kind_id): row for row in rows}
        wanted = {
            (target.pk, kind): (target, days)
            for target in chunk
            if target.is_valid_on(on)
            for kind, pace in paces.get(target.kind, {}).items()
            if (days := _pace_of(target, pace)) is not None
        }
        gone = [row.pk for key, row in standing.items() if key not in wanted]
        VisitPlan.objects.filter(pk__in=gone).delete()
        fresh = _fresh({key: wanted[key] for key in wanted.keys() - standing.keys()}, on)
        VisitPlan.objects.bulk_create(fresh, batch_size=CHUNK, ignore_conflicts=True)
        moved = [
            row for key, row in standing.items() if key in wanted and _adapt(row, *wanted[key], on)
        ]
        columns = ["every_days", "due_on", "town", "community", "grid"]
        VisitPlan.objects.bulk_update(moved, columns, batch_size=500)
    return len(gone) + len(fresh) + len(moved)


def _fresh(
    wanted: Mapping[tuple[int, int], tuple[VisitTarget, int]], on: datetime.date
) -> list[VisitPlan]:
    if not wanted:
        return []
    made = Visit.objects.made().filter(target__in={target for target, _kind in wanted})
    last = {
        (target, kind): at
        for target, kind, at in made.order_by()
        .values("target", "kind")
        .annotate(last=Max("at"))
        .values_list("target", "kind", "last")
    }
    rows = []
    for (key, kind), (target, days) in sorted(wanted.items(), key=lambda item: item[0]):
        row = VisitPlan(target=target, kind_id=kind, last_at=last.get((key, kind)))
        _adapt(row, target, days, on)
        rows.append(row)
    return rows


def _adapt(row: VisitPlan, target: VisitTarget, days: int, on: datetime.date) -> bool:
    """Whether the row had to change."""
    before = (row.every_days, row.grid_id, row.community_id, row.town_id)
    row.grid_id, row.community_id, row.town_id = target.grid_id, target.community_id, target.town_id
    changed = row.every_days != days
    row.every_days = days
    if changed:
        row.due_on = due_after(row.last_at, days) if row.last_at else _first_due(target, days, on)
    return before != (days, row.grid_id, row.community_id, row.town_id)


def due_after(last: datetime.datetime, days: int) -> datetime.date:
    return timezone.localdate(last) + datetime.timedelta(days=days)


def _first_due(target: VisitTarget, days: int, on: datetime.date) -> datetime.date:
    """What was never visited comes due spread over one period, not all on the first morning."""
    return on + datetime.timedelta(days=target.pk % days)


def note_visit(visit: Visit) -> None:
    """Put the plan of the visit's target right: call it inside the transaction of the visit."""
    note_target(visit.kind_id, visit.target_id, due=timezone.localdate(visit.at))


def note_target(kind: int, target: int, *, due: datetime.date) -> None:
    """Put the plan of a target right; `due` again where no visit is left."""
    plan = VisitPlan.objects.select_for_update().filter(kind=kind, target=target).first()
    if plan is None:
        return
    made = Visit.objects.made().filter(kind=kind, target=target)
    plan.last_at = made.aggregate(last=Max("at"))["last"]
    plan.due_on = due if plan.last_at is None else due_after(plan.last_at, plan.every_days)
    plan.save(update_fields=["last_at", "due_on"])
