"""Rules of hours and stars, from `volunteers/reference`.

Stars at 100, 300, 600, 1,000 and 1,500 hours are the state's (志愿服务记录办法, art. 19); how
arriving is checked and by when hours are confirmed every town decides for itself.
"""

import datetime

from organizations.models import User
from organizations.services import changes
from volunteers.models import HoursRule, Star
from volunteers.reference import read_rows


def load_hours_rules(*, by: User, at: datetime.datetime) -> int:
    """Add the rules of the file where there are none yet; how many rows."""
    if HoursRule.objects.exists():
        return 0
    rows = list(read_rows("hours_rules"))
    for row in rows:
        begins = datetime.date.fromisoformat(row.pop("valid_from"))
        numbers = {name: int(value) for name, value in row.items()}
        changes.create(HoursRule(valid_from=begins, **numbers), by=by, at=at)
    return len(rows)


def load_stars(*, by: User, at: datetime.datetime) -> int:
    """Add the stars of the file where there are none yet; how many rows."""
    if Star.objects.exists():
        return 0
    rows = list(read_rows("stars"))
    for row in rows:
        star = Star(
            rank=int(row["rank"]),
            minutes=int(row["hours"]) * 60,
            name=row["name"],
            name_en=row["name_en"],
            valid_from=datetime.date.fromisoformat(row["valid_from"]),
        )
        changes.create(star, by=by, at=at)
    return len(rows)
