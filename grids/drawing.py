"""Changing outlines so that they go on tiling: split, merge, move shared points, draw, give.

Nothing here reads tables. Outlines are WGS-84 in degrees. What cannot be done raises BadGeometry
with words that say why; what would leave a gap or an overlap is named by `faults_of`, with the
place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as cut

from grids.coverage import Flaw, Unit, flaws_inside, ground_of, overlaps
from grids.geometry import BadGeometry, Coordinates, area_m2

# Two points nearer than this are the same corner (about two centimetres).
SAME = 2e-7
# A point drawn so near to a corner or border is meant to lie on it (about three metres).
SNAP = 3e-5
_SMALLEST_M2 = 1.0

Point = tuple[float, float]
Outlines = Mapping[int, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a change would leave behind: a kind of finding, whose, where and how much."""

    kind: str
    territories: tuple[int, ...]
    lon: float
    lat: float
    area_m2: float


def split(outline: BaseGeometry, line: Sequence[Point]) -> list[BaseGeometry]:
    """The parts of an outline on both sides of a line that crosses it, largest first."""
    if len(line) < 2:
        raise BadGeometry(_("a line has at least two points"))
    if not shapely.LineString(line).is_simple:
        raise BadGeometry(_("the line crosses itself"))
    drawn = shapely.LineString(_reaching(line, outline))
    parts = [part for piece in shapely.get_parts(outline) for part in _cut(piece, drawn)]
    if len(parts) <= len(shapely.get_parts(outline)):
        raise BadGeometry(_("the line does not cross the grid from border to border"))
    if min(area_m2(part) for part in parts) < _SMALLEST_M2:
        raise BadGeometry(_("it would leave a part of less than one square metre"))
    return sorted(parts, key=lambda part: -part.area)


def _reaching(line: Sequence[Point], outline: BaseGeometry) -> list[Point]:
    """The line with ends that are meant to lie on the border carried on straight beyond it."""
    ends = [_carried_on(line[1], line[0], outline), _carried_on(line[-2], line[-1], outline)]
    return [ends[0], *line[1:-1], ends[1]]


def _carried_on(before: Point, end: Point, outline: BaseGeometry) -> Point:
    if shapely.Point(end).distance(outline.boundary) > SNAP:
        return end
    away = numpy.array(end) - numpy.array(before)
    length = numpy.hypot(*away)
    if not length:
        return end
    beyond = numpy.array(end) + away / length * 2 * SNAP
    return (float(beyond[0]), float(beyond[1]))


def _cut(piece: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_parts(cut(piece, line)))


def merged(outlines: Sequence[BaseGeometry]) -> BaseGeometry:
    """One outline of neighbours: they must share a border, a corner is not enough."""
    if len(outlines) < 2:
        raise BadGeometry(_("choose at least two neighbours"))
    whole = shapely.union_all(outlines)
    pieces = sum(len(shapely.get_parts(outline)) for outline in outlines)
    if len(shapely.get_parts(whole)) > pieces - len(outlines) + 1:
        raise BadGeometry(_("they share no border"))
    return whole


def moved(
    outlines: Outlines, moves: Sequence[tuple[Point, Point]], *, border: BaseGeometry | None
) -> dict[int, BaseGeometry]:
    """The outlines that change when corners go elsewhere, in every outline that has them.

    A corner of one on the edge of another is a corner of both. The new place snaps to a corner or
    edge of the others or of the border.
    """
    now = dict(outlines)
    for source, target in moves:
        holders = {key: shape for key, shape in now.items() if _lies_on(shape, source)}
        if not holders:
            raise BadGeometry(
                _("no border has a point at %(lon).6f, %(lat).6f")
                % {"lon": source[0], "lat": source[1]}
            )
        corner = _nearest_corner(holders, source)
        others = [shape for key, shape in now.items() if key not in holders]
        place = snapped(target, [*others, *([border] if border is not None else [])])
        for key, shape in noded(holders, now).items():
            now[key] = _with_point_moved(_with_points(shape, [corner]), corner, place)
    return {key: shape for key, shape in now.items() if shape is not outlines[key]}


def noded(changing: Outlines, everything: Outlines) -> dict[int, BaseGeometry]:
    """The outlines with the corners of all neighbours that lie on their edges as their own."""
    corners = {key: shapely.get_coordinates(shape) for key, shape in everything.items()}
    return {
        key: _with_points(
            shape, numpy.concatenate([own for other, own in corners.items() if other != key])
            if len(corners) > 1 else []
        )
        for key, shape in changing.items()
    }  # fmt: skip


def drawn(
    outline: BaseGeometry, *, among: Sequence[BaseGeometry], border: BaseGeometry | None
) -> BaseGeometry:
    """A new outline, snapped to its neighbours and the border, without what is theirs already."""
    around = [*among, *([border] if border is not None else [])]
    if around:
        corners = shapely.multipoints(shapely.get_coordinates(shapely.union_all(around)))
        near = shapely.snap(outline, corners, SNAP)
        outline = near if near.is_valid else outline
    free = outline if border is None else shapely.intersection(outline, border)
    free = ground_of(shapely.difference(free, shapely.union_all(among)))
    if free.is_empty or area_m2(free) < _SMALLEST_M2:
        raise BadGeometry(_("all of it belongs to other grids already, or lies outside"))
    return free


def heir_of(ground: BaseGeometry, claimants: Outlines) -> int:
    """Whose neighbour a piece of ground is by the longest common border (in metres)."""
    nearest = next(iter(beside(ground, claimants)), None)
    if nearest is None:
        raise BadGeometry(_("it has no neighbour that it could be given to"))
    return nearest


def beside(ground: BaseGeometry, claimants: Outlines) -> list[int]:
    """All that share a border with a piece of ground, the longest first."""
    west, south, east, north = ground.bounds
    near = shapely.box(west - 2 * SAME, south - 2 * SAME, east + 2 * SAME, north + 2 * SAME)
    lengths = {
        key: _metres(
            shapely.intersection(
                shapely.buffer(shapely.intersection(shape, near), SAME), ground.boundary
            )
        )
        for key, shape in claimants.items()
    }
    found = [key for key, length in lengths.items() if length]
    return sorted(found, key=lambda key: (-lengths[key], key))


def given(ground: BaseGeometry, outline: BaseGeometry) -> BaseGeometry:
    """An outline with a piece of ground added; slits that rounding leaves are closed."""
    return ground_of(shapely.union_all([outline, shapely.snap(ground, outline, SAME)]))


def taken(ground: BaseGeometry, outline: BaseGeometry) -> BaseGeometry:
    rest = ground_of(shapely.difference(outline, ground))
    if rest.is_empty or area_m2(rest) < _SMALLEST_M2:
        raise BadGeometry(_("nothing would be left of it: merge or end it instead"))
    return rest


def faults_of(before: Outlines, after: Outlines, *, border: BaseGeometry | None) -> list[Fault]:
    """Gaps, overlaps and overhang that stand after a change and did not stand before it."""
    old = shapely.union_all([flaw.shape for flaw in flaws_of(before, border)]).buffer(SAME)
    new = []
    for flaw in flaws_of(after, border):
        rest = shapely.difference(flaw.shape, old)
        if not rest.is_empty and area_m2(ground_of(rest)) >= _SMALLEST_M2:
            new.append(_fault(flaw))
    return new


def flaws_of(outlines: Outlines, border: BaseGeometry | None) -> Iterator[Flaw]:
    """Gaps, overlaps and overhang of the parts of a unit with this border, if it has one."""
    keys = sorted(outlines)
    shapes = numpy.empty(len(keys), dtype=object)
    shapes[:] = [outlines[key] for key in keys]
    yield from flaws_inside(Unit(-1, border, keys, shapes))
    yield from overlaps(keys, shapes)


def _fault(flaw: Flaw) -> Fault:
    place = flaw.shape.representative_point()
    whose = (flaw.territory,) if flaw.other is None else (flaw.territory, flaw.other)
    return Fault(flaw.kind, whose, round(place.x, 6), round(place.y, 6), flaw.area_m2)


def snapped(point: Point, shapes: Sequence[BaseGeometry]) -> Point:
    """The nearest corner within reach, else the nearest place of an edge, else the point itself."""
    here = shapely.Point(point)
    best, reach = point, SNAP
    for shape in shapes:
        for corner in shapely.get_coordinates(shape):
            far = numpy.hypot(*(corner - point))
            if far < reach:
                best, reach = (float(corner[0]), float(corner[1])), far
    if best is not point:
        return best
    for shape in shapes:
        edge = shape.boundary
        if edge.distance(here) < reach:
            at = edge.interpolate(edge.project(here))
            best, reach = (at.x, at.y), edge.distance(here)
    return best


def _lies_on(shape: BaseGeometry, point: Point) -> bool:
    return bool(shape.boundary.distance(shapely.Point(point)) < SAME * 10)


def _nearest_corner(holders: Outlines, point: Point) -> Point:
    corners = numpy.concatenate([shapely.get_coordinates(shape) for shape in holders.values()])
    far = numpy.hypot(*(corners - numpy.array(point)).T)
    nearest = corners[far.argmin()]
    return (float(nearest[0]), float(nearest[1])) if far.min() < SAME * 10 else point


def _with_point_moved(shape: BaseGeometry, source: Point, target: Point) -> BaseGeometry:
    def go(points: Coordinates) -> Coordinates:
        same = numpy.hypot(*(points - numpy.array(source)).T) < SAME * 10
        points[same] = target
        return points

    result = shapely.remove_repeated_points(shapely.transform(shape, go))
    if not result.is_valid or result.is_empty:
        raise BadGeometry(_("a border would cross itself"))
    return result


def _with_points(shape: BaseGeometry, points: Sequence[Point] | Coordinates) -> BaseGeometry:
    """The same outline with those of the points that lie on its edges as corners of its own."""
    if not len(points):
        return shape
    on = numpy.asarray(points)
    near = shapely.distance(shape.boundary, shapely.points(on)) < SAME
    if not near.any():
        return shape
    return shapely.snap(shape, shapely.multipoints(on[near]), SAME)


def _metres(shape: BaseGeometry) -> float:
    middle = numpy.cos(numpy.radians(shape.centroid.y)) if not shape.is_empty else 1.0
    flat = shapely.transform(shape, lambda points: points * (middle * 111_320, 110_950))
    return float(flat.length)
