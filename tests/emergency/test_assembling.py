"""Arriving by the code of the assembly point or by its keeper, and going home."""

import pytest

from emergency import checkin_codes
from emergency.services import assembling
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import emergency as made
from tests.factories.emergency import MINUTE
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(town, order):
    return made.accepted(made.called(order, town))


def test_the_code_of_the_point_checks_in(row, at):
    code = checkin_codes.code_at(row.callout.point, at)
    done = assembling.check_in(row, by=row.person, at=at, code=checkin_codes.spelled(code).lower())
    assert (done.state, done.arrived_at) == ("arrived", at)


def test_an_old_or_foreign_code_does_not(row, town, order, at):
    old = checkin_codes.code_at(row.callout.point, at - 6 * MINUTE)
    other = checkin_codes.code_at(made.point_of(order, town, name="学校"), at)
    for code in (old, other, "", "nonsense"):
        with pytest.raises(RuleViolation) as refused:
            assembling.check_in(row, by=row.person, at=at, code=code)
        assert refused.value.code == "bad_code"
    row.refresh_from_db()
    assert row.state == "coming"


def test_a_code_is_taken_for_some_minutes_over_a_poor_connection(row, at):
    code = checkin_codes.code_at(row.callout.point, at)
    assert assembling.check_in(row, by=row.person, at=at + 3 * MINUTE, code=code).state == "arrived"


def test_the_keeper_and_those_who_lead_note_others_a_stranger_does_not(row, town, at):
    keeper = UserFactory()
    point = row.callout.point
    with pytest.raises(NotYours):
        assembling.check_in(row, by=keeper, at=at)
    point.keeper = keeper
    point.save()
    assert assembling.check_in(row, by=keeper, at=at).state == "arrived"


def test_checking_in_and_out_again_changes_nothing(row, town, at):
    made.arrived(row, town)
    again = assembling.check_in(row, by=town.officer, at=at + MINUTE)
    assert again.arrived_at == at
    out = assembling.check_out(row, by=row.person, at=at + 5 * MINUTE)
    assert (out.state, out.left_at) == ("released", at + 5 * MINUTE)
    assert assembling.check_out(row, by=row.person, at=at + 9 * MINUTE).left_at == out.left_at
    with pytest.raises(WrongState):
        assembling.check_in(row, by=town.officer, at=at)


def test_nobody_leaves_who_has_not_come(row, at):
    with pytest.raises(WrongState):
        assembling.check_out(row, by=row.person, at=at)
