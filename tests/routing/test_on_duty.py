"""Rosters, leave and stand-ins decide whom work is given to; in the same queries for everybody."""

import datetime
from dataclasses import replace

import pytest

from grids.models import DutyShift, Leave
from routing.matching import Facts, Judge, Match
from tests.factories.grids import PostTerritoryFactory, ShiftKindFactory, TerritoryFactory
from tests.factories.organizations import DutyHoursFactory, PostFactory, UserFactory
from tests.factories.routing import LoadFactory
from tests.routing.conftest import MONDAY

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def shift(db):
    kind = ShiftKindFactory()

    def shift(post, start, hours=8):
        return DutyShift.objects.create(
            post=post, kind=kind, day=start.date(), starts_at=start, ends_at=start + hours * HOUR
        )

    return shift


def away(post, stand_in=None, state="approved", days=(0, 0)):
    on = MONDAY.date()
    decided = {} if state == "pending" else {"decided_at": MONDAY, "decided_by": UserFactory()}
    return Leave.objects.create(
        post=post, stand_in=stand_in, state=state, asked_at=MONDAY,
        first_day=on + days[0] * DAY, last_day=on + days[1] * DAY, **decided,
    )  # fmt: skip


@pytest.fixture
def decide(town, facts):
    def decide(at=MONDAY, **changes):
        return Judge.load(at=at).decide(replace(facts(), at=at, **changes))

    return decide


def why(decision):
    return {row["post"]: row["why"] for row in decision.candidates if row["kind"] == "person"}


def test_whoever_is_on_shift_comes_before_whoever_comes_later(town, decide, shift):
    other = PostFactory(body=town.office)
    LoadFactory(post=other, points=5)
    shift(other, MONDAY - HOUR)
    shift(town.post, MONDAY + DAY)
    assert decide().post_id == other.pk


def test_a_roster_of_the_week_wins_over_duty_hours(town, decide, shift):
    other = PostFactory(body=town.office)
    LoadFactory(post=other, points=5)
    DutyHoursFactory(post=town.post, weekday=0, starts=datetime.time(0), ends=datetime.time(23, 59))
    shift(town.post, MONDAY + 2 * DAY)
    assert decide().post_id == other.pk


def test_a_roster_of_another_week_says_nothing_of_this_one(town, decide, shift):
    shift(town.post, MONDAY + 8 * DAY)
    assert decide().post_id == town.post.pk


def test_a_shift_that_began_yesterday_still_goes_on(town, decide, shift):
    shift(town.post, MONDAY - 10 * HOUR, hours=11)
    assert decide().post_id == town.post.pk


@pytest.mark.parametrize(("state", "given"), [("approved", False), ("pending", True)])
def test_only_approved_leave_keeps_work_away(town, decide, state, given):
    other = PostFactory(body=town.office)
    LoadFactory(post=other, points=5)
    away(town.post, state=state)
    assert decide().post_id == (town.post if given else other).pk


def test_the_day_after_the_leave_one_is_there_again(town, decide):
    away(town.post, days=(-3, -1))
    assert decide().post_id == town.post.pk


def test_whoever_is_on_leave_is_named_as_such_and_nobody_else_is_found(town, decide):
    away(town.post, days=(0, 5))
    refusal = decide()
    assert not isinstance(refusal, Match)
    assert why(refusal) == {town.post.pk: "on_leave"}


def test_a_stand_in_works_the_grids_and_shifts_of_the_absent(town, decide, shift):
    elsewhere = TerritoryFactory(parent=town.community)
    stand_in, third = PostFactory(body=town.office), PostFactory(body=town.office)
    LoadFactory(post=stand_in, points=5)
    PostTerritoryFactory(post=town.post, territory=town.grid)
    PostTerritoryFactory(post=stand_in, territory=elsewhere)
    PostTerritoryFactory(post=third, territory=elsewhere)
    shift(town.post, MONDAY - HOUR)
    shift(stand_in, MONDAY + DAY)
    assert decide().post_id == town.post.pk
    away(town.post, stand_in)
    decision = decide()
    assert decision.post_id == stand_in.pk
    assert why(decision)[third.pk] == "other_territory"


def test_it_costs_the_same_queries_for_one_and_for_many(town, shift, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as seen:
            judge = Judge.load(at=MONDAY)
            judge.decide(Facts(town.small.pk, None, town.place.pk, None, None, MONDAY))
        return len(seen)

    one = cost()
    for _number in range(10):
        post = PostFactory(body=town.office)
        shift(post, MONDAY - HOUR)
        away(post, town.post)
    assert cost() == one
