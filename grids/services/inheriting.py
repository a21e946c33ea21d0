"""What goes with ground that changes hands: who covers it, its team, its households, its visits.

Posts and members are dated, and are written when a change is saved. Households have no days of
their own: they go on the day on which the change begins (`begin_with`).
"""

import datetime
import json
from collections.abc import Sequence
from typing import Any

import shapely
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from shapely.geometry.base import BaseGeometry

from grids.geometry import area_m2
from grids.models import Boundary, PostTerritory, Premises, TargetKind, Territory, VisitTarget
from grids.models.teams import TeamMember, TeamRole
from lib.validity import DatedQuerySet
from organizations.models import User
from organizations.services import changes

Did = dict[str, Any]
Stretch = tuple[datetime.date, datetime.date | None]
_DATED: dict[str, type[PostTerritory | TeamMember]] = {"post": PostTerritory, "member": TeamMember}
_TABLES: dict[str, type[models.Model]] = {**_DATED, "target": VisitTarget}


def hand_over(
    old: Territory,
    new: Territory,
    *,
    day: datetime.date,
    by: User,
    at: datetime.datetime,
    ends: bool = False,
) -> list[Did]:
    """Posts and members of `old` are also those of `new`, each for the days that are left of it;
    with `ends` no longer of `old`, and what would only have begun there begins at `new`."""
    did: list[Did] = []
    for name, table in _DATED.items():
        rows = table.objects.filter(territory=old).going_on_after(day)
        for row in rows.order_by("valid_from", "pk"):
            free = _free(new, row, max(day, row.valid_from))
            if not ends or row.valid_from < day:
                did += [_copied(name, row, new, stretch, by=by, at=at) for stretch in free]
                did += [_ended(name, row, day, by=by, at=at)] if ends else []
            elif free == [(row.valid_from, row.valid_to)]:
                did.append(_moved(name, row, "territory_id", new, by=by, at=at))
            else:
                did += [_copied(name, row, new, stretch, by=by, at=at) for stretch in free]
                did.append(_dropped(name, row, by=by, at=at))
    return did


def _free(grid: Territory, row: PostTerritory | TeamMember, first: datetime.date) -> list[Stretch]:
    """Of the days from `first` to the end of `row` those on which the grid has nothing like it."""
    free: list[Stretch] = []
    alike = _alike(grid, row).overlapping(first, row.valid_to).order_by("valid_from")
    if isinstance(row, TeamMember) and row.role == TeamRole.HEAD and alike.exists():
        return []  # one head stays; who follows is for people to decide
    for begins, ends in alike.values_list("valid_from", "valid_to"):
        if begins > first:
            free.append((first, begins))
        if ends is None:
            return free
        first = max(first, ends)
    if row.valid_to is None or first < row.valid_to:
        free.append((first, row.valid_to))
    return free


def _alike(grid: Territory, row: PostTerritory | TeamMember) -> DatedQuerySet:
    if isinstance(row, PostTerritory):
        return PostTerritory.objects.filter(territory=grid, post=row.post_id)
    team = TeamMember.objects.filter(territory=grid, role=row.role)
    return team if row.role == TeamRole.HEAD else team.filter(post=row.post_id, name=row.name)


def _copied(
    name: str, row: Any, grid: Territory, stretch: Stretch, *, by: User, at: datetime.datetime
) -> Did:
    first, end = stretch
    copy = type(row)(**{**_columns(row), "territory_id": grid.pk})
    copy.valid_from, copy.valid_to = first, end
    changes.create(copy, by=by, at=at)
    return {"did": "row_made", "table": name, "pk": copy.pk}


def _columns(row: models.Model) -> dict[str, Any]:
    columns = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in columns}


def _ended(name: str, row: Any, day: datetime.date, *, by: User, at: datetime.datetime) -> Did:
    was = row.valid_to.isoformat() if row.valid_to else None
    changes.end(row, on=day, by=by, at=at)
    return {"did": "row_ended", "table": name, "pk": row.pk, "valid_to": was}


def _moved(
    name: str, row: Any, column: str, grid: Territory, *, by: User, at: datetime.datetime
) -> Did:
    was = getattr(row, column)
    changes.revise(row, {column: grid.pk}, by=by, at=at)
    return {"did": "row_moved", "table": name, "pk": row.pk, "column": column, "from": was}


def _dropped(name: str, row: Any, *, by: User, at: datetime.datetime) -> Did:
    """What never held goes, and is kept for taking back until `forgetting` forgets the name."""
    values = json.loads(json.dumps(_columns(row), cls=DjangoJSONEncoder))
    key = row.pk
    changes.remove(row, by=by, at=at)
    return {"did": "row_dropped", "table": name, "pk": key, "values": values}


def taken_back(did: Did, *, by: User, at: datetime.datetime) -> None:
    """Undo one of the above."""
    table: type[models.Model] = _TABLES[did["table"]] if "table" in did else Territory
    if did["did"] == "row_dropped":
        _read(table, did).save(force_insert=True)
        again = table._default_manager.get(pk=did["pk"])
        changes.record_change(again, before={}, by=by, at=at, action="undo")
        return
    row = table._default_manager.filter(pk=did.get("pk", did.get("territory"))).first()
    if row is None:
        return
    if did["did"] == "row_made":
        changes.remove(row, by=by, at=at)
    else:
        changes.revise(row, _was(did), by=by, at=at, action="undo")


def _was(did: Did) -> dict[str, Any]:
    if did["did"] == "row_ended":
        end = datetime.date.fromisoformat(did["valid_to"]) if did["valid_to"] else None
        return {"valid_to": end}
    if did["did"] == "row_moved":
        return {did["column"]: did["from"]}
    return {"households": did["before"]}


def _read(table: type[models.Model], did: Did) -> models.Model:
    fields = {field.attname: field for field in table._meta.concrete_fields}
    return table(
        pk=did["pk"], **{name: fields[name].to_python(it) for name, it in did["values"].items()}
    )


def begin_with(
    did: Sequence[Did], *, day: datetime.date, by: User, at: datetime.datetime
) -> list[Did]:
    """What a change of borders brings with it on the day on which it begins: what is visited in a
    grid that ends is visited from its heir, and households are counted where they are now."""
    ended = {row["territory"]: row["heir"] for row in did if row["did"] == "ended"}
    known = Territory.objects.in_bulk(_concerned(did))
    moved = [
        _moved("target", target, "grid_id", known[heir], by=by, at=at)
        for key, heir in sorted(ended.items())
        for target in _visited_without_a_point(known[key], day)
    ]
    wanted = _shared(did, known, ended, day)
    return moved + [
        _counted(known[key], number, by=by, at=at)
        for key, number in wanted.items()
        if known[key].households != number
    ]


def _concerned(did: Sequence[Did]) -> set[int]:
    return {row["territory"] for row in did if row["did"] in {"outline", "ended"}}


def _visited_without_a_point(grid: Territory, day: datetime.date) -> DatedQuerySet:
    """What has a point is found by it (`visit_placing`)."""
    without = VisitTarget.objects.filter(grid=grid, lon=None).exclude(kind=TargetKind.GRID)
    return without.going_on_after(day).order_by("pk")


def _shared(
    did: Sequence[Did], known: dict[int, Territory], ended: dict[int, int], day: datetime.date
) -> dict[int, int]:
    """Of a grid that was split by premises, else by area; of merged ones the sum."""
    origins = {row["territory"]: row["origin"] for row in did if row["did"] == "founded"}
    wanted: dict[int, int] = {}
    for key in sorted(known.keys() - origins.keys() - ended.keys()):
        parts = [part for part, origin in origins.items() if origin == key]
        together = [known[key], *(known[other] for other, heir in ended.items() if heir == key)]
        if parts and known[key].households is not None:
            shares = _shares(known[key], _shapes([key, *parts], day))
            wanted |= dict(zip([key, *parts], shares, strict=True))
        elif len(together) > 1 and any(one.households is not None for one in together):
            wanted[key] = sum(one.households or 0 for one in together)
    return wanted


def _shapes(keys: Sequence[int], day: datetime.date) -> list[BaseGeometry]:
    rows = Boundary.objects.current(on=day).filter(territory__in=keys)
    found = {row.territory_id: shapely.geometry.shape(row.geometry) for row in rows}
    return [found[key] for key in keys]


def _counted(territory: Territory, number: int, *, by: User, at: datetime.datetime) -> Did:
    before = territory.households
    changes.revise(territory, {"households": number}, by=by, at=at)
    return {"did": "households", "territory": territory.pk, "before": before}


def _shares(grid: Territory, shapes: list[BaseGeometry]) -> list[int]:
    """Shares of a grid's households that add up to it."""
    rows = Premises.objects.filter(grid=grid, households__gt=0)
    places = list(rows.values_list("lon", "lat", "households"))
    weights: list[float] = [
        sum(number for lon, lat, number in places if shapely.intersects_xy(shape, lon, lat))
        for shape in shapes
    ]
    if not sum(weights):
        weights = [area_m2(shape) for shape in shapes]
    total, whole = grid.households or 0, sum(weights)
    shares = [int(total * weight / whole) for weight in weights]
    shares[0] += total - sum(shares)
    return shares
