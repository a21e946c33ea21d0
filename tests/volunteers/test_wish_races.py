"""Eight hands for one wish: one has it; for five pieces, five."""

import pytest

from lib.errors import RuleViolation
from tests.factories import hours as places
from tests.factories import wishes as make
from tests.factories.organizations import UserFactory
from tests.races import at_once
from volunteers.models import Take, Wish
from volunteers.services import taking

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


def outcome(act):
    try:
        return act().state
    except RuleViolation as refusal:
        return refusal.code


@pytest.mark.parametrize("quantity", [1, 5])
def test_as_many_takers_as_pieces(quantity):
    wish = make.listed(places.make_place(), quantity=quantity)
    people = [UserFactory() for _n in range(PROCESSES)]

    def worker(number):
        return outcome(lambda: make.taken(wish, by=people[number]))

    answers = at_once(PROCESSES, worker)
    assert sorted(answers) == sorted(
        ["taken"] * quantity + ["taken_already"] * (PROCESSES - quantity)
    )
    row = Wish.objects.get()
    assert (row.taken, row.state, Take.objects.count()) == (quantity, "taken", quantity)


def test_receipt_is_confirmed_once():
    wish = make.listed(places.make_place())
    take = make.delivered(wish)

    def worker(_number):
        return outcome(lambda: taking.confirm_receipt(take, by=wish.asker, at=make.AT))

    assert sorted(at_once(PROCESSES, worker)) == ["confirmed", *["wrong_state"] * 7]
    assert Wish.objects.get().state == "granted"
