"""The demo's departments keep their limits as people do: most of them, most of the time."""

import datetime
import random

import pytest

from lib.worktime import CITY_ZONE
from organizations.calendars import working_calendar
from portal.demo.habits import Habits, Pace
from tests.factories.organizations import BodyFactory

FRIDAY = datetime.datetime(2026, 11, 27, 16, 30, tzinfo=CITY_ZONE)
MONDAY = datetime.datetime(2026, 11, 30, 9, tzinfo=CITY_ZONE)


@pytest.fixture
def habits(db):
    bodies = [BodyFactory(code=f"441900114-{end}") for end in ("finance", "traffic-police")]
    return Habits(random.Random(7)), *(body.pk for body in bodies)


def late(habits, body):
    return sum(habits.share(body) > 1 for _each in range(1000))


def test_most_is_in_time_and_at_one_office_seldom(habits):
    found, usual, poor = habits
    assert 80 < late(found, usual) < 160
    assert 680 < late(found, poor) < 820


def test_residents_are_answered_by_day_and_within_a_day(habits):
    found, usual, poor = habits
    day = datetime.timedelta(days=1)
    since = FRIDAY.replace(hour=23)
    moments = [found.answered(usual, since).astimezone(CITY_ZONE) for _each in range(300)]
    assert all(since < at <= since + day and 8 <= at.hour < 21 for at in moments)
    assert any(found.answered(poor, since) > since + day for _each in range(100))


@pytest.mark.parametrize("share", [0.15, 0.5, 0.95])
def test_what_keeps_its_limit_ends_within_it_and_never_goes_back(db, share):
    pace = Pace(FRIDAY, MONDAY, share, working_calendar())
    moments = [pace.at(part) for part in (0.02, 0.4, 0.9, 1)]
    assert moments == sorted(moments)
    assert moments[0] >= FRIDAY
    assert moments[-1] <= MONDAY


def test_what_is_late_ends_after_it(db):
    assert Pace(FRIDAY, MONDAY, 1.2, working_calendar()).at(1) > MONDAY


def test_around_the_clock_people_work_at_night():
    due = FRIDAY + datetime.timedelta(hours=10)
    assert Pace(FRIDAY, due, 0.9, None).at(1) == FRIDAY + datetime.timedelta(hours=9)
