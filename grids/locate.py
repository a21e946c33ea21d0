"""From a point to its grid, community and town, in memory."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy
import shapely
from django.db.models import TextField
from django.db.models.functions import Cast

from grids.models import Boundary, Level, Territory
from grids.models.changes import BOUNDARIES
from grids.snapshots import Snapshot
from lib.coordinates import is_position

# Finest first: a community's outline answers only where no grid does.
_LAYERS = (Level.GRID, Level.COMMUNITY, Level.TOWN)
_PLACED_BY: dict[str, str] = {
    Level.TOWN: "town_id",
    Level.COMMUNITY: "community_id",
    Level.GRID: "grid_id",
}
# Key and level of a territory and of what is above it: building, grid, community, town.
_LINE = (
    *("pk", "level", "parent_id", "parent__level"),
    *("parent__parent_id", "parent__parent__level"),
    *("parent__parent__parent_id", "parent__parent__parent__level"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as primary keys of territories; None where it is not known so closely."""

    town_id: int | None = None
    community_id: int | None = None
    grid_id: int | None = None

    @classmethod
    def of(cls, territory: Territory) -> Self:
        """The place that a chosen territory stands for; a city or an area alone is no place."""
        row = Territory.objects.filter(pk=territory.pk).values_list(*_LINE).get()
        line = zip(row[::2], row[1::2], strict=True)
        return cls(**{_PLACED_BY[level]: key for key, level in line if level in _PLACED_BY})


class _Layer:
    """Outlines of one level in a tree, in order of their territory's number."""

    def __init__(self, outlines: Sequence[str], places: list[Place]) -> None:
        self._outlines = shapely.from_geojson(numpy.array(outlines, dtype=object))
        shapely.prepare(self._outlines)
        self._tree = shapely.STRtree(self._outlines)
        self._places = places

    def place_at(self, lon: float, lat: float) -> Place | None:
        near = self._tree.query(shapely.Point(lon, lat))
        if not near.size:
            return None
        covering = near[shapely.intersects_xy(self._outlines[near], lon, lat)].tolist()
        return self._places[min(covering)] if covering else None

    def places_at(self, points: numpy.ndarray[Any, Any]) -> list[Place | None]:
        nobody = len(self._places)
        asked, near = self._tree.query(shapely.points(points))
        lons, lats = points[asked].T
        covering = shapely.intersects_xy(self._outlines[near], lons, lats)
        smallest = numpy.full(len(points), nobody)
        numpy.minimum.at(smallest, asked[covering], near[covering])
        return [self._places[row] if row < nobody else None for row in smallest.tolist()]


def _build(day: datetime.date) -> list[_Layer]:
    places = _places_of_all()
    layers = []
    for level in _LAYERS:
        rows = (
            Boundary.objects.current(on=day)
            .filter(territory__level=level)
            .values_list("territory_id", Cast("geometry", TextField()))
        )
        keys, outlines = [], []
        for key, outline in rows.iterator(chunk_size=2000):
            keys.append(key)
            outlines.append(outline)
        if keys:
            layers.append(_Layer(outlines, [places[key] for key in keys]))
    return layers


def _places_of_all() -> dict[int, Place]:
    rows: dict[int, tuple[int | None, str]] = {
        key: (parent, level)
        for key, parent, level in Territory.objects.values_list("pk", "parent_id", "level")
    }
    return {key: _place_in(rows, key) for key in rows}


def _place_in(rows: dict[int, tuple[int | None, str]], key: int | None) -> Place:
    keys = {}
    while key is not None:
        parent, level = rows[key]
        if level in _PLACED_BY:
            keys[_PLACED_BY[level]] = key
        key = parent
    return Place(**keys)


_layers = Snapshot(BOUNDARIES, _build)


def locate(lon: float, lat: float) -> Place | None:
    """The grid that covers a WGS-84 point, else the community, else the town, else None.

    A point on a common border belongs to the territory with the smaller number.
    """
    if not is_position(lon, lat):
        return None
    for layer in _layers.get():
        place = layer.place_at(lon, lat)
        if place is not None:
            return place
    return None


def locate_many(points: Iterable[tuple[float, float]]) -> list[Place | None]:
    """`locate` for many points, in their order, several times as fast."""
    asked = numpy.array([(*p,) if is_position(*p) else (numpy.inf,) * 2 for p in points])
    found: list[Place | None] = [None] * len(asked)
    open_rows = numpy.arange(len(asked))
    for layer in _layers.get():
        if not open_rows.size:
            break
        places = layer.places_at(asked[open_rows])
        for row, place in zip(open_rows.tolist(), places, strict=True):
            found[row] = place
        open_rows = numpy.array([row for row in open_rows.tolist() if found[row] is None], int)
    return found
