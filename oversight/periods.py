"""Periods for which numbers are asked: a day, a month … a year, or from one day to another."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lib.moments import midnight

ONE_DAY = datetime.timedelta(days=1)
# A trend shows days as long as they can be told apart.
MOST_DAYS = 62
LONGEST = 3660


class Kind(models.TextChoices):
    DAY = "day", pgettext_lazy("period", "Day")
    MONTH = "month", gettext_lazy("Month")
    QUARTER = "quarter", gettext_lazy("Quarter")
    HALF = "half", gettext_lazy("Half year")
    YEAR = "year", pgettext_lazy("period", "Year")
    CUSTOM = "custom", gettext_lazy("From … until")


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    kind: str
    first: datetime.date
    last: datetime.date

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        if self.kind == Kind.MONTH:
            return f"{self.first:%Y-%m}"
        if self.kind == Kind.QUARTER:
            facts = {"year": self.first.year, "number": (self.first.month + 2) // 3}
            return _("quarter %(number)d of %(year)d") % facts
        if self.kind == Kind.HALF:
            facts = {"year": self.first.year, "number": (self.first.month + 5) // 6}
            return _("half %(number)d of %(year)d") % facts
        if self.kind == Kind.YEAR:
            return str(self.first.year)
        return f"{self.first.isoformat()} – {self.last.isoformat()}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The one before, of the same length."""
        if self.kind in _MONTHS:
            return period_of(self.kind, self.first - ONE_DAY)
        last = self.first - ONE_DAY
        return Period(self.kind, last - (self.last - self.first), last)

    def after(self) -> "Period":
        if self.kind in _MONTHS:
            return period_of(self.kind, self.last + ONE_DAY)
        first = self.last + ONE_DAY
        return Period(self.kind, first, first + (self.last - self.first))

    def begin(self) -> datetime.datetime:
        """Its first instant in the city's clock."""
        return midnight(self.first)

    def end(self, now: datetime.datetime) -> datetime.datetime:
        """The moment at which what stands is looked at: its last instant, or now."""
        return min(now, midnight(self.last + ONE_DAY) - datetime.timedelta(microseconds=1))

    def months(self) -> list[datetime.date]:
        """First days of the months that lie in it as a whole."""
        return [start for start, end in _months(self.first, self.last) if end is not None]

    def ranges(self) -> list[tuple[datetime.date, datetime.date]]:
        """The days besides whole months, as ranges with both ends."""
        whole = self.months()
        if not whole:
            return [(self.first, self.last)]
        beyond = _next_month(whole[-1])
        parts = [(self.first, whole[0] - ONE_DAY), (beyond, self.last)]
        return [(first, last) for first, last in parts if first <= last]

    @property
    def is_long(self) -> bool:
        """Whether a trend goes by months."""
        return self.days > MOST_DAYS


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def _months(
    first: datetime.date, last: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date | None]]:
    """(first day, last day) of months that begin within; the last day None where it lies beyond."""
    start = first if first.day == 1 else _next_month(first)
    while start <= last:
        end = _next_month(start) - ONE_DAY
        yield start, end if end <= last else None
        start = end + ONE_DAY


def period_of(kind: str, day: datetime.date) -> Period:
    """The day, month, quarter, half year or year in which a day lies."""
    if kind not in _MONTHS:
        return Period(Kind.DAY, day, day)
    length = _MONTHS[Kind(kind)]
    month = (day.month - 1) // length * length + 1
    first = day.replace(month=month, day=1)
    last = first
    for _month in range(length):
        last = _next_month(last)
    return Period(kind, first, last - ONE_DAY)
