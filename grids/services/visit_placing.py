"""In which grid what is visited stands, once borders have changed."""

import datetime

from django.db.models import Q

from grids.locate import locate_many
from grids.models import TargetKind, Territory, VisitPlan, VisitTarget
from grids.models.visit_plans import VisitTargetQuerySet, place_columns
from grids.services.visit_planning import plan_visits

_COLUMNS = ["town", "community", "grid"]


def settle_targets_of(unit: Territory, *, on: datetime.date) -> None:
    """After a change of borders inside a unit: each stands where its point lies, the rounds
    through a grid end with it, and the plan follows."""
    inside = Q(community=unit) | Q(town=unit)
    here = VisitTarget.objects.filter(inside).order_by("pk")
    _end_rounds(here, on)
    _place(list(here.exclude(kind=TargetKind.GRID).exclude(lon=None).going_on_after(on)))
    plan_visits(on=on, targets=here.values_list("pk", flat=True))


def _place(rows: list[VisitTarget]) -> None:
    places = locate_many((row.lon, row.lat) for row in rows)  # type: ignore[misc] # has a point
    wanted = {
        row.pk: place.grid_id
        for row, place in zip(rows, places, strict=True)
        if place is not None and place.grid_id not in {None, row.grid_id}
    }
    grids = Territory.objects.select_related("parent").in_bulk(set(wanted.values()))
    moved = [row for row in rows if row.pk in wanted]
    for row in moved:
        for name, value in place_columns(grids[wanted[row.pk]]).items():
            setattr(row, name, value)
    VisitTarget.objects.bulk_update(moved, _COLUMNS, batch_size=300)


def _end_rounds(rows: VisitTargetQuerySet, on: datetime.date) -> None:
    rounds = rows.filter(kind=TargetKind.GRID, valid_to=None, grid__valid_to__lte=on)
    for row in rounds.select_related("grid"):
        row.valid_to = max(row.grid.valid_to, row.valid_from + datetime.timedelta(days=1))
        row.save(update_fields=["valid_to"])


def begin_rounds_again(grid: Territory) -> None:
    """The end of a grid is taken back: so is that of the rounds through it."""
    rounds = VisitTarget.objects.filter(kind=TargetKind.GRID, grid=grid)
    rounds.filter(valid_to__gte=grid.valid_to).update(valid_to=None)


def give_targets_back(grid: Territory, origin: int | None) -> None:
    """A grid was never founded after all: what is visited stands where it stood, and the rounds
    through it go unless somebody has gone them."""
    rounds = VisitTarget.objects.filter(kind=TargetKind.GRID, grid=grid, visits=None)
    VisitPlan.objects.filter(target__in=rounds).delete()
    rounds.delete()
    if origin is not None:
        values = place_columns(Territory.objects.select_related("parent").get(pk=origin))
        VisitTarget.objects.filter(grid=grid).exclude(kind=TargetKind.GRID).update(**values)
        VisitPlan.objects.filter(grid=grid).exclude(target__kind=TargetKind.GRID).update(**values)
