"""Talent teams with their levels, and the rule of selection, from `talent/reference`."""

import datetime
from typing import Any

from django.db import transaction

from organizations.models import User
from organizations.services import changes
from talent.models import SelectionRule, Team, TeamLevel
from talent.reference import read_file

SINCE = datetime.date(2010, 1, 1)


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays.

    Levels are added only with their team.
    """
    known = set(Team.objects.values_list("code", flat=True))
    missing = [
        (place, row) for place, row in enumerate(read_file("teams")) if row["code"] not in known
    ]
    return sum(_add_team(place, row, by=by, at=at) for place, row in missing) + _add_rules(
        by=by, at=at
    )


def _add_team(place: int, row: dict[str, Any], *, by: User, at: datetime.datetime) -> int:
    levels = row.pop("levels")
    team = changes.create(Team(place=place, valid_from=SINCE, **row), by=by, at=at)
    for rank, level in enumerate(levels, start=1):
        changes.create(TeamLevel(team=team, rank=rank, valid_from=SINCE, **level), by=by, at=at)
    return 1 + len(levels)


def _add_rules(*, by: User, at: datetime.datetime) -> int:
    if SelectionRule.objects.exists():
        return 0
    rows = read_file("selection_rules")
    for row in rows:
        changes.create(SelectionRule(valid_from=SINCE, **row), by=by, at=at)
    return len(rows)
