"""Places under many hands: eight processes for the last one, and for one person's hours."""

import pytest

from lib.errors import RuleViolation
from tests.factories import volunteers as made
from tests.races import at_once
from volunteers import services
from volunteers.models import Shift, Signup, Volunteer, WaitingPlace

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8


def outcome(act):
    """The name of the refusal, or "done"."""
    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_eight_processes_want_the_last_place_and_one_gets_it():
    place = made.make_place()
    shift = made.published(place, places=1)
    people = [made.active(place) for _ in range(PROCESSES)]

    def act(number):
        volunteer = Volunteer.objects.select_related("person").get(pk=people[number].pk)
        return outcome(lambda: services.sign_up(shift, volunteer, by=volunteer.person, at=made.AT))

    answers = at_once(PROCESSES, act)
    assert sorted(answers) == ["done", *["shift_full"] * (PROCESSES - 1)]
    assert again(shift).taken == Signup.objects.count() == 1


def test_one_person_signs_up_for_clashing_shifts_at_once_and_gets_one():
    place = made.make_place()
    shifts = [made.published(place) for _ in range(PROCESSES)]
    volunteer = made.active(place)

    def act(number):
        return outcome(
            lambda: services.sign_up(shifts[number], volunteer, by=volunteer.person, at=made.AT)
        )

    answers = at_once(PROCESSES, act)
    assert sorted(answers) == [*["clash"] * (PROCESSES - 1), "done"]
    assert sorted(Shift.objects.values_list("taken", flat=True)) == [0] * 7 + [1]


def test_the_clock_in_eight_processes_lapses_an_offer_once():
    place = made.make_place()
    shift = made.published(place, places=1)
    holder = made.signed(shift, made.active(place))
    for _ in range(3):
        volunteer = made.active(place)
        services.join_waiting_list(shift, volunteer, by=volunteer.person, at=made.AT)
    services.cancel(holder, by=holder.volunteer.person, at=made.AT)
    over = made.AT + 12 * made.HOUR
    answers = at_once(PROCESSES, lambda _number: services.lapse_offers(at=over))
    assert sum(answers) == 1
    states = list(WaitingPlace.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["lapsed", "offered", "waiting"]
    assert again(shift).taken == 1
