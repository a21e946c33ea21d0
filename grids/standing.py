"""How visits stand per grid: planned, done, late, found; numbers only, nothing of what was said."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, FloatField, Max, Q, Sum
from django.db.models.functions import Cast

from grids.models import Finding, Territory, Visit, VisitPlan
from grids.models.visit_plans import OVERSEERS, VISITORS
from grids.scopes import scopes_of, within
from grids.visit_workflow import FindingState
from organizations.models import User

WINDOW = 28  # days
SEES = VISITORS | OVERSEERS
Counted = Iterable[dict[str, Any]]  # `grid` and numbers


@dataclass(slots=True)
class GridStanding:
    """One grid over the window: visits `planned` by the rules' pace and `done`, targets `late`."""

    grid: Territory
    targets: int = 0
    planned: float = 0
    late: int = 0
    done: int = 0
    last_at: datetime.datetime | None = None
    found: int = 0
    settled: int = 0
    cases: int = 0

    @property
    def share(self) -> int:
        """Per cent of the plan, at most 100."""
        return min(100, round(100 * self.done / self.planned)) if self.planned else 100

    @property
    def tone(self) -> str:
        return "overdue" if self.share < 60 else "asked" if self.share < 90 else "done"


def reach(user: User | AnonymousUser, *, on: datetime.date) -> Q:
    """The places whose numbers `user` may read, private visits counted among them."""
    found = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role in SEES:
            found |= within(scope)
    return found


def communities(user: User | AnonymousUser, *, on: datetime.date) -> list[Territory]:
    """Those in which `user` sees planned visits, in the order of their codes."""
    keys = VisitPlan.objects.filter(reach(user, on=on)).order_by().values("community").distinct()
    return list(Territory.objects.filter(pk__in=keys).select_related("parent").order_by("code"))


def standing_of(
    community: Territory, user: User | AnonymousUser, *, on: datetime.date, at: datetime.datetime
) -> list[GridStanding]:
    """Every grid of a community that `user` may count, worst first; four queries."""
    mine = reach(user, on=on) & Q(community=community)
    since = at - datetime.timedelta(days=WINDOW)
    rows = {grid.pk: GridStanding(grid) for grid in _grids(community, on)}
    _add(rows, _plans(mine, on))
    _add(rows, _visits(mine, since))
    _add(rows, _findings(mine, since))
    seen = [row for row in rows.values() if row.targets or row.done]
    return sorted(seen, key=lambda row: (row.share, -row.late, row.grid.code))


def _grids(community: Territory, on: datetime.date) -> Iterable[Territory]:
    rows = Territory.objects.filter(parent=community).valid_on(on)
    return cast("Iterable[Territory]", rows.order_by("code"))


def _plans(mine: Q, on: datetime.date) -> Counted:
    pace = Sum(WINDOW / Cast(F("every_days"), FloatField()))
    late = Count("pk", filter=Q(due_on__lt=on))
    rows = VisitPlan.objects.filter(mine).order_by().values("grid")
    return cast("Counted", rows.annotate(targets=Count("pk"), planned=pace, late=late))


def _visits(mine: Q, since: datetime.datetime) -> Counted:
    rows = Visit.objects.made().filter(mine).order_by().values("grid")
    done = Count("pk", filter=Q(at__gte=since))
    return cast("Counted", rows.annotate(done=done, last_at=Max("at")))


def _findings(mine: Q, since: datetime.datetime) -> Counted:
    visits = Visit.objects.made().filter(mine, at__gte=since)
    rows = Finding.objects.filter(visit__in=visits.values("pk")).order_by()
    counted = rows.values(grid=F("visit__grid")).annotate(
        found=Count("pk"),
        settled=Count("pk", filter=Q(state=FindingState.RESOLVED)),
        cases=Count("pk", filter=Q(state=FindingState.CASE)),
    )
    return cast("Counted", counted)


def _add(rows: dict[int, GridStanding], counted: Counted) -> None:
    for numbers in counted:
        row = rows.get(numbers.pop("grid"))
        for name, value in numbers.items() if row is not None else ():
            setattr(row, name, value)
