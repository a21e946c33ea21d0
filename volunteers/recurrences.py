"""From a rule to the times of its shifts: pure reckoning on the city's calendar."""

import datetime
from collections.abc import Collection, Iterator

from lib.worktime import CITY_ZONE

WEEK = datetime.timedelta(days=7)


def days_of(
    weekdays: Collection[int],
    *,
    every_weeks: int,
    first: datetime.date,
    since: datetime.date,
    until: datetime.date,
) -> Iterator[datetime.date]:
    """Days from `since` to `until` (both included) on which the rule has a shift.

    Weeks begin on Monday and are counted from the one in which `first` lies.
    """
    monday = first - datetime.timedelta(days=first.weekday())
    day = max(first, since)
    while day <= until:
        if day.weekday() in weekdays and ((day - monday) // WEEK) % every_weeks == 0:
            yield day
        day += datetime.timedelta(days=1)


def moment_of(day: datetime.date, clock: datetime.time) -> datetime.datetime:
    """A time of the city's clock on a day, as a moment."""
    return datetime.datetime.combine(day, clock, tzinfo=CITY_ZONE)
