"""A schematic map (示意): outlines for towns, communities and grids that nobody has surveyed.

Grown from rough centres of the towns. Every grid is a cell of one Voronoi diagram, communities are
unions of their grids and towns of their communities; so all levels tile without gap or overlap,
because neighbours share the very same vertices. The same seed gives the same map.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from grids.codes import grid_codes
from grids.models import Level
from grids.reference import read_rows

Points = numpy.ndarray[Any, numpy.dtype[numpy.float64]]
Positions = numpy.ndarray[Any, numpy.dtype[numpy.int64]]

HUANGJIANG = "441900114"
# Centres lie inside their towns: the city reaches this far (degrees) beyond the outermost.
_MARGIN = 0.045
# No town reaches further than this from its centre: where the border bends inwards, so do they.
_REACH = 0.085
_DECIMALS = 6  # 0.1 m
_ROUNDS = 8
_SAMPLES_PER_GRID = 25
# As many grids as 黄江镇's demonstration wants, whatever its share of the people.
_FIXED = {HUANGJIANG: 70}


@dataclass(frozen=True, slots=True)
class Plot:
    """A piece of the schematic map; `parent` is the code of what it lies in."""

    level: Level
    code: str
    parent: str
    outline: BaseGeometry


def draw_city(*, seed: int, grids: int = 2900) -> list[Plot]:
    """All towns that have people, their communities and about `grids` grids: towns come first."""
    plan = plan_grids(grids)
    cells = _cells(plan, numpy.random.default_rng(seed))
    plots: dict[Level, list[Plot]] = {Level.TOWN: [], Level.COMMUNITY: [], Level.GRID: []}
    for town, communities in cells.items():
        outlines = []
        for community, outlined in communities.items():
            outlines.append(shapely.coverage_union_all(outlined))
            plots[Level.COMMUNITY].append(Plot(Level.COMMUNITY, community, town, outlines[-1]))
            for code, outline in zip(grid_codes(community, outlined), outlined, strict=True):
                plots[Level.GRID].append(Plot(Level.GRID, code, community, outline))
        plots[Level.TOWN].append(Plot(Level.TOWN, town, "", shapely.coverage_union_all(outlines)))
    return [plot for level in plots.values() for plot in level]


def plan_grids(total: int) -> dict[str, dict[str, int]]:
    """Per town and community how many grids, after the towns' people; at least one for each."""
    people = {row["code"]: int(row["population_2020"] or 0) for row in read_rows("towns")}
    communities: dict[str, list[str]] = {town: [] for town, count in people.items() if count}
    for row in read_rows("communities"):
        if row["code"][:9] in communities:
            communities[row["code"][:9]].append(row["code"])
    left = total - sum(_FIXED.values())
    others = sum(count for town, count in people.items() if town not in _FIXED)
    plan = {}
    for town, codes in communities.items():
        wanted = _FIXED.get(town, round(left * people[town] / others))
        plan[town] = _shared_out(max(wanted, len(codes)), codes)
    return plan


def _shared_out(total: int, codes: Sequence[str]) -> dict[str, int]:
    each, more = divmod(total, len(codes))
    return {code: each + (place < more) for place, code in enumerate(codes)}


def town_outlines() -> dict[str, BaseGeometry]:
    """Rough outlines: what is nearest to each town's centre, and not too far from it."""
    centres = {
        row["code"]: (float(row["lon"]), float(row["lat"]))
        for row in read_rows("towns")
        if row["population_2020"]
    }
    points = shapely.multipoints(list(centres.values()))
    city = points.convex_hull.buffer(_MARGIN) & points.buffer(_REACH)
    nearest = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=city, ordered=True))
    return {code: cell & city for code, cell in zip(centres, nearest, strict=True)}


def _cells(
    plan: Mapping[str, Mapping[str, int]], chance: numpy.random.Generator
) -> dict[str, dict[str, list[BaseGeometry]]]:
    """Per town and community the outlines of its grids."""
    outlines = town_outlines()
    owners: list[tuple[str, str]] = []
    centres: list[Points] = []
    for town, counts in plan.items():
        for community, found in _centres(outlines[town], counts, chance).items():
            owners += [(town, community)] * len(found)
            centres.append(found)
    cells: dict[str, dict[str, list[BaseGeometry]]] = {
        town: {community: [] for community in counts} for town, counts in plan.items()
    }
    drawn = _tiles(numpy.concatenate(centres), shapely.union_all(list(outlines.values())))
    for (town, community), cell in zip(owners, drawn, strict=True):
        cells[town][community].append(cell)
    return cells


def _centres(
    outline: BaseGeometry, counts: Mapping[str, int], chance: numpy.random.Generator
) -> dict[str, Points]:
    """Per community the centres of its grids, spread evenly over its part of the town."""
    samples = _points_in(outline, _SAMPLES_PER_GRID * sum(counts.values()), chance)
    _middles, part = _spread(samples, len(counts), chance)
    return {
        community: _spread(samples[part == place], count, chance)[0]
        for place, (community, count) in enumerate(counts.items())
    }


def _points_in(outline: BaseGeometry, count: int, chance: numpy.random.Generator) -> Points:
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    found = numpy.empty((0, 2))
    while len(found) < count:
        tried = chance.uniform((west, south), (east, north), (count, 2))
        found = numpy.concatenate((found, tried[shapely.contains_xy(outline, *tried.T)]))
    return found[:count]


def _spread(
    samples: Points, count: int, chance: numpy.random.Generator
) -> tuple[Points, Positions]:
    """`count` centres with about as many samples around each (Lloyd), and each sample's centre."""
    centres = samples[chance.choice(len(samples), count, replace=False)]
    for _round in range(_ROUNDS):
        nearest = _nearest(samples, centres)
        members = numpy.bincount(nearest, minlength=count)
        sums = [numpy.bincount(nearest, axis, minlength=count) for axis in samples.T]
        means = numpy.column_stack(sums) / numpy.maximum(members, 1)[:, None]
        centres = numpy.where(members[:, None] > 0, means, centres)
    return centres, _nearest(samples, centres)


def _nearest(samples: Points, centres: Points) -> Positions:
    tree = shapely.STRtree(shapely.points(centres))
    nearest: Positions = tree.nearest(shapely.points(samples))
    return nearest


def _tiles(centres: Points, city: BaseGeometry) -> list[BaseGeometry]:
    """A Voronoi cell per centre. Centres outside the city, not a knife, make its border."""
    spacing = sqrt(city.area / len(centres))
    fence = city.buffer(spacing / 2).exterior
    posts = fence.interpolate(numpy.linspace(0, fence.length, ceil(fence.length / spacing)))
    ring = shapely.get_coordinates(posts[:-1])
    points = shapely.multipoints(numpy.concatenate((centres, ring)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, ordered=True))[: len(centres)]
    return [
        shapely.remove_repeated_points(shapely.transform(cell, lambda at: at.round(_DECIMALS)))
        for cell in cells
    ]
