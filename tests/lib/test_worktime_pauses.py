"""Pauses, used time and shares against a clock that is read minute by minute, or every second."""

import datetime
from functools import cache

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.worktime import (
    CITY_ZONE,
    Period,
    WorkCalendar,
    is_continuous,
    seconds_of,
    share_used,
)

CHINA = holidays.country_holidays("CN", years=range(2023, 2029), expand=False)
CALENDAR = WorkCalendar(
    [
        Period(datetime.time(8), datetime.time(12)),
        Period(datetime.time(14), datetime.time(18)),
    ],
    CHINA.is_working_day,
)
FIRST = datetime.datetime(2024, 1, 1, tzinfo=CITY_ZONE)
MINUTES = 60 * 24 * (366 + 365 + 340)
MINUTE, SECOND = datetime.timedelta(minutes=1), datetime.timedelta(seconds=1)
UNITS = ["urgent_hour", "work_hour", "work_day", "natural_day"]

minutes = st.integers(0, MINUTES).map(lambda number: FIRST + number * MINUTE)
units = st.sampled_from(UNITS)
# (begins so many minutes after the start, lasts so many minutes): up to twelve days, over holidays.
stops = st.lists(st.tuples(st.integers(-600, 6000), st.integers(1, 17_000)), max_size=3)


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


@cache
def is_working_day(day):
    return CHINA.is_working_day(day)


def counts(moment, unit, pauses):
    """Whether the clock of the unit goes in the minute (or second) that begins now."""
    if any(begins <= moment < ends for begins, ends in pauses):
        return False
    if unit in {"urgent_hour", "natural_day"}:
        return True
    return is_working_day(moment.date()) and moment.hour in {8, 9, 10, 11, 14, 15, 16, 17}


def walked(start, steps, unit, pauses, step):
    """Where the clock has counted so many steps: one after another, as a person would."""
    moment = start
    while steps:
        steps -= counts(moment, unit, pauses)
        moment += step
    return moment


def pauses_of(start, given_stops):
    return [
        (start + after * MINUTE, start + (after + length) * MINUTE) for after, length in given_stops
    ]


@given(start=minutes, unit=units, length=st.integers(1, 900), given_stops=stops)
@settings(max_examples=150, deadline=None)
def test_a_limit_with_pauses_ends_where_the_minutes_say(start, unit, length, given_stops):
    pauses = pauses_of(start, given_stops)
    due = CALENDAR.after(start, length * 60, unit, pauses=pauses)
    assert due == walked(start, length, unit, pauses, MINUTE)
    assert CALENDAR.used(start, due, unit, pauses=pauses) == length * 60


@given(start=minutes, unit=units, length=st.integers(1, 4000), given_stops=stops)
@settings(max_examples=150, deadline=None)
def test_used_time_is_the_sum_of_its_minutes(start, unit, length, given_stops):
    pauses = pauses_of(start, given_stops)
    end = start + length * MINUTE
    goes = sum(counts(start + number * MINUTE, unit, pauses) for number in range(length))
    assert CALENDAR.used(start, end, unit, pauses=pauses) == goes * 60


@given(start=minutes, odd=st.integers(0, 59), unit=units, length=st.integers(1, 4000))
@settings(max_examples=60, deadline=None)
def test_limits_are_exact_to_the_second(start, odd, unit, length):
    start += odd * SECOND
    pauses = [(start + 7 * SECOND, start + 61 * SECOND), (start + 50 * SECOND, start + 90 * SECOND)]
    due = CALENDAR.after(start, length, unit, pauses=pauses)
    assert due == walked(start, length, unit, pauses, SECOND)


@given(start=minutes, unit=units, amount=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_a_limit_of_units_is_its_seconds(start, unit, amount):
    due = CALENDAR.deadline(start, amount, unit)
    assert due == CALENDAR.after(start, seconds_of(amount, unit), unit)
    assert CALENDAR.used(start, due, unit) == seconds_of(amount, unit)


def test_a_pause_over_the_national_day_takes_only_working_time():
    start, pauses = (
        at("2026-09-30T16:00:00"),
        [(at("2026-09-30T17:00:00"), at("2026-10-08T09:00:00"))],
    )
    due = CALENDAR.after(start, 2 * 3600, "work_hour", pauses=pauses)
    assert due == at("2026-10-08T10:00:00")
    assert CALENDAR.used(start, due, "work_hour", pauses=pauses) == 2 * 3600
    assert CALENDAR.used(start, due, "work_hour") == 4 * 3600


def test_a_limit_that_ends_at_six_ends_before_a_pause_that_begins_at_six():
    evening = at("2026-11-24T18:00:00")
    due = CALENDAR.after(
        at("2026-11-24T14:00:00"),
        4 * 3600,
        "work_hour",
        pauses=[(evening, at("2026-12-01T08:00:00"))],
    )
    assert due == evening


def test_a_make_up_saturday_counts():
    assert CALENDAR.used(at("2026-10-10T00:00:00"), at("2026-10-11T00:00:00"), "work_day") == 28_800
    assert CALENDAR.used(at("2026-10-17T00:00:00"), at("2026-10-18T00:00:00"), "work_day") == 0


def test_nothing_is_used_before_the_beginning():
    assert CALENDAR.used(at("2026-11-24T10:00:00"), at("2026-11-24T09:00:00"), "work_hour") == 0


@pytest.mark.parametrize(
    ("used", "limit", "percent"), [(0, 28_800, 0), (14_399, 28_800, 49), (28_800, 28_800, 100)]
)
def test_a_share_is_rounded_down(used, limit, percent):
    assert share_used(used, limit) == percent


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unit"):
        is_continuous("fortnight")
