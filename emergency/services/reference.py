"""Rules of levels, measures, kinds of tasks and supplies, from the readable file."""

import datetime
from typing import Any

from django.db import transaction

from emergency.models import Item, LevelRule, Measure, TaskKind
from emergency.reference import read
from organizations.models import User
from organizations.services import changes

# When the law on responding to emergencies, as it is now, came into force.
SINCE = datetime.date(2024, 11, 1)


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays as it is."""
    found = read()
    count = 0
    levels = set(LevelRule.objects.values_list("level", flat=True))
    for row in found["levels"]:
        if row["level"] not in levels:
            changes.create(LevelRule(**row, valid_from=SINCE), by=by, at=at)
            count += 1
    items = set(Item.objects.values_list("code", flat=True))
    for row in found["items"]:
        if row["code"] not in items:
            changes.create(Item(**row, valid_from=SINCE), by=by, at=at)
            count += 1
    return count + sum(_measure(row, by=by, at=at) for row in found["measures"])


def _measure(row: dict[str, Any], *, by: User, at: datetime.datetime) -> int:
    tasks = row.pop("tasks")
    if Measure.objects.filter(code=row["code"]).exists():
        return 0
    measure = changes.create(Measure(**row, valid_from=SINCE), by=by, at=at)
    for task in tasks:
        changes.create(TaskKind(**task, measure=measure, valid_from=SINCE), by=by, at=at)
    return 1 + len(tasks)
