"""Signing up: places, rules, clashes, cancelling, approval, the waiting list."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from tests.factories import volunteers as made
from tests.factories.organizations import SkillFactory
from volunteers import services
from volunteers.models import Course, Prerequisite, Shift, Signup, WaitingPlace

DAY, HOUR, MINUTE = made.DAY, made.HOUR, datetime.timedelta(minutes=1)


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Shift, Signup, WaitingPlace)]


def refused(act):
    """The code of the refusal of `act`, which must change no place."""
    before = rows()
    with pytest.raises(RuleViolation) as caught:
        act()
    assert rows() == before
    return caught.value.code


def sign(shift, volunteer, at=made.AT, **more):
    return services.sign_up(shift, volunteer, by=volunteer.person, at=at, **more)


def wait(shift, volunteer, at=made.AT):
    return services.join_waiting_list(shift, volunteer, by=volunteer.person, at=at)


def taken(shift):
    shift.refresh_from_db()
    return shift.taken


def told(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def test_a_place_is_taken_and_told_and_asked_again_it_is_the_same(place):
    shift, volunteer = made.published(place), made.active(place)
    signup = sign(shift, volunteer)
    assert (signup.state, taken(shift)) == ("confirmed", 1)
    assert sign(shift, volunteer) == signup
    assert taken(shift) == 1
    assert told(volunteer.person) == ["volunteer-confirmed", "signup-confirmed"]


def test_the_last_place_is_the_last(place):
    shift = made.published(place, places=1)
    sign(shift, made.active(place))
    other = made.active(place)
    assert refused(lambda: sign(shift, other)) == "shift_full"


def test_nobody_signs_up_somebody_else(place):
    shift, volunteer, other = made.published(place), made.active(place), made.active(place)
    with pytest.raises(NotYours):
        services.sign_up(shift, volunteer, by=other.person, at=made.AT)
    with pytest.raises(NotYours):
        services.sign_up(shift, volunteer, by=place.organizer, at=made.AT)


def test_only_registered_people_sign_up(place):
    shift = made.published(place)
    assert refused(lambda: sign(shift, made.waiting(place))) == "not_registered"
    barred = made.active(place)
    barred.barred_until = datetime.date(2027, 1, 1)
    barred.save(update_fields=["barred_until"])
    assert refused(lambda: sign(shift, barred)) == "barred"


def test_what_is_not_published_has_begun_or_is_called_off_takes_nobody(place):
    volunteer = made.active(place)
    draft = made.add(made.draft(place), by=place.organizer)
    assert refused(lambda: sign(draft, volunteer)) == "not_open"
    shift = made.published(place)
    assert refused(lambda: sign(shift, volunteer, at=shift.starts_at)) == "begun"
    services.call_off_shift(shift, by=place.organizer, at=made.AT, reason="台风")
    assert refused(lambda: sign(shift, volunteer)) == "called_off"


def test_ages_are_those_of_the_day_of_the_shift(place):
    shift = made.published(place, min_age=18, max_age=60)
    young = made.waiting(place, born="20081127")
    services.consent_on_paper(young, name="李父", relation="parent", by=place.organizer, at=made.AT)
    services.confirm(young, by=place.organizer, at=made.AT)
    assert refused(lambda: sign(shift, young)) == "too_young"
    later = made.published(place, min_age=18, starts=3 * DAY)
    assert sign(later, young).state == "confirmed"
    assert refused(lambda: sign(shift, made.active(place, born="19600101"))) == "too_old"


def test_a_minor_without_guardian_is_refused(place):
    shift, guardian = made.published(place), made.active(place)
    minor = made.child(place, guardian, born="20100101")
    services.take_consent_back(minor, by=guardian.person, at=made.AT)
    with pytest.raises(NotYours):
        services.sign_up(shift, minor, by=guardian.person, at=made.AT)
    assert refused(lambda: sign(shift, minor)) == "no_consent"


def test_a_child_comes_with_the_guardian_on_the_same_shift(place):
    shift, guardian = made.published(place), made.active(place)
    child = made.child(place, guardian)

    def bring():
        return services.sign_up(shift, child, by=guardian.person, at=made.AT)

    assert refused(bring) == "alone"
    sign(shift, guardian)
    assert bring().state == "confirmed"
    assert taken(shift) == 2


def test_from_fourteen_on_nobody_needs_to_come_along(place):
    shift, guardian = made.published(place), made.active(place)
    youth = made.child(place, guardian, born="20110101")
    signup = services.sign_up(shift, youth, by=guardian.person, at=made.AT)
    assert signup.state == "confirmed"


def test_dangerous_work_without_insurance_is_refused(place):
    shift = made.published(place, danger="dangerous", risks="高空作业", min_age=18)
    volunteer = made.active(place)
    assert refused(lambda: sign(shift, volunteer)) == "not_insured"
    made.insured(place, volunteer)
    assert sign(shift, volunteer).state == "confirmed"


def test_insurance_must_be_valid_on_the_day_of_the_shift(place):
    shift = made.published(place, danger="dangerous", risks="高空作业", min_age=18)
    volunteer = made.active(place)
    services.insure(
        volunteer, insurer="x", policy="1", valid_from=datetime.date(2026, 11, 1),
        valid_to=datetime.date(2026, 11, 26), by=place.organizer, at=made.AT,
    )  # fmt: skip
    assert shift.starts_at.date() == datetime.date(2026, 11, 26)
    assert refused(lambda: sign(shift, volunteer)) == "not_insured"


def test_skills_proofs_and_courses_are_asked_for(place):
    first_aid, course = SkillFactory(), Course.objects.create(
        code="aid", name="急救", name_en="First aid", months=12
    )  # fmt: skip
    shift = made.published(place, asked=[
        services.Asked(Prerequisite.Kind.SKILL, skill=first_aid, needs_proof=True),
        services.Asked(Prerequisite.Kind.COURSE, course=course),
    ])  # fmt: skip
    volunteer = made.active(place, offer=services.Offer(skills=[first_aid]))
    assert refused(lambda: sign(shift, volunteer)) == "no_proof"
    services.certify_skill(volunteer.skills.get(), proof="证", by=place.organizer, at=made.AT)
    assert refused(lambda: sign(shift, volunteer)) == "no_course"
    record = {"hours": 4, "by": place.organizer, "at": made.AT}
    services.record_training(volunteer, course, taken_on=datetime.date(2025, 11, 26), **record)
    assert refused(lambda: sign(shift, volunteer)) == "no_course"  # a year later to the day
    services.record_training(volunteer, course, taken_on=datetime.date(2025, 11, 27), **record)
    assert sign(shift, volunteer).state == "confirmed"


def test_a_wished_skill_shuts_nobody_out(place):
    wished = services.Asked(Prerequisite.Kind.SKILL, skill=SkillFactory(), is_required=False)
    assert sign(made.published(place, asked=[wished]), made.active(place)).state == "confirmed"


def test_shifts_at_the_same_time_clash(place):
    volunteer = made.active(place)
    sign(made.published(place), volunteer)
    for starts in (2 * DAY, 2 * DAY - HOUR, 2 * DAY + HOUR):
        other = made.published(place, starts=starts)
        assert refused(lambda shift=other: sign(shift, volunteer, tight=True)) == "clash"


def test_a_short_way_warns_and_may_be_managed(place):
    volunteer = made.active(place)
    sign(made.published(place), volunteer)
    far = made.published(place, starts=2 * DAY + 2 * HOUR + 20 * MINUTE, lon=114.09)
    assert refused(lambda: sign(far, volunteer)) == "too_tight"
    near = made.published(place, starts=2 * DAY - 2 * HOUR - 20 * MINUTE)
    assert not sign(near, volunteer).tight
    assert sign(far, volunteer, tight=True).tight


def test_a_cancelled_place_no_longer_clashes(place):
    volunteer = made.active(place)
    services.cancel(sign(made.published(place), volunteer), by=volunteer.person, at=made.AT)
    assert sign(made.published(place), volunteer).state == "confirmed"


def test_an_early_cancellation_is_free_and_a_late_one_counted(place):
    shift, volunteer = made.published(place), made.active(place)
    early = services.cancel(sign(shift, volunteer), by=volunteer.person, at=shift.starts_at - DAY)
    assert (early.state, early.is_late, taken(shift)) == ("cancelled", False, 0)
    signup = sign(shift, volunteer)
    late = shift.starts_at - DAY + MINUTE
    act = lambda: services.cancel(signup, by=volunteer.person, at=late)  # noqa: E731
    assert refused(act) == "reason_missing"
    done = services.cancel(signup, by=volunteer.person, at=late, reason="发烧")
    volunteer.refresh_from_db()
    assert (done.is_late, volunteer.late_cancellations) == (True, 1)
    again = sign(shift, volunteer)
    over = lambda: services.cancel(again, by=volunteer.person, at=shift.starts_at)  # noqa: E731
    assert refused(over) == "begun"


def test_sign_ups_are_approved_where_the_activity_wants_it(place):
    shift = made.published(place, needs_approval=True, places=1)
    first, second = made.active(place), made.active(place)
    asked = sign(shift, first)
    assert (asked.state, taken(shift)) == ("asked", 1)
    assert refused(lambda: sign(shift, second)) == "shift_full"
    with pytest.raises(NotYours):
        services.accept(asked, by=second.person, at=made.AT)
    waiting = wait(shift, second)
    refused_one = services.refuse(asked, by=place.organizer, at=made.AT, reason="人数已够")
    waiting.refresh_from_db()
    assert (refused_one.state, waiting.state, taken(shift)) == ("refused", "offered", 1)
    assert told(first.person)[-1] == "signup-refused"
    taken_up = services.take_offer(waiting, by=second.person, at=made.AT)
    assert services.accept(taken_up, by=place.organizer, at=made.AT).state == "confirmed"


def test_who_came_and_who_did_not(place):
    shift, volunteer = made.published(place), made.active(place)
    signup = sign(shift, volunteer)
    early = lambda: services.miss(signup, by=place.organizer, at=made.AT)  # noqa: E731
    assert refused(early) == "not_begun"
    missed = services.miss(signup, by=place.organizer, at=shift.ends_at)
    came = services.attend(missed, by=place.organizer, at=shift.ends_at)
    assert (came.state, taken(shift)) == ("attended", 1)


# -- The waiting list -----------------------------------------------------------------------------


def full(place, **more):
    shift = made.published(place, places=1, **more)
    holder = made.active(place)
    return shift, sign(shift, holder)


def test_who_waits_moves_up_in_order_when_a_place_is_given_back(place):
    shift, signup = full(place)
    first, second = (wait(shift, made.active(place)) for _ in range(2))
    assert taken(shift) == 1
    services.cancel(signup, by=signup.volunteer.person, at=made.AT)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, taken(shift)) == ("offered", "waiting", 1)
    assert first.offered_until == made.AT + 12 * HOUR
    assert told(first.volunteer.person)[-1] == "waiting-offered"
    late_comer = made.active(place)
    assert refused(lambda: sign(shift, late_comer)) == "shift_full"
    taken_up = services.take_offer(first, by=first.volunteer.person, at=made.AT)
    assert (taken_up.state, taken(shift)) == ("confirmed", 1)


def test_one_waits_only_once_and_only_for_a_full_shift(place):
    shift, signup = full(place)
    volunteer = made.active(place)
    assert wait(shift, volunteer) == wait(shift, volunteer)
    assert refused(lambda: wait(shift, signup.volunteer)) == "has_place"
    empty = made.published(place)
    assert refused(lambda: wait(empty, volunteer)) == "not_full"


def test_an_offer_that_is_not_answered_goes_on_and_the_clock_may_run_twice(place):
    shift, signup = full(place)
    first, second = (wait(shift, made.active(place)) for _ in range(2))
    services.cancel(signup, by=signup.volunteer.person, at=made.AT)
    assert services.lapse_offers(at=made.AT + 12 * HOUR - MINUTE) == 0
    over = made.AT + 12 * HOUR
    act = lambda: services.take_offer(first, by=first.volunteer.person, at=over)  # noqa: E731
    assert refused(act) == "lapsed"
    assert services.lapse_offers(at=over) == 1
    assert services.lapse_offers(at=over) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, taken(shift)) == ("lapsed", "offered", 1)
    assert second.offered_until == over + 12 * HOUR
    assert services.lapse_offers(at=over + 12 * HOUR) == 1
    assert taken(shift) == 0
    assert told(first.volunteer.person)[-1] == "waiting-lapsed"


def test_an_offer_ends_when_the_shift_begins_at_the_latest(place):
    shift, signup = full(place)
    waiting = wait(shift, made.active(place))
    at = shift.starts_at - HOUR
    services.cancel(signup, by=signup.volunteer.person, at=at, reason="病")
    waiting.refresh_from_db()
    assert waiting.offered_until == shift.starts_at


def test_who_leaves_the_list_makes_room_for_the_next(place):
    shift, signup = full(place)
    first, second = (wait(shift, made.active(place)) for _ in range(2))
    services.cancel(signup, by=signup.volunteer.person, at=made.AT)
    services.leave_waiting_list(first, by=first.volunteer.person, at=made.AT)
    second.refresh_from_db()
    assert (second.state, taken(shift)) == ("offered", 1)
    services.leave_waiting_list(second, by=second.volunteer.person, at=made.AT)
    assert taken(shift) == 0


def test_more_places_go_to_who_waits_and_never_fewer_than_taken(place):
    shift, _signup = full(place)
    waiting = [wait(shift, made.active(place)) for _ in range(3)]
    services.change_shift(shift, by=place.organizer, at=made.AT, places=3)
    states = []
    for row in waiting:
        row.refresh_from_db()
        states.append(row.state)
    assert (states, taken(shift)) == (["offered", "offered", "waiting"], 3)
    fewer = lambda: services.change_shift(  # noqa: E731
        shift, by=place.organizer, at=made.AT, places=2
    )
    assert refused(fewer) == "fewer_than_taken"


def test_lists_of_shifts_that_have_begun_are_closed_twice_alike(place):
    shift, signup = full(place)
    first, second = (wait(shift, made.active(place)) for _ in range(2))
    at = shift.starts_at - MINUTE
    services.cancel(signup, by=signup.volunteer.person, at=at, reason="病")
    assert services.close_lists(at=shift.starts_at) == 2
    assert services.close_lists(at=shift.starts_at) == 0
    assert {row.state for row in WaitingPlace.objects.all()} == {"closed"}
    assert taken(shift) == 0
    assert {first.pk, second.pk} == set(WaitingPlace.objects.values_list("pk", flat=True))


def test_calling_a_shift_off_tells_everybody_and_frees_everything(place):
    shift, signup = full(place)
    waiting = wait(shift, made.active(place))
    services.call_off_shift(shift, by=place.organizer, at=made.AT, reason="台风")
    signup.refresh_from_db()
    waiting.refresh_from_db()
    assert (signup.state, waiting.state, taken(shift)) == ("called_off", "closed", 0)
    for row in (signup, waiting):
        assert told(row.volunteer.person)[-1] == "shift-called-off"


# -- What the database refuses -------------------------------------------------------------------


OFFERED = """
UPDATE volunteers_waitingplace SET state = 'offered', offered_at = at, offered_until = ends
FROM (SELECT max(ends_at) AS ends FROM volunteers_shift) AS s
"""
SIGNED = """
INSERT INTO volunteers_signup (
  version, head, shift_id, volunteer_id, state, remark, tight, is_late, reason, at)
"""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE volunteers_shift SET taken = 0",
        "UPDATE volunteers_shift SET taken = 2, places = 9",
        "UPDATE volunteers_shift SET places = 0",
        "DELETE FROM volunteers_signup",
        "DELETE FROM volunteers_waitingplace",
        "UPDATE volunteers_signup SET volunteer_id = (SELECT max(id) FROM volunteers_volunteer)",
        OFFERED,
        (f"{SIGNED} SELECT 0, '', shift_id, volunteer_id, 'confirmed', '', tight, is_late, '', at "
         "FROM volunteers_signup"),
        (f"{SIGNED} SELECT 0, '', s.shift_id, v.id, 'confirmed', '', s.tight, s.is_late, '', s.at "
        "FROM volunteers_signup s, volunteers_volunteer v WHERE v.id <> s.volunteer_id"),
    ],
)  # fmt: skip
def test_raw_sql_cannot_overbook_or_rewrite(place, sql):
    shift, _signup = full(place)
    wait(shift, made.active(place))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert taken(shift) == 1
