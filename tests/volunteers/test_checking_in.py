"""Arriving and leaving: by code, by place, by the leader; once, in time, and not from afar."""

import datetime

import pytest

from lib.errors import NotYours, RuleViolation
from tests.factories import hours as make
from tests.factories.hours import AT, HOUR, MINUTE, PLACE
from tests.factories.organizations import UserFactory
from volunteers import checkin_codes
from volunteers.models import Presence, Signup
from volunteers.services import checking_in
from volunteers.services.checking_in import Proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule():
    return make.make_rules()


@pytest.fixture
def place(rule):
    return make.make_place()


@pytest.fixture
def ann(place):
    return make.volunteer(place)


@pytest.fixture
def signup(place, ann):
    """A place on a shift from 10 to 12 o'clock."""
    return make.signed(make.shift(place), ann)


def code(signup, at, seconds=30):
    return checkin_codes.spelled(checkin_codes.code_at(signup.shift, at, seconds=seconds))


def arrive(signup, proof=None, *, at=AT, **more):
    proof = proof or Proof(code=code(signup, at))
    return checking_in.arrive(signup, proof, by=signup.volunteer.person, at=at, **more)


def leave(stay, *, at, proof=None):
    proof = proof or Proof(code=code(stay.signup, at))
    return checking_in.leave(stay, proof, by=stay.volunteer.person, at=at)


def refused(act, kind, code=None):
    before = list(Presence.objects.values_list("pk", "version"))
    with pytest.raises(kind) as refusal:
        act()
    assert code in {None, refusal.value.code}
    assert list(Presence.objects.values_list("pk", "version")) == before


def test_the_code_on_the_screen_notes_arriving_and_leaving(signup):
    stay = arrive(signup, at=AT + 3 * MINUTE)
    assert (stay.state, stay.arrived_how, stay.doubtful) == ("present", "code", False)
    done = leave(stay, at=AT + 2 * HOUR)
    # Three minutes late are within the grace: the whole shift counts.
    assert (done.state, done.minutes, done.left_how) == ("left", 120, "code")
    assert done.due_at == AT + 2 * HOUR + datetime.timedelta(days=7)
    assert Signup.objects.get().state == "attended"
    assert [event.move for event in done.events.order_by("number")] == ["arrive", "leave"]


@pytest.mark.parametrize(
    ("late", "early", "minutes"),
    [(0, 0, 120), (10, 10, 120), (11, 0, 109), (0, 11, 109), (60, 30, 30), (-20, -50, 120)],
)
def test_minutes_are_those_of_the_shift_with_grace(signup, late, early, minutes):
    stay = arrive(signup, at=AT + late * MINUTE)
    assert leave(stay, at=AT + 2 * HOUR - early * MINUTE).minutes == minutes


def test_a_place_near_by_is_enough_and_is_not_kept(signup):
    stay = arrive(signup, Proof(lon=PLACE[0], lat=PLACE[1] + 0.001))
    assert stay.arrived_how == "place"
    assert 100 < stay.arrived_metres < 120
    columns = {field.name for field in Presence._meta.fields}
    assert columns.isdisjoint({"lon", "lat", "point"})


def test_from_afar_nobody_is_there_even_with_the_code(signup):
    far = {"lon": PLACE[0], "lat": PLACE[1] + 0.01}
    refused(lambda: arrive(signup, Proof(**far)), checking_in.TooFar)
    refused(lambda: arrive(signup, Proof(code(signup, AT), **far)), checking_in.TooFar)


def test_without_code_or_place_only_the_leader_notes(signup, place):
    refused(lambda: arrive(signup, Proof()), checking_in.NeedsProof)
    stay = checking_in.note_arrival(signup, by=place.organizer, at=AT)
    assert stay.arrived_how == "leader"
    done = checking_in.note_leaving(stay, by=place.organizer, at=AT + HOUR)
    assert (done.left_how, done.minutes) == ("leader", 60)


@pytest.mark.parametrize("text", ["", "abc", "00000000000", "ÄÖÜ" * 4, "0" * 11 + "1"])
def test_what_is_no_code_is_refused(signup, text):
    refused(lambda: arrive(signup, Proof(code=text)), RuleViolation)


def test_a_code_is_that_of_one_shift(signup, place):
    other = make.shift(place, title="另一班")
    wrong = checkin_codes.code_at(other, AT, seconds=30)
    refused(lambda: arrive(signup, Proof(code=wrong)), checking_in.BadCode)


def test_misread_letters_do_not_matter(signup):
    text = code(signup, AT).lower().replace("0", "o").replace("1", "l")
    assert arrive(signup, Proof(code=text)).arrived_how == "code"


def test_a_code_read_without_a_connection_tells_its_own_moment_and_is_looked_at(signup):
    read = code(signup, AT)
    stay = arrive(signup, Proof(code=read), at=AT + 3 * HOUR)
    assert (stay.arrived_at, stay.arrived_how, stay.doubtful) == (AT, "later", True)


def test_a_code_is_too_old_after_half_a_day_and_none_is_of_tomorrow(signup):
    read = code(signup, AT)
    for at in (AT + 13 * HOUR, AT - HOUR):
        refused(lambda at=at: arrive(signup, Proof(code=read), at=at), checking_in.BadCode)


def test_sending_again_changes_nothing(signup):
    first = arrive(signup)
    assert arrive(signup, at=AT + MINUTE) == first
    done = leave(first, at=AT + HOUR)
    assert leave(done, at=AT + HOUR + MINUTE).left_at == done.left_at
    refused(lambda: arrive(signup, at=AT + HOUR), checking_in.WasThere)
    assert Presence.objects.get().version == 2


@pytest.mark.parametrize("at", [AT - 31 * MINUTE, AT + 2 * HOUR + MINUTE])
def test_arriving_is_for_the_time_of_the_shift(signup, at):
    refused(lambda: arrive(signup, at=at), checking_in.NotNow)


def test_only_the_volunteer_arrives_and_only_a_leader_notes_others(signup, place):
    stranger = UserFactory()
    proof = Proof(code=code(signup, AT))
    refused(lambda: checking_in.arrive(signup, proof, by=stranger, at=AT), NotYours)
    refused(lambda: checking_in.note_arrival(signup, by=stranger, at=AT), NotYours)
    refused(lambda: checking_in.note_missing(signup, by=stranger, at=AT), NotYours)
    own = make.signed(signup.shift, make.volunteer(place, person=place.organizer))
    refused(lambda: checking_in.note_arrival(own, by=place.organizer, at=AT), NotYours)


def test_nobody_is_at_two_shifts_at_once(signup, place, ann):
    other = make.signed(make.shift(place, title="另一班"), ann)
    arrive(signup)
    refused(lambda: arrive(other), checking_in.AlreadyThere)
    assert Signup.objects.get(pk=other.pk).state == "confirmed"


def test_who_did_not_come_is_noted_after_the_beginning(signup, place):
    refused(
        lambda: checking_in.note_missing(signup, by=place.organizer, at=AT - MINUTE),
        checking_in.NotNow,
    )
    checking_in.note_missing(signup, by=place.organizer, at=AT + HOUR)
    assert Signup.objects.get().state == "missed"
    # Later than everybody thought, but there.
    assert arrive(Signup.objects.get(), at=AT + HOUR + MINUTE).state == "present"


def test_who_forgot_to_leave_left_when_the_shift_ended_and_is_looked_at(signup):
    stay, system = arrive(signup), UserFactory.system()
    assert checking_in.close_forgotten(by=system, at=AT + 2 * HOUR + 59 * MINUTE) == 0
    late = AT + 4 * HOUR
    assert [checking_in.close_forgotten(by=system, at=late) for _time in range(2)] == [1, 0]
    stay.refresh_from_db()
    assert (stay.left_at, stay.minutes, stay.left_how) == (AT + 2 * HOUR, 120, "clock")
    assert stay.doubtful


def test_a_shift_that_was_called_off_has_no_arrivals(signup):
    signup.shift.called_off_at = AT
    signup.shift.save()
    refused(lambda: arrive(signup), checking_in.NotNow)
