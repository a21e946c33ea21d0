"""Eight telephones of one volunteer, two shifts at one time: one presence, one place."""

import pytest

from lib.errors import RuleViolation
from tests.factories import hours as make
from tests.factories.hours import AT, HOUR
from tests.races import at_once
from volunteers import checkin_codes
from volunteers.models import Presence
from volunteers.services import certificates, checking_in, hours
from volunteers.services.checking_in import Proof

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


@pytest.fixture
def place():
    make.make_rules()
    return make.make_place()


def outcome(act):
    try:
        return act()
    except RuleViolation as refusal:
        return refusal.code


def proof(signup):
    return Proof(code=checkin_codes.code_at(signup.shift, AT, seconds=30))


def test_one_arrival_sent_by_all_at_once_is_one(place):
    signup = make.signed(make.shift(place), make.volunteer(place))
    person = signup.volunteer.person

    def worker(number):
        return outcome(
            lambda: checking_in.arrive(signup, proof(signup), by=person, at=AT, key=str(number)).pk
        )

    assert len(set(at_once(PROCESSES, worker))) == 1
    assert Presence.objects.get().version == 1


def test_two_shifts_at_one_time_have_the_volunteer_once(place):
    who = make.volunteer(place)
    signups = [make.signed(make.shift(place, title=f"第{n}班"), who) for n in range(PROCESSES)]

    def worker(number):
        signup = signups[number]
        return outcome(
            lambda: checking_in.arrive(signup, proof(signup), by=who.person, at=AT).state
        )

    assert sorted(at_once(PROCESSES, worker)) == [*["already_there"] * 7, "present"]
    assert Presence.objects.count() == 1


def test_hours_are_confirmed_once_and_numbers_of_certificates_have_no_gaps(place):
    people = [make.volunteer(place) for _n in range(4)]
    row = make.shift(place)
    stays = []
    for who in people:
        stay = checking_in.note_arrival(make.signed(row, who), by=place.organizer, at=AT)
        stays.append(checking_in.note_leaving(stay, by=place.organizer, at=AT + HOUR))

    def confirm(number):
        by = place.organizer if number % 2 else place.second
        return outcome(lambda: hours.confirm(stays[number // 2], by=by, at=AT + HOUR).state)

    assert sorted(at_once(PROCESSES, confirm)) == [*["confirmed"] * 4, *["wrong_state"] * 4]

    def issue(number):
        who = people[number // 2]
        day = AT.date()
        return certificates.issue(
            who, place.body, since=day, until=day, by=who.person, at=AT + HOUR
        ).number

    numbers = at_once(PROCESSES, issue)
    assert sorted(set(numbers)) == [f"ZM202600000{n}" for n in range(1, 5)]
