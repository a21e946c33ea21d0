"""Rosters, and who is on duty now."""

import datetime

import pytest

from grids import services
from grids.duty import Duty
from grids.models import DutyShift
from lib.errors import RuleViolation
from lib.worktime import CITY_ZONE
from organizations.calendars import working_calendar
from organizations.models import ChangeRecord
from tests.grids.duty import DAY, asked, now, roster, signs_of, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_pattern_repeats_and_each_next_person_begins_later(house):
    roster(house, "早早夜休")
    assert signs_of(house.one) == "早早夜·早早夜"
    assert signs_of(house.two) == "早夜·早早夜·"


def test_a_night_shift_ends_on_the_next_morning_by_the_citys_clock(house):
    roster(house, "夜", days=1, step=0)
    shift = house.one.shifts.get()
    local = [moment.astimezone(CITY_ZONE) for moment in (shift.starts_at, shift.ends_at)]
    assert [moment.hour for moment in local] == [23, 7]
    assert shift.ends_at - shift.starts_at == 8 * datetime.timedelta(hours=1)


def test_a_new_roster_replaces_what_has_not_begun_and_overlaps_nothing(house):
    roster(house, "夜", days=3, step=0)
    roster(house, "早", days=3, first=today() + 2 * DAY, step=0)
    assert signs_of(house.one) == "夜早早早···"
    roster(house, "早", days=7, step=0)
    assert signs_of(house.one) == "早早早早早早早"
    assert ChangeRecord.objects.filter(action="roster").count() == 6


@pytest.mark.parametrize(
    ("signs", "days", "first", "why"),
    [("早?", 7, 1, "Unknown signs"), ("", 7, 1, "Unknown signs"), ("早", 93, 1, "1 to 92"),
     ("早", 7, -1, "today or later")],
)  # fmt: skip
def test_patterns_that_cannot_be_are_refused(house, signs, days, first, why):
    with pytest.raises(RuleViolation, match=why):
        roster(house, signs, days=days, first=today() + first * DAY)
    assert DutyShift.objects.count() == 0


def test_one_day_is_set_anew_or_made_free(house):
    who = {"by": house.head.person, "at": now()}
    roster(house, "早", days=3, step=0)
    services.set_shift(house.one, kind=None, day=today() + DAY, **who)
    services.set_shift(house.one, kind=house.night, day=today() + 2 * DAY, **who)
    assert signs_of(house.one, 3) == "·夜早"
    with pytest.raises(RuleViolation, match="begun"):
        services.set_shift(house.one, kind=house.early, day=today() - DAY, **who)


def test_on_duty_now_is_the_roster_then_leave_then_the_stand_in(house):
    at = now()
    DutyShift.objects.create(
        post=house.one, kind=house.early, day=today(), starts_at=at - DAY / 8, ends_at=at + DAY / 8
    )
    DutyShift.objects.create(
        post=house.two, kind=house.early, day=today(), starts_at=at + DAY / 4, ends_at=at + DAY / 2
    )

    def on():
        duty = Duty.load([at], working_calendar())
        return [duty.is_on(post.pk) for post in (house.one, house.two)]

    assert on() == [True, False]
    leave = asked(house, stand_in=house.two)
    services.move_leave(leave, "approve", by=house.head.person, at=at)
    assert on() == [False, True]
