"""Where imported rows lie: points in bulk, codes and names of territories, names in addresses."""

from collections.abc import Sequence
from typing import Any

from cases.models import PlaceOrigin
from cases.services.importing.mapping import Mapping, PlaceRule, Unusable
from cases.services.importing.sheets import Row
from cases.services.places import Found, as_found
from grids.addresses import find_in_text
from grids.locate import Place, locate_many
from grids.models import Territory
from lib.coordinates import is_position, wgs84_from_gcj02

Point = tuple[float, float]


class Placer:
    """Tries the mapping's rules in their order; remembers territories that were looked up."""

    def __init__(self, mapping: Mapping) -> None:
        self._rules = mapping.places
        self._territories: dict[tuple[str, str], Place | None] = {}

    def places(self, rows: Sequence[Row]) -> list[Found]:
        """One place per row (without a territory where no rule finds one); a point is kept even if
        it lies outside of every boundary."""
        points = self._points(rows)
        located = iter(locate_many([point for point in points if point is not None]))
        found = []
        for row, point in zip(rows, points, strict=True):
            lon, lat = point or (None, None)
            place = next(located) if point is not None else None
            if place is not None:
                found.append(as_found(place, PlaceOrigin.POINT, lon, lat))
            else:
                found.append(self._otherwise(row, lon, lat))
        return found

    def _points(self, rows: Sequence[Row]) -> list[Point | None]:
        rule = next((rule for rule in self._rules if rule.kind == "point"), None)
        return [_point(rule, row.cells) if rule else None for row in rows]

    def _otherwise(self, row: Row, lon: float | None, lat: float | None) -> Found:
        for rule in self._rules:
            place, origin = self._by(rule, row)
            if place is not None:
                return as_found(place, origin, lon, lat)
        return as_found(None, "", lon, lat)

    def _by(self, rule: PlaceRule, row: Row) -> tuple[Place | None, str]:
        if rule.kind == "point":
            return None, ""
        try:
            text = rule.reading.text(row.cells)
        except Unusable:
            return None, ""
        if rule.kind == "address":
            return (find_in_text(text) if text else None), PlaceOrigin.ADDRESS
        return self._territory(rule.by, text), PlaceOrigin.CHOSEN

    def _territory(self, by: str, text: str) -> Place | None:
        """The one territory of that code or name; a name that two have is no answer."""
        if not text:
            return None
        if (by, text) not in self._territories:
            rows = list(Territory.objects.filter(**{by: text})[:2])
            self._territories[by, text] = Place.of(rows[0]) if len(rows) == 1 else None
        return self._territories[by, text]


def _point(rule: PlaceRule, cells: dict[str, Any]) -> Point | None:
    try:
        lon, lat = float(cells.get(rule.lon) or "x"), float(cells.get(rule.lat) or "x")
    except (TypeError, ValueError):
        return None
    if not is_position(lon, lat) or (lon, lat) == (0.0, 0.0):
        return None
    return wgs84_from_gcj02(lon, lat) if rule.crs == "gcj02" else (lon, lat)
