"""The city's working calendar: official holidays, the city's own days, and working periods."""

import calendar as monthly
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays
from django.utils.translation import get_language

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
def _official(year: int, language: str = "") -> holidays.HolidayBase:
    """One finished object per year: one that grows is seen half grown by other threads."""
    names = "en_US" if language == "en" else "zh_CN"
    return holidays.country_holidays("CN", years=year, expand=False, language=names)


def _is_known(year: int) -> bool:
    """A year's notice always moves some workdays to weekends; without them only the statutory days
    of the year are known, and nobody knows which weekends are worked."""
    if any(day.year == year for day in _official(year).weekend_workdays):
        return True
    return CalendarDay.objects.filter(day__year=year).count() >= DAYS_THAT_MAKE_A_CALENDAR


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year as the calendar page draws it; `reason` names what makes it special.

    `kind`: `work`, `weekend`, `holiday` (a workday that is free, or a statutory day), `made_up`
    (a weekend day that is worked). `is_own`: the city decided it, not the State Council.
    """

    day: datetime.date
    kind: str
    reason: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    first: datetime.date
    weeks: tuple[tuple[Day | None, ...], ...]
    working_days: int


def year_of(year: int) -> list[Month]:
    """The twelve months in weeks that begin on Monday; None where a week lies outside the month."""
    own = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    official = _official(year, get_language() or "")
    days = monthly.Calendar(firstweekday=0)
    return [
        _month(year, number, days.monthdatescalendar(year, number), own, official)
        for number in range(1, 13)
    ]


def _month(
    year: int,
    number: int,
    weeks: list[list[datetime.date]],
    own: Mapping[datetime.date, CalendarDay],
    official: holidays.HolidayBase,
) -> Month:
    drawn = tuple(
        tuple(_day(day, own.get(day), official) if day.month == number else None for day in week)
        for week in weeks
    )
    worked = sum(1 for week in drawn for day in week if day and day.kind in {"work", "made_up"})
    return Month(datetime.date(year, number, 1), drawn, worked)


def _day(day: datetime.date, own: CalendarDay | None, official: holidays.HolidayBase) -> Day:
    is_weekend = day.weekday() >= 5
    is_worked = own.is_working if own else official.is_working_day(day)
    if is_worked:
        kind = "made_up" if is_weekend else "work"
    else:
        kind = "holiday" if not is_weekend or day in official or own else "weekend"
    reason = own.reason if own else official.get(day) or ""
    return Day(day, kind, reason, is_own=own is not None)
