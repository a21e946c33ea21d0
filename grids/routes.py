"""In which order places are visited: from where one stands always to the nearest next."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TypeVar

from lib.coordinates import Point, metres_between

T = TypeVar("T")


def nearest_next(
    stops: Iterable[T], *, place_of: Callable[[T], Point | None], start: Point | None = None
) -> list[T]:
    """`stops` in walking order from `start` (else from the first); those without a place last."""
    stops = list(stops)
    placed = [stop for stop in stops if place_of(stop) is not None]
    route: list[T] = []
    here = start
    while placed:
        at = 0 if here is None else _nearest(placed, place_of, here)
        route.append(placed.pop(at))
        here = place_of(route[-1])
    return route + [stop for stop in stops if place_of(stop) is None]


def _nearest(stops: list[T], place_of: Callable[[T], Point | None], here: Point) -> int:
    def metres(index: int) -> float:
        place = place_of(stops[index])
        return metres_between(here, place) if place else float("inf")

    return min(range(len(stops)), key=metres)


def length_of(places: Iterable[Point | None], *, start: Point | None = None) -> int:
    """Metres of a way as the crow flies."""
    line = [place for place in ([start] if start else []) + list(places) if place is not None]
    return round(sum(metres_between(a, b) for a, b in pairwise(line)))
