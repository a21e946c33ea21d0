"""Topics of activities and courses that some ask for, from `volunteers/reference`."""

import datetime

from organizations.models import User
from organizations.services import changes
from volunteers.models import Course, Topic
from volunteers.reference import read_rows


def load_topics(*, by: User, at: datetime.datetime) -> int:
    """Add topics whose code is not there; how many."""
    known = set(Topic.objects.values_list("code", flat=True))
    rows = [row for row in read_rows("topics") if row["code"] not in known]
    for row in rows:
        changes.create(Topic(**row), by=by, at=at)
    return len(rows)


def load_courses(*, by: User, at: datetime.datetime) -> int:
    """Add courses whose code is not there; how many. An empty `months`: valid without end."""
    known = set(Course.objects.values_list("code", flat=True))
    rows = [row for row in read_rows("courses") if row["code"] not in known]
    for row in rows:
        months = int(row.pop("months") or 0) or None
        changes.create(Course(months=months, **row), by=by, at=at)
    return len(rows)
