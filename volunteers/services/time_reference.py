"""Rules of the time bank, from `volunteers/reference`.

One hour of help is one hour on the account. How much a person may owe and save, and after how long
unused minutes return, every community bank decides for itself (1,500 hours are a usual cap).
"""

import datetime

from organizations.models import User
from organizations.services import changes
from volunteers.models import TimeRule
from volunteers.reference import read_rows

NUMBERS = ("overdraft", "ceiling", "pool_overdraft", "keep_months", "gift_minutes")


def load_time_rules(*, by: User, at: datetime.datetime) -> int:
    """Add the rules of the file where there are none yet; how many rows."""
    if TimeRule.objects.exists():
        return 0
    rows = list(read_rows("time_rules"))
    for row in rows:
        begins = datetime.date.fromisoformat(row["valid_from"])
        numbers = {name: int(row[name]) for name in NUMBERS}
        changes.create(TimeRule(valid_from=begins, **numbers), by=by, at=at)
    return len(rows)
