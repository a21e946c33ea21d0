"""Dongguan's territory from the readable files in `grids/reference`: what is missing is added.

Sources: division codes and names after GB/T 10114 as the statistical office publishes them (2023);
population of the census of 2020; functional areas since March 2017 (one park and six towns of
松山湖片区 are documented, the others follow common knowledge); centres of towns by eye, fit for
schematic maps only.
"""

import datetime

from django.db import transaction
from django.db.models import Q

from grids.models import AreaMembership, CoverageRule, Level, ShiftKind, Territory
from grids.models.changes import BOUNDARIES
from grids.reference import read_rows
from grids.services.counting import note_change
from grids.services.visit_reference import add_visit_kinds
from organizations.models import User
from organizations.services import changes

# Before anything that the portal is ever asked about.
SINCE = datetime.date(2010, 1, 1)

Row = dict[str, str]


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add cities, areas, towns, communities and memberships that are not there; how many.

    What is there stays as people have edited it, so loading twice adds nothing.
    """
    added = sum(
        [
            _add(Level.CITY, "cities", digits=0),
            _add(Level.AREA, "areas", digits=6),
            _add(Level.TOWN, "towns", digits=6),
            _add(Level.COMMUNITY, "communities", digits=9),
            _add_memberships(),
            _add_coverage_rules(),
            _add_shift_kinds(),
        ]
    )
    if added:
        city = Territory.objects.get(level=Level.CITY, code=next(read_rows("cities"))["code"])
        changes.record_values(city, before={}, after={"loaded": added}, by=by, at=at, action="load")
        note_change(BOUNDARIES)
    return added + add_visit_kinds(by=by, at=at)


def _add(level: Level, name: str, *, digits: int) -> int:
    rows = list(read_rows(name))
    known = set(
        Territory.objects.filter(code__in=[row["code"] for row in rows]).values_list(
            "code", flat=True
        )
    )
    parents = dict(
        Territory.objects.filter(code__in={row["code"][:digits] for row in rows}).values_list(
            "code", "pk"
        )
    )
    missing = [
        _territory(level, row, parents.get(row["code"][:digits]))
        for row in rows
        if row["code"] not in known
    ]
    return len(Territory.objects.bulk_create(missing))


def _territory(level: Level, row: Row, parent: int | None) -> Territory:
    aliases = row.get("aliases", "")
    population = row.get("population_2020", "")
    return Territory(
        level=level,
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        name_en=row["name_en"],
        aliases=aliases.split("|") if aliases else [],
        population=int(population) if population else None,
        parent_id=parent,
        valid_from=SINCE,
    )


def _add_memberships() -> int:
    rows = list(read_rows("area_members"))
    codes = {row[column] for row in rows for column in ("area", "town")}
    keys = dict(Territory.objects.filter(code__in=codes).values_list("code", "pk"))
    missing = []
    for row in rows:
        area, town = keys[row["area"]], keys[row["town"]]
        since = datetime.date.fromisoformat(row["valid_from"])
        known = Q(area=area, valid_from=since) | Q(valid_to=None)
        if not AreaMembership.objects.filter(known, town=town).exists():
            ended = datetime.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
            missing.append(
                AreaMembership(area_id=area, town_id=town, valid_from=since, valid_to=ended)
            )
    return len(AreaMembership.objects.bulk_create(missing))


def _add_coverage_rules() -> int:
    """Only where nobody has ever made a rule: what people have ended stays ended."""
    if CoverageRule.objects.exists():
        return 0
    rules = [CoverageRule(valid_from=SINCE, **row) for row in read_rows("coverage_rules")]
    return len(CoverageRule.objects.bulk_create(rules))


def _add_shift_kinds() -> int:
    """As rules of coverage: only where there has never been a kind."""
    if ShiftKind.objects.exists():
        return 0
    kinds = [ShiftKind(valid_from=SINCE, **row) for row in read_rows("shift_kinds")]
    return len(ShiftKind.objects.bulk_create(kinds))
