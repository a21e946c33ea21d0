"""The city's working calendar: official holidays, the city's own days, and working periods."""

import datetime
from functools import lru_cache

import holidays

from lib.worktime import Period, WorkCalendar
from organizations.models import CalendarDay, WorkingPeriod

# Where no row says otherwise (the usual default of city management systems).
USUAL_PERIODS = (
    Period(datetime.time(8), datetime.time(12)),
    Period(datetime.time(14), datetime.time(18)),
)
# As many days as a year's notice of the State Council names at the least: a year for which the city
# entered this many itself is a known year.
DAYS_THAT_MAKE_A_CALENDAR = 10
WARN_BEFORE = datetime.timedelta(days=60)


def working_calendar() -> WorkCalendar:
    """The calendar as the tables say now: two small queries; equal content is built only once."""
    days = CalendarDay.objects.order_by("day").values_list("day", "is_working")
    rows = WorkingPeriod.objects.order_by("starts", "id")
    periods = tuple(
        Period(*values) for values in rows.values_list("starts", "ends", "valid_from", "valid_to")
    )
    return _calendar(tuple(days), periods or USUAL_PERIODS)


def horizon_warning(on: datetime.date) -> datetime.date | None:
    """The last day of which we know whether it is worked, if it comes within 60 days of `on`."""
    year = on.year
    while _is_known(year + 1):
        year += 1
    end = datetime.date(year, 12, 31)
    return end if end - on < WARN_BEFORE else None


@lru_cache(maxsize=4)
def _calendar(
    days: tuple[tuple[datetime.date, bool], ...], periods: tuple[Period, ...]
) -> WorkCalendar:
    decided = dict(days)

    def is_working_day(day: datetime.date) -> bool:
        return decided[day] if day in decided else _official(day.year).is_working_day(day)

    return WorkCalendar(periods, is_working_day)


@lru_cache(maxsize=64)
def _official(year: int) -> holidays.HolidayBase:
    """One finished object per year: one that grows is seen half grown by other threads."""
    return holidays.country_holidays("CN", years=year, expand=False)


def _is_known(year: int) -> bool:
    """A year's notice always moves some workdays to weekends; without them only the statutory days
    of the year are known, and nobody knows which weekends are worked."""
    if any(day.year == year for day in _official(year).weekend_workdays):
        return True
    return CalendarDay.objects.filter(day__year=year).count() >= DAYS_THAT_MAKE_A_CALENDAR
