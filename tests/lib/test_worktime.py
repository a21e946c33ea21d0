"""Time limits against a slow, obvious reference, and at every edge that has bitten somebody."""

import datetime
import json
import time
from pathlib import Path

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.worktime import CITY_ZONE, Period, WorkCalendar

MORNING = Period(datetime.time(8), datetime.time(12))
AFTERNOON = Period(datetime.time(14), datetime.time(18))
CHINA = holidays.country_holidays("CN", years=range(2023, 2029), expand=False)
CALENDAR = WorkCalendar([MORNING, AFTERNOON], CHINA.is_working_day)
FIRST = datetime.datetime(2024, 1, 1, tzinfo=CITY_ZONE)
SECONDS = int(datetime.timedelta(days=365 * 2 + 366).total_seconds())
moments = st.integers(0, SECONDS).map(lambda second: FIRST + datetime.timedelta(seconds=second))


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


def shown(moment):
    return moment.astimezone(CITY_ZONE).isoformat(sep=" ")[:19]


def is_worked(moment):
    local = moment.astimezone(CITY_ZONE)
    return CHINA.is_working_day(local.date()) and (8 <= local.hour < 12 or 14 <= local.hour < 18)


def reference_deadline(start, seconds):
    """Walk hour by hour (the periods begin and end on full hours), then the rest."""
    moment = start
    while True:
        step = 3600 - (moment.minute * 60 + moment.second)
        if is_worked(moment):
            if seconds <= step:
                return moment + datetime.timedelta(seconds=seconds)
            seconds -= step
        moment += datetime.timedelta(seconds=step)


@given(start=moments, amount=st.integers(1, 60))
@settings(max_examples=300, deadline=None)
def test_working_hours_agree_with_the_reference(start, amount):
    assert CALENDAR.deadline(start, amount, "work_hour") == reference_deadline(start, amount * 3600)


@given(start=moments, amount=st.integers(1, 15))
@settings(max_examples=150, deadline=None)
def test_working_days_agree_with_the_reference(start, amount):
    expected = reference_deadline(start, amount * 8 * 3600)
    assert CALENDAR.deadline(start, amount, "work_day") == expected


@given(start=moments, amount=st.integers(1, 100))
@settings(max_examples=200, deadline=None)
def test_the_seconds_until_a_deadline_are_its_limit(start, amount):
    due = CALENDAR.deadline(start, amount, "work_hour")
    assert CALENDAR.seconds_between(start, due) == amount * 3600
    assert CALENDAR.seconds_between(due, start) == -amount * 3600


@given(first=moments, second=moments, third=moments)
@settings(max_examples=200, deadline=None)
def test_stretches_add_up(first, second, third):
    assert CALENDAR.seconds_between(first, second) + CALENDAR.seconds_between(
        second, third
    ) == CALENDAR.seconds_between(first, third)


@given(moment=moments)
@settings(max_examples=200, deadline=None)
def test_the_next_working_second_is_the_first(moment):
    following = CALENDAR.next_working(moment)
    assert is_worked(following)
    assert CALENDAR.is_working(moment) == is_worked(moment)
    assert CALENDAR.seconds_between(moment, following) == 0
    assert following == moment or not is_worked(moment)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # inside lunch
        ("2026-11-23T12:30:00", 1, "work_hour", "2026-11-23 15:00:00"),
        # half a minute before the weekend
        ("2026-11-20T17:59:30", 4, "work_hour", "2026-11-23 11:59:30"),
        # Sundays and Saturdays that are worked
        ("2026-01-04T08:00:00", 1, "work_day", "2026-01-04 18:00:00"),
        ("2026-02-14T17:00:00", 2, "work_hour", "2026-02-24 09:00:00"),
        ("2026-02-28T09:00:00", 1, "work_hour", "2026-02-28 10:00:00"),
        ("2026-05-09T09:00:00", 1, "work_hour", "2026-05-09 10:00:00"),
        ("2026-09-20T16:00:00", 4, "work_hour", "2026-09-21 10:00:00"),
        ("2026-10-10T09:00:00", 1, "work_day", "2026-10-12 09:00:00"),
        # Spring Festival and the National Day week
        ("2026-02-16T10:00:00", 1, "work_hour", "2026-02-24 09:00:00"),
        ("2026-09-30T17:00:00", 2, "work_hour", "2026-10-08 09:00:00"),
        # ends exactly with the day, not with the next morning
        ("2026-11-23T14:00:00", 4, "work_hour", "2026-11-23 18:00:00"),
        ("2026-11-23T08:00:00", 4, "work_hour", "2026-11-23 12:00:00"),
        ("2026-11-23T18:00:00", 1, "work_hour", "2026-11-24 09:00:00"),
        # around the clock
        ("2026-02-16T23:30:00", 2, "urgent_hour", "2026-02-17 01:30:00"),
        ("2026-10-01T10:00:00", 2, "natural_day", "2026-10-03 10:00:00"),
    ],
)
def test_edges(start, amount, unit, due):
    assert shown(CALENDAR.deadline(at(start), amount, unit)) == due


def test_a_stretch_over_the_spring_festival_counts_only_the_working_seconds():
    before, after = at("2026-02-14T17:00:00"), at("2026-02-24T09:30:00")
    assert CALENDAR.seconds_between(before, after) == 3600 + 5400


def test_a_begun_second_counts_as_begun():
    start = at("2026-11-23T09:00:00").replace(microsecond=1)
    assert shown(CALENDAR.deadline(start, 1, "work_hour")) == "2026-11-23 10:00:01"


def test_answers_do_not_depend_on_what_was_asked_before():
    fresh = WorkCalendar([MORNING, AFTERNOON], CHINA.is_working_day)
    late = fresh.deadline(at("2026-11-23T09:00:00"), 3, "work_day")
    early = fresh.deadline(at("2024-01-02T09:00:00"), 3, "work_day")
    assert (shown(late), shown(early)) == ("2026-11-26 09:00:00", "2024-01-05 09:00:00")
    assert fresh.seconds_between(early, late) == CALENDAR.seconds_between(early, late)
    assert fresh.deadline(at("2026-11-23T09:00:00"), 3, "work_day") == late


def test_hours_change_with_the_season():
    summer = datetime.date(2026, 5, 1)
    calendar = WorkCalendar(
        [
            MORNING,
            Period(datetime.time(14), datetime.time(18), valid_to=summer),
            Period(datetime.time(15), datetime.time(18), valid_from=summer),
        ],
        CHINA.is_working_day,
    )
    assert shown(calendar.deadline(at("2026-04-30T11:00:00"), 4, "work_hour")) == (
        "2026-04-30 17:00:00"
    )
    assert shown(calendar.deadline(at("2026-05-06T11:00:00"), 4, "work_hour")) == (
        "2026-05-06 18:00:00"
    )


def test_periods_that_overlap_count_once():
    calendar = WorkCalendar(
        [MORNING, Period(datetime.time(11), datetime.time(13))], CHINA.is_working_day
    )
    assert shown(calendar.deadline(at("2026-11-23T08:00:00"), 5, "work_hour")) == (
        "2026-11-23 13:00:00"
    )


@pytest.mark.parametrize(
    ("start", "amount", "unit"),
    [
        (at("2026-11-23T09:00:00"), 0, "work_hour"),
        (at("2026-11-23T09:00:00"), 1, "fortnight"),
        (datetime.datetime(2026, 11, 23), 1, "work_hour"),  # noqa: DTZ001 -- the case under test
    ],
)
def test_nonsense_is_refused(start, amount, unit):
    with pytest.raises(ValueError, match=r"limit|unit|zone"):
        CALENDAR.deadline(start, amount, unit)


def test_a_calendar_without_working_time_says_so():
    never = WorkCalendar([MORNING], lambda _day: False)
    with pytest.raises(ValueError, match="no working time"):
        never.deadline(at("2026-11-23T09:00:00"), 1, "work_hour")
    with pytest.raises(ValueError, match="no working time"):
        never.next_working(at("2026-11-23T09:00:00"))


def test_thousands_of_deadlines_take_no_time():
    start = at("2026-01-05T09:00:00")
    CALENDAR.deadline(start, 1, "work_day")
    begun = time.perf_counter()
    for number in range(20_000):
        CALENDAR.deadline(start, 1 + number % 40, "work_day")
    assert time.perf_counter() - begun < 2  # about 0.06 s; shared machines are slow at times


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_official_calendar_is_known_day_by_day(year):
    published = Path(__file__).parents[3] / "shared" / "data" / "holidays" / f"{year}.json"
    if not published.exists():
        pytest.skip(f"no {published}")
    announced = {
        row["date"]: not row["isOffDay"] for row in json.loads(published.read_text())["days"]
    }
    day = datetime.date(year, 1, 1)
    while day.year == year:
        expected = announced.get(day.isoformat(), day.weekday() < 5)
        assert CHINA.is_working_day(day) == expected, day
        day += datetime.timedelta(days=1)
