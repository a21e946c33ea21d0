"""How long it takes to know whether a city's grids tile, and to plan who is visited."""

import time
from typing import Any

from django.utils import timezone
from shapely.geometry import mapping, shape

from grids import services
from grids.models import Boundary, CoverageFinding, Level, Territory, VisitPlan
from grids.models.checking import OF_GROUND
from grids.services.schematic import draw_schematic
from organizations.models import User


def measure(*, grids: int, seed: int) -> dict[str, Any]:
    """Draw a city of about `grids` grids in a fresh database, check all of it, then one change."""
    at = timezone.now()
    draw_schematic(
        seed=seed, since=timezone.localdate(at), by=User.objects.system(), at=at, grids=grids
    )
    full, cpu = _check()
    flaws = CoverageFinding.objects.standing().filter(kind__in=OF_GROUND).count()
    _shrink_one()
    again, _cpu = _check()
    found = CoverageFinding.objects.standing().filter(kind="blind").count()
    if found != 1:
        raise AssertionError(f"one gap was made, {found} were found")
    begun = time.perf_counter()
    services.plan_visits(on=timezone.localdate(at))
    return {
        "full": full,
        "cpu_seconds": cpu,
        "again": again,
        "flaws": flaws,
        "grids": Territory.objects.at_level(Level.GRID).count(),
        "planning": time.perf_counter() - begun,
        "planned": VisitPlan.objects.count(),
    }


def _check() -> tuple[float, float]:
    services.ask_check(by=User.objects.system(), at=timezone.now())
    begun, cpu = time.perf_counter(), time.process_time()
    services.check_waiting(moment=timezone.now)
    return time.perf_counter() - begun, time.process_time() - cpu


def _shrink_one() -> None:
    """A bite out of one grid: a single gap of some 500 square metres."""
    row = Boundary.objects.filter(territory__level=Level.GRID).earliest("pk")
    outline = shape(row.geometry)
    bite = outline.representative_point().buffer(1.2e-4)
    services.draw_boundary(
        row.territory, geometry=mapping(outline.difference(bite)), by=User.objects.system(),
        at=timezone.now(),
    )  # fmt: skip
