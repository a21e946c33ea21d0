"""How many residents a second learn who looks after the place where they stand."""

import random
import time
from typing import Any

import shapely
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grids.locate import locate
from grids.models import Boundary, Level
from portal.neighbours import neighbours_of

ANSWERS = 600
PAGES = 200


def measure(*, seed: int) -> dict[str, Any]:
    """In the demo town: the answer of the service alone, then the whole page by the test client."""
    points = _points(seed, ANSWERS)
    _answer(points[0])
    begun, cpu = time.perf_counter(), time.process_time()
    found = [_answer(point) for point in points]
    taken, cpu = time.perf_counter() - begun, time.process_time() - cpu
    client, address = Client(), reverse("portal:my_grid")
    _page(client, address, points[0])
    begun = time.perf_counter()
    for point in points[:PAGES]:
        _page(client, address, point)
    pages = time.perf_counter() - begun
    return {
        "answers": ANSWERS / taken,
        "answers_per_cpu_second": ANSWERS / cpu,
        "pages": PAGES / pages,
        "asked": ANSWERS,
        "with_a_worker": sum(found),
    }


def _answer(point: tuple[float, float]) -> bool:
    place = locate(*point)
    return place is not None and bool(neighbours_of(place, at=timezone.now()).workers)


def _page(client: Client, address: str, point: tuple[float, float]) -> None:
    answer = client.get(
        address, {"lon": str(point[0]), "lat": str(point[1])}, headers={"host": "localhost"}
    )
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")


def _points(seed: int, number: int) -> list[tuple[float, float]]:
    """Points inside grids of chance."""
    rows = Boundary.objects.filter(territory__level=Level.GRID, valid_to=None)
    drawn = rows.order_by("pk").values_list("geometry", flat=True)
    outlines = [shapely.geometry.shape(outline) for outline in drawn]
    chance = random.Random(seed)
    inside = [chance.choice(outlines).representative_point() for _ in range(number)]
    return [(point.x, point.y) for point in inside]
