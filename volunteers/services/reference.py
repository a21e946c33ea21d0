"""Reference data of volunteers, from `volunteers/reference`."""

import datetime

from django.db import transaction

from organizations.models import User
from volunteers.services.hours_reference import load_hours_rules, load_stars
from volunteers.services.time_reference import load_time_rules
from volunteers.services.work_reference import load_courses, load_topics

LOADERS = (load_time_rules, load_hours_rules, load_stars, load_topics, load_courses)


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited stays."""
    return sum(load(by=by, at=at) for load in LOADERS)
