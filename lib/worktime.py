"""Time limits in the four units of digital city management, exact to the second.

`urgent_hour` and `natural_day` run around the clock; `work_hour` and `work_day` (= 8 working hours)
count only the working periods of working days (practice of GB/T 30428.8 systems). A limit that
begins outside working time begins with the next working second; one that ends with a period ends
there, not at the beginning of the next.
"""

import datetime
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")
SECONDS_OF_A_WORK_DAY = 8 * 3600
_CONTINUOUS = {"urgent_hour": 3600, "natural_day": 86_400}
_WORKING = {"work_hour": 3600, "work_day": SECONDS_OF_A_WORK_DAY}
_DAYS_AT_ONCE = 366
_LONGEST_SEARCH = 20 * 366  # days: beyond it the calendar knows no working time at all


# While it lasts a clock counts nothing: from (included) to (excluded).
Pause = tuple[datetime.datetime, datetime.datetime]


def is_continuous(unit: str) -> bool:
    """Whether the unit runs around the clock. ValueError for a unit that nobody knows."""
    if unit not in _CONTINUOUS and unit not in _WORKING:
        raise ValueError(f"unknown unit of time: {unit}")
    return unit in _CONTINUOUS


def seconds_of(amount: int, unit: str) -> int:
    """How long a limit is on its own clock: working seconds for working units."""
    return amount * (_CONTINUOUS if is_continuous(unit) else _WORKING)[unit]


def share_used(used: int, limit: int) -> int:
    """Seconds used of a limit in percent, rounded down: 100 means that all of it is gone."""
    return used * 100 // limit if limit > 0 else 100


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the working day in the city's clock, `ends` excluded; dated as its row is."""

    starts: datetime.time
    ends: datetime.time
    valid_from: datetime.date = datetime.date.min
    valid_to: datetime.date | None = None

    def seconds(self) -> tuple[int, int]:
        return _second_of_day(self.starts), _second_of_day(self.ends)

    def holds_on(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class _Table:
    """Working seconds before each day from `first` (ordinal) on: replaced as a whole when it grows,
    so that threads may share a calendar."""

    first: int
    totals: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.first + len(self.totals) - 1


class WorkCalendar:
    """Working periods on working days. Moments must be aware; answers are in UTC.

    Fractions of a second count as the whole second that they have begun. The city knows no summer
    time, so every day has 86,400 seconds.
    """

    def __init__(
        self,
        periods: Iterable[Period],
        is_working_day: Callable[[datetime.date], bool],
        *,
        zone: datetime.tzinfo = CITY_ZONE,
    ) -> None:
        self._periods = tuple(sorted(periods, key=lambda period: period.starts))
        self._is_working_day = is_working_day
        self._zone = zone
        self._slots_by_day: dict[int, tuple[tuple[int, int], ...]] = {}
        self._table = _Table(0, (0,))

    def deadline(self, start: datetime.datetime, amount: int, unit: str) -> datetime.datetime:
        """The moment at which `amount` (≥ 1) of `unit` that began at `start` has run out.

        ValueError for an amount below 1, an unknown unit, or a calendar without working time.
        """
        if amount < 1:
            raise ValueError("a limit is at least 1")
        return self.after(start, seconds_of(amount, unit), unit)

    def after(
        self, start: datetime.datetime, seconds: int, unit: str, *, pauses: Iterable[Pause] = ()
    ) -> datetime.datetime:
        """The moment at which the clock of `unit` has counted `seconds` since `start`.

        While a pause lasts it counts nothing; pauses may touch, overlap and begin before `start`.
        """
        moment, left = _whole_second(start), seconds
        for begins, ends in _one_after_another(pauses):
            due = self._counted_on(moment, left, unit)
            if due <= begins:
                return due
            if moment < begins:
                left -= self._counted_between(moment, begins, unit)
            moment = max(moment, ends)
        return self._counted_on(moment, left, unit)

    def used(
        self,
        start: datetime.datetime,
        end: datetime.datetime,
        unit: str,
        *,
        pauses: Iterable[Pause] = (),
    ) -> int:
        """Seconds that the clock of `unit` has counted from `start` to `end`, without pauses.

        0 when `end` comes first.
        """
        first, last = _whole_second(start), _whole_second(end)
        if last <= first:
            return 0
        inside = [
            (max(first, begins), min(last, ends))
            for begins, ends in _one_after_another(pauses)
            if begins < last and ends > first
        ]
        stopped = sum(self._counted_between(begins, ends, unit) for begins, ends in inside)
        return self._counted_between(first, last, unit) - stopped

    def _counted_on(self, moment: datetime.datetime, seconds: int, unit: str) -> datetime.datetime:
        if is_continuous(unit):
            return moment.astimezone(datetime.UTC) + datetime.timedelta(0, seconds)
        if not seconds:
            return moment.astimezone(datetime.UTC)
        return self._when_worked(self._worked_before(moment) + seconds)

    def _counted_between(self, start: datetime.datetime, end: datetime.datetime, unit: str) -> int:
        if is_continuous(unit):
            return int((end - start).total_seconds())
        return self.seconds_between(start, end)

    def seconds_between(self, start: datetime.datetime, end: datetime.datetime) -> int:
        """Working seconds from `start` to `end`; negative when `end` comes first."""
        low, high = sorted((self._ordinal(start), self._ordinal(end)))
        self._grow_to_hold(low)
        self._grow_to_hold(high)
        return self._worked_before(end) - self._worked_before(start)

    def is_working(self, at: datetime.datetime) -> bool:
        day, second = self._day_and_second(at)
        return any(starts <= second < ends for starts, ends in self._slots(day))

    def next_working(self, at: datetime.datetime) -> datetime.datetime:
        """`at` (as a whole second) when it is working time, else the next working second."""
        day, second = self._day_and_second(at)
        for later in range(day, day + _LONGEST_SEARCH):
            for starts, ends in self._slots(later):
                if later > day or second < ends:
                    return self._moment(later, starts if later > day else max(second, starts))
        raise ValueError("the calendar knows no working time")

    # -- Seconds worked since the beginning of the table ---------------------------------------

    def _worked_before(self, at: datetime.datetime) -> int:
        day, second = self._day_and_second(at)
        self._grow_to_hold(day)
        table = self._table
        today = sum(max(0, min(second, ends) - starts) for starts, ends in self._slots(day))
        return table.totals[day - table.first] + today

    def _when_worked(self, total: int) -> datetime.datetime:
        """The earliest moment at which `total` seconds of the table have been worked."""
        while (table := self._table).totals[-1] < total:
            self._grow_to_hold(table.end + _DAYS_AT_ONCE - 1)
            if self._table.totals[-1] == table.totals[-1]:
                self._grow_to_hold(table.end + _LONGEST_SEARCH)
            if self._table.totals[-1] == table.totals[-1]:
                raise ValueError("the calendar knows no working time")
        index = bisect_left(table.totals, total) - 1
        left = total - table.totals[index]
        day = table.first + index
        for starts, ends in self._slots(day):
            if left <= ends - starts:
                return self._moment(day, starts + left)
            left -= ends - starts
        raise AssertionError("the table holds more than its days")

    def _grow_to_hold(self, day: int) -> None:
        """Make the table reach over `day` (an ordinal). Growing backwards begins it anew."""
        table = self._table
        if table.first <= day < table.end:
            return
        if table.first == 0 or day < table.first:
            last = day if table.first == 0 else table.end - 1
            self._table = self._counted(_Table(day - _DAYS_AT_ONCE, (0,)), last + _DAYS_AT_ONCE)
        else:
            self._table = self._counted(table, day + _DAYS_AT_ONCE)

    def _counted(self, table: _Table, last: int) -> _Table:
        totals = list(table.totals)
        for day in range(table.end, last + 1):
            totals.append(totals[-1] + sum(ends - starts for starts, ends in self._slots(day)))
        return _Table(table.first, tuple(totals))

    # -- Days ------------------------------------------------------------------------------------

    def _slots(self, day: int) -> tuple[tuple[int, int], ...]:
        slots = self._slots_by_day.get(day)
        if slots is None:
            slots = self._slots_by_day[day] = self._slots_of(datetime.date.fromordinal(day))
        return slots

    def _slots_of(self, day: datetime.date) -> tuple[tuple[int, int], ...]:
        if not self._is_working_day(day):
            return ()
        return _disjoint([period.seconds() for period in self._periods if period.holds_on(day)])

    def _ordinal(self, at: datetime.datetime) -> int:
        return self._day_and_second(at)[0]

    def _day_and_second(self, at: datetime.datetime) -> tuple[int, int]:
        local = _whole_second(at).astimezone(self._zone)
        return local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second

    def _moment(self, day: int, second: int) -> datetime.datetime:
        midnight = datetime.datetime.combine(
            datetime.date.fromordinal(day), datetime.time(), self._zone
        )
        return midnight.astimezone(datetime.UTC) + datetime.timedelta(0, second)


def _whole_second(at: datetime.datetime) -> datetime.datetime:
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    if not at.microsecond:
        return at
    return at.replace(microsecond=0) + datetime.timedelta(0, 1)


def _one_after_another(pauses: Iterable[Pause]) -> list[Pause]:
    """The same pauses in whole seconds, in order, those that touch or overlap made one."""
    merged: list[Pause] = []
    for begins, ends in sorted((_whole_second(a), _whole_second(b)) for a, b in pauses):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        elif begins < ends:
            merged.append((begins, ends))
    return merged


def _second_of_day(at: datetime.time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _disjoint(slots: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Periods that overlap (the city changed its hours without ending the old ones) count once."""
    ordered = sorted(slots)
    if all(ends <= starts for (_, ends), (starts, _) in pairwise(ordered)):
        return tuple(ordered)
    merged: list[tuple[int, int]] = []
    for starts, ends in ordered:
        if merged and starts <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((starts, ends))
    return tuple(merged)
