import datetime

import pytest

from lib.worktime import CITY_ZONE
from organizations.calendars import horizon_warning, working_calendar
from organizations.models import CalendarDay, WorkingPeriod

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


def test_without_rows_the_usual_periods_and_the_official_days_hold():
    calendar = working_calendar()
    assert calendar.is_working(at("2026-02-14T09:00:00")) is True  # a Saturday that is worked
    assert calendar.is_working(at("2026-02-16T09:00:00")) is False  # Spring Festival
    assert calendar.is_working(at("2026-11-23T12:30:00")) is False


def test_the_city_overrules_the_official_calendar_at_once():
    assert working_calendar().is_working(at("2026-11-23T09:00:00")) is True
    day = CalendarDay.objects.create(
        day=datetime.date(2026, 11, 23), is_working=False, reason="台风停工"
    )
    assert working_calendar().is_working(at("2026-11-23T09:00:00")) is False
    day.is_working = True
    day.save(update_fields=["is_working"])
    assert working_calendar().is_working(at("2026-11-23T09:00:00")) is True


def test_the_citys_own_hours_replace_the_usual_ones():
    WorkingPeriod.objects.create(
        starts=datetime.time(8, 30), ends=datetime.time(12), valid_from=datetime.date(2026, 1, 1)
    )
    calendar = working_calendar()
    assert calendar.is_working(at("2026-11-23T08:15:00")) is False
    assert calendar.is_working(at("2026-11-23T08:30:00")) is True
    assert calendar.is_working(at("2026-11-23T15:00:00")) is False


def test_equal_rows_give_the_same_calendar_object():
    assert working_calendar() is working_calendar()


def test_the_calendar_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        working_calendar()


def test_sixty_days_before_the_official_calendar_ends_it_warns():
    end = datetime.date(2026, 12, 31)
    assert horizon_warning(datetime.date(2026, 11, 1)) is None
    assert horizon_warning(datetime.date(2026, 11, 2)) == end
    assert horizon_warning(datetime.date(2026, 12, 31)) == end


def test_a_year_that_the_city_entered_itself_is_known():
    CalendarDay.objects.bulk_create(
        CalendarDay(day=datetime.date(2027, 2, day), is_working=False, reason="春节")
        for day in range(1, 11)
    )
    assert horizon_warning(datetime.date(2026, 12, 31)) is None
