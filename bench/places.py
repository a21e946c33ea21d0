"""How many points a second find their grid."""

import random
import time
from typing import Any

import shapely
from django.utils import timezone

from grids.locate import locate, locate_many
from grids.models import Boundary, Level
from grids.services.schematic import draw_schematic
from organizations.models import User

POINTS = 100_000


def measure(*, grids: int, seed: int) -> dict[str, Any]:
    """Draw a city of about `grids` grids in a fresh database, and ask for points all over it."""
    at = timezone.now()
    draw_schematic(
        seed=seed,
        since=timezone.localdate(at),
        by=User.objects.system(),
        at=at,
        grids=grids,
    )
    outlines = Boundary.objects.filter(territory__level=Level.GRID)
    points = _points(outlines.values_list("geometry", flat=True), seed)
    locate(*points[0])
    begun, cpu = time.perf_counter(), time.process_time()
    found = [locate(*point) for point in points]
    alone, alone_cpu = time.perf_counter() - begun, time.process_time() - cpu
    begun = time.perf_counter()
    together_found = locate_many(points)
    together = time.perf_counter() - begun
    if found != together_found:
        raise AssertionError("one by one and together they lie elsewhere")
    return {
        "alone": POINTS / alone,
        "per_cpu_second": POINTS / alone_cpu,
        "together": POINTS / together,
        "grids": outlines.count(),
        "found": sum(place is not None for place in found),
    }


def _points(outlines: Any, seed: int) -> list[tuple[float, float]]:
    """Points of chance, each within the box around some grid: matters lie where grids lie."""
    boxes = [shapely.geometry.shape(outline).bounds for outline in outlines]
    chance = random.Random(seed)
    return [_point_in(chance.choice(boxes), chance) for _ in range(POINTS)]


def _point_in(box: tuple[float, ...], chance: random.Random) -> tuple[float, float]:
    west, south, east, north = box
    return chance.uniform(west, east), chance.uniform(south, north)
