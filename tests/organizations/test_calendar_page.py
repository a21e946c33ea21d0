"""The calendar page: which days are worked, and when a limit would end."""

import datetime

import pytest
import time_machine

from organizations.calendars import year_of
from organizations.models import CalendarDay
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 3, 2, tzinfo=datetime.UTC)


@pytest.fixture
def client(client):
    client.force_login(PostFactory().person)
    return client


def days(year):
    return {day.day: day for month in year_of(year) for week in month.weeks for day in week if day}


def test_the_year_has_each_day_once_with_its_kind():
    found = days(2026)
    assert len(found) == 365
    kinds = {datetime.date(2026, *day): found[datetime.date(2026, *day)].kind for day in (
        (2, 14), (2, 16), (2, 21), (6, 3), (6, 6), (6, 19), (10, 10),
    )}  # fmt: skip
    assert [kind for _day, kind in sorted(kinds.items())] == [
        "made_up", "holiday", "weekend", "work", "weekend", "holiday", "made_up",
    ]  # fmt: skip


def test_the_city_overrules_a_day_and_it_shows():
    CalendarDay.objects.create(day=datetime.date(2026, 6, 3), is_working=False, reason="台风停工")
    CalendarDay.objects.create(day=datetime.date(2026, 6, 6), is_working=True, reason="补班")
    found = days(2026)
    typhoon, made_up = found[datetime.date(2026, 6, 3)], found[datetime.date(2026, 6, 6)]
    assert (typhoon.kind, typhoon.reason, typhoon.is_own) == ("holiday", "台风停工", True)
    assert (made_up.kind, made_up.reason) == ("made_up", "补班")


def test_working_days_of_months_follow_the_official_calendar():
    assert [month.working_days for month in year_of(2026)] == [
        21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23,
    ]  # fmt: skip


@time_machine.travel(NOW, tick=False)
def test_the_calculator_says_when_a_limit_ends(client):
    answer = client.get(
        "/calendar/", {"start": "2026-09-30T17:00", "amount": 2, "unit": "work_hour"}
    )
    assert answer.context["answer"]["due"] == datetime.datetime(2026, 10, 8, 1, tzinfo=datetime.UTC)
    assert answer.context["answer"]["waits"] is False


@time_machine.travel(NOW, tick=False)
def test_a_limit_that_begins_at_night_waits_for_the_morning(client):
    asked = {"start": "2026-06-03T20:00", "amount": 1, "unit": "work_hour"}
    answer = client.get("/calendar/", asked).context["answer"]
    assert (answer["waits"], answer["begins"]) == (
        True, datetime.datetime(2026, 6, 4, tzinfo=datetime.UTC),
    )  # fmt: skip


@pytest.mark.parametrize("year", ["1900", "abc", "9999"])
def test_a_year_that_nobody_knows_is_not_there(client, year):
    assert client.get("/calendar/", {"year": year}).status_code == 404


def test_nonsense_in_the_calculator_is_told(client):
    page = client.get("/calendar/", {"start": "", "amount": "0", "unit": "week"})
    assert page.status_code == 200
    assert page.context["answer"] is None
    assert "1 到 1000" in page.content.decode() or "from 1 to 1000" in page.content.decode()
