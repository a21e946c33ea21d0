"""A month of the calendar as weeks of days, Monday first: pure reckoning."""

import calendar
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what happens on it; `inside` False: it belongs to the month beside."""

    date: datetime.date
    inside: bool
    rows: list[Any]


def month_of(text: str, *, today: datetime.date) -> datetime.date:
    """The first day of "2026-11"; of the current month where the text names none."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return today.replace(day=1)


def month_after(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1)


def month_before(first: datetime.date) -> datetime.date:
    return (first - datetime.timedelta(days=1)).replace(day=1)


def weeks_of(first: datetime.date, rows: Mapping[datetime.date, Iterable[Any]]) -> list[list[Day]]:
    """The weeks in which the month lies, with the rows of each of its days."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [
        [
            Day(day, day.month == first.month, list(rows.get(day, ())) if _in(day, first) else [])
            for day in week
        ]
        for week in weeks
    ]


def _in(day: datetime.date, first: datetime.date) -> bool:
    return (day.year, day.month) == (first.year, first.month)
