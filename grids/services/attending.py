"""Which grids nobody looks after, are too large, or have not been visited for long."""

import datetime
from collections.abc import Iterator

from grids.codes import is_village
from grids.models import CoverageRule, FindingKind, Leave, Level, PostTerritory, Territory
from grids.models.checking import Setting
from grids.visited import last_visits
from lib.roles import Role
from organizations.models import Post

Neglect = tuple[str, int, int | None]


def neglected(day: datetime.date) -> Iterator[Neglect]:
    """(kind, grid, measure) for all grids of the day, in a fixed number of queries."""
    rules = {rule.setting: rule for rule in CoverageRule.objects.valid_on(day)}
    visits = last_visits(day)
    staffed = staffed_territories(day)
    grids = Territory.objects.at_level(Level.GRID).valid_on(day).order_by("pk")
    columns = ("pk", "parent_id", "parent__code", "households", "valid_from")
    for key, community, code, households, since in grids.values_list(*columns):
        rule = rules.get(Setting.RURAL if is_village(code) else Setting.URBAN)
        if key not in staffed and community not in staffed:
            yield FindingKind.UNSTAFFED, key, None
        if rule is not None and households is not None and households > rule.most_households:
            yield FindingKind.OVERSIZE, key, households
        if rule is not None and visits is not None:
            yield from _unvisited(key, visits.get(key), since, day, rule)


def _unvisited(
    grid: int,
    seen: datetime.date | None,
    since: datetime.date,
    day: datetime.date,
    rule: CoverageRule,
) -> Iterator[Neglect]:
    """A grid that nobody has visited yet counts from its foundation."""
    if (day - (seen or since)).days > rule.visit_days:
        yield FindingKind.UNVISITED, grid, (day - seen).days if seen else None


def staffed_territories(day: datetime.date) -> set[int]:
    """Keys of grids, and of communities, that somebody in office walks on that day.

    Who is on leave counts only if somebody stands in.
    """
    away = Leave.objects.approved().on_day(day).filter(stand_in=None)
    rows = (
        PostTerritory.objects.valid_on(day)
        .filter(
            post__role__in=[Role.GRID_WORKER, Role.COMMUNITY_WORKER],
            post__in=Post.objects.valid_on(day),
            post__person__is_active=True,
            territory__level__in=[Level.GRID, Level.COMMUNITY],
        )
        .exclude(post__in=away.values("post"))
    )
    return set(rows.values_list("territory_id", flat=True))
