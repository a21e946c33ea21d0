"""Whether territories tile: what none of them covers, what two claim, what crosses the border.

Measured in degrees, reported in square metres on the WGS-84 ellipsoid (`grids.geometry.area_m2`,
a cylindrical equal-area projection): exact at any place and size, while a local metric plane would
need a zone and still distort a whole city by parts in a thousand.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from grids.geometry import area_m2
from grids.models import FindingKind

# Neighbours that share their vertices leave less than a square millimetre to rounding.
SLIVER_M2 = 1.0
# One square metre is about 9e-11 square degrees: what is far smaller is not worth projecting.
_NOTHING = 1e-12

Shapes = numpy.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """A territory with its border (None: nobody has drawn it) and the outlines of its parts."""

    key: int | None
    border: BaseGeometry | None
    parts: Sequence[int] = ()
    outlines: Shapes = field(default_factory=lambda: numpy.empty(0, dtype=object))


@dataclass(frozen=True, slots=True)
class Flaw:
    """A piece of ground that is not as it should be; `territory`, `other` as in CoverageFinding."""

    kind: str
    territory: int
    other: int | None
    shape: BaseGeometry
    area_m2: float


def flaws_inside(unit: Unit) -> Iterator[Flaw]:
    """Blind areas and overhang of a unit with a border; holes of one without."""
    whole = shapely.union_all(unit.outlines)
    if unit.border is None or unit.key is None:
        for part in _holes(whole):
            beside = _first_beside(unit, part)
            yield from _flaws(FindingKind.HOLE, beside, None, part)
        return
    for part in shapely.get_parts(shapely.difference(unit.border, whole)):
        yield from _flaws(FindingKind.BLIND, unit.key, None, part)
    outside = shapely.difference(unit.outlines, unit.border) if len(unit.parts) else []
    for key, shape in zip(unit.parts, outside, strict=True):
        yield from _flaws(FindingKind.OVERHANG, key, None, shape)


def overlaps(
    keys: Sequence[int], outlines: Shapes, *, among: Collection[int] | None = None
) -> Iterator[Flaw]:
    """Ground that two territories of a level claim; with `among` only pairs with one of these.

    The smaller key is the finding's territory.
    """
    if not len(keys):
        return
    asked = [place for place, key in enumerate(keys) if among is None or key in among]
    tree = shapely.STRtree(outlines)
    near, others = tree.query(outlines[asked], predicate="intersects")
    pairs = {
        (min(one, two, key=keys.__getitem__), max(one, two, key=keys.__getitem__))
        for one, two in zip((asked[i] for i in near.tolist()), others.tolist(), strict=True)
        if one != two
    }
    if not pairs:
        return
    first, second = numpy.array(sorted(pairs)).T
    common = shapely.intersection(outlines[first], outlines[second])
    for place in numpy.flatnonzero(shapely.area(common) > _NOTHING).tolist():
        yield from _flaws(
            FindingKind.OVERLAP, keys[first[place]], keys[second[place]], common[place]
        )


def _flaws(kind: str, territory: int, other: int | None, shape: BaseGeometry) -> Iterator[Flaw]:
    ground = ground_of(shape)
    if ground.area <= _NOTHING:
        return
    area = area_m2(ground)
    if area >= SLIVER_M2:
        yield Flaw(kind, territory, other, ground, area)


def ground_of(shape: BaseGeometry) -> BaseGeometry:
    """The areas of a result that may also hold lines and points, as Polygon or MultiPolygon."""
    parts = shapely.get_parts(shape)
    if any(shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(parts)
    areas = parts[shapely.get_dimensions(parts) == 2]
    kept = areas[shapely.area(areas) > 0]
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)


def _holes(whole: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(whole):
        for ring in shapely.get_rings(part)[1:]:
            yield shapely.polygons(ring)


def _first_beside(unit: Unit, hole: BaseGeometry) -> int:
    touching = shapely.intersects(unit.outlines, hole)
    return min(key for key, beside in zip(unit.parts, touching, strict=True) if beside)
