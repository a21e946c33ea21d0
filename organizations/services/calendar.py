"""Days on which the official calendar is overruled, and the periods of the working day."""

import datetime

from organizations.models import CalendarDay, User, WorkingPeriod
from organizations.services import changes


def make_calendar_day(
    *, day: datetime.date, is_working: bool, reason: str, by: User, at: datetime.datetime
) -> CalendarDay:
    return changes.create(CalendarDay(day=day, is_working=is_working, reason=reason), by=by, at=at)


def make_working_period(
    *,
    starts: datetime.time,
    ends: datetime.time,
    valid_from: datetime.date,
    by: User,
    at: datetime.datetime,
) -> WorkingPeriod:
    return changes.create(
        WorkingPeriod(starts=starts, ends=ends, valid_from=valid_from), by=by, at=at
    )
