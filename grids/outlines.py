"""Outlines for maps: small enough to send, still without gaps, kept until the territory changes."""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import numpy
import shapely
from django.core.cache import cache
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language

from grids.models import Boundary, BoundaryQuerySet, ChangeCounter, Level, Territory
from grids.models.changes import BOUNDARIES

# A map of a whole screen shows no more than this well; who asks for more names a town or a box.
MOST = 3000
# About five metres: surveyed outlines have points every metre.
_TOLERANCE = 0.00005
_DECIMALS = 6
_KEPT_SECONDS = 3600

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which outlines: of a level, inside a town (its code) and touching a box, if given."""

    level: str = Level.COMMUNITY
    town: str = ""
    box: Box | None = None


def version_of(wanted: Wanted) -> str:
    """Changes when the answer may have changed: territory, day, language or question."""
    stamp = ChangeCounter.objects.stamp_of(BOUNDARIES)
    asked = json.dumps(asdict(wanted), sort_keys=True)
    key = f"{stamp} {timezone.localdate()} {get_language()} {asked}"
    return sha256(key.encode()).hexdigest()[:32]


def outlines_geojson(wanted: Wanted, *, version: str) -> bytes:
    """A GeoJSON FeatureCollection with level, code and name of each outline."""
    key = f"grids.outlines.{version}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = json.dumps(_collection(wanted), ensure_ascii=False, separators=(",", ":")).encode()
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def _collection(wanted: Wanted) -> dict[str, Any]:
    boundaries = list(
        _boundaries(wanted)
        .select_related("territory")
        .defer("geometry")
        .annotate(spelled=Cast("geometry", TextField()))[:MOST]
    )
    shapes = _simplified([boundary.spelled for boundary in boundaries])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "level": boundary.territory.level,
                    "code": boundary.territory.code,
                    "name": str(boundary.territory),
                    "schematic": boundary.is_schematic,
                },
                "geometry": json.loads(shape),
            }
            for boundary, shape in zip(boundaries, shapes, strict=True)
        ],
    }


def _boundaries(wanted: Wanted) -> BoundaryQuerySet:
    found = Boundary.objects.current(on=timezone.localdate()).at_level(wanted.level)
    if wanted.town:
        found = found.inside(wanted.town)
    return found.touching(*wanted.box) if wanted.box else found


def _simplified(spelled: Sequence[str]) -> list[str]:
    return simplified(shapely.from_geojson(numpy.array(spelled, dtype=object))) if spelled else []


def simplified(outlines: numpy.ndarray[Any, Any]) -> list[str]:
    """Outlines that tile as GeoJSON small enough to send; they still tile."""
    simple = shapely.coverage_simplify(outlines, _TOLERANCE)
    rounded = shapely.transform(simple, lambda points: points.round(_DECIMALS))
    return list(shapely.to_geojson(rounded))


def geometries_of(places: Iterable[int], *, day: datetime.date) -> dict[int, Any]:
    """Outlines of these territories as a map shows them, by key; what has none is left out."""
    rows = Boundary.objects.current(on=day).filter(territory__in=places).defer("geometry")
    found = list(rows.annotate(spelled=Cast("geometry", TextField())).order_by("pk")[:MOST])
    shapes = _simplified([row.spelled for row in found])
    return {row.territory_id: json.loads(one) for row, one in zip(found, shapes, strict=True)}


def parts_geojson(unit: Territory, *, day: datetime.date) -> dict[str, Any]:
    """The parts of a territory as they were drawn, with the dates of their outlines."""
    rows = Boundary.objects.current(on=day).filter(territory__parent=unit)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row.territory_id,
                "properties": {
                    "level": row.territory.level,
                    "code": row.territory.code,
                    "name": str(row.territory),
                    "households": row.territory.households,
                    "area_m2": round(row.area_m2),
                    "schematic": row.is_schematic,
                    "valid_from": row.valid_from.isoformat(),
                    "valid_to": row.valid_to.isoformat() if row.valid_to else None,
                },
                "geometry": row.geometry,
            }
            for row in rows.select_related("territory")
        ],
    }
