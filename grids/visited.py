"""When grids were last visited, as whoever keeps visits says."""

import datetime
from collections.abc import Callable, Mapping

from django.db.models import Max
from django.utils import timezone

from grids.models import Visit
from grids.visit_workflow import VisitState

LastVisits = Callable[[datetime.date], Mapping[int, datetime.date]]

_keepers: list[LastVisits] = []


def register(keeper: LastVisits) -> None:
    """`keeper(day)`: per grid the day of the last visit until then. Registering twice is once."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def visits_made(day: datetime.date) -> dict[int, datetime.date]:
    """The visits of this app: those of workers who were at the door, without what was void."""
    rows = Visit.objects.exclude(state=VisitState.VOID).order_by().values("grid")
    latest = rows.annotate(last=Max("at")).values_list("grid", "last")
    return {grid: min(timezone.localdate(at), day) for grid, at in latest}


def last_visits(day: datetime.date) -> dict[int, datetime.date] | None:
    """Per grid its last visit, the latest that any keeper knows; None where nobody keeps visits."""
    if not _keepers:
        return None
    found: dict[int, datetime.date] = {}
    for keeper in _keepers:
        for grid, seen in keeper(day).items():
            found[grid] = max(seen, found.get(grid, seen))
    return found
