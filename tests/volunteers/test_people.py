"""Registering: number, consent, guardians, review, leaving, erasing."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Delivery, Message, NotificationRule
from tests.factories import volunteers as made
from tests.factories.organizations import LONG_AGO, SkillFactory
from tests.factories.residents import ResidentFactory
from volunteers import services
from volunteers.models import Guardianship, Volunteer, VolunteerEvent


def refused(act):
    """The code of the refusal of `act`, which must change no volunteer."""
    before = list(Volunteer.objects.order_by("pk").values())
    with pytest.raises(RuleViolation) as caught:
        act()
    assert list(Volunteer.objects.order_by("pk").values()) == before
    return caught.value.code


def register(place, at, *, person=None, identity=None, born="19900101", **more):
    person = person or ResidentFactory(registered=True)
    given = {"community": place.community, "agreed": True, "by": person, "at": at, **more}
    number = made.identity(born) if identity is None else identity
    return services.register(person, identity=number, **given)


def test_a_registration_waits_and_keeps_nothing_of_the_number_but_its_end(place, at):
    number = made.identity("19880229")
    volunteer = register(place, at, identity=f" {number.lower()} ")
    assert (volunteer.state, volunteer.born) == ("waiting", datetime.date(1988, 2, 29))
    assert volunteer.identity_tail == number[-4:]
    assert (volunteer.town, volunteer.community) == (place.town, place.community)
    stored = [str(row) for row in Volunteer.objects.values()] + [
        str(row) for row in VolunteerEvent.objects.values()
    ]
    assert not any(number in row for row in stored)


@pytest.mark.parametrize(
    "number",
    [
        "441900199001010010", "44190019900230001X", "441900199001010", "360426199101010072",
        "44190020990101001X", "",
    ],
)  # fmt: skip
def test_a_number_that_breaks_the_rule_is_refused(place, at, number):
    assert refused(lambda: register(place, at, identity=number)) == "identity_invalid"


def test_the_standards_own_example_is_accepted(place, at):
    assert register(place, at, identity="360426199101010071").born == datetime.date(1991, 1, 1)


def test_a_person_and_a_number_are_registered_once(place, at):
    number = made.identity()
    first = register(place, at, identity=number)
    assert refused(lambda: register(place, at, identity=number)) == "identity_taken"
    assert refused(lambda: register(place, at, person=first.person)) == "registered"


def test_without_consent_or_community_nobody_is_registered(place, at):
    assert refused(lambda: register(place, at, agreed=False)) == "no_consent"
    assert refused(lambda: register(place, at, community=place.town)) == "no_community"


def test_below_fourteen_nobody_registers_alone(place, at):
    assert refused(lambda: register(place, at, born="20130101")) == "guardian_registers"
    assert register(place, at, born="20121124").age_on(at.date()) == 14


def test_a_minor_is_confirmed_only_after_the_guardian_consented(place, at):
    minor = register(place, at, born="20100101")
    assert refused(lambda: services.confirm(minor, by=place.organizer, at=at)) == "no_consent"
    services.consent_on_paper(minor, name="李父", relation="parent", by=place.organizer, at=at)
    assert services.confirm(minor, by=place.organizer, at=at).state == "active"


def test_a_guardian_registers_a_child_and_that_is_the_consent(place, at):
    guardian = made.active(place)
    child = made.child(place, guardian)
    row = child.guardianships.get()
    assert (row.guardian, row.consented_by) == (guardian.person, "account")
    assert child.state == "active"
    assert not child.person.is_active
    assert set(Volunteer.objects.of(guardian.person)) == {guardian, child}


def test_who_is_of_age_is_no_child(place, at):
    guardian = made.active(place)
    assert refused(lambda: made.child(place, guardian, born="20000101")) == "of_age"


def test_the_guardians_link_consents_and_its_code_is_kept_nowhere(place, at):
    NotificationRule.objects.create(
        kind="volunteer-consent", role="resident", channel="sms", timing="at_once", urgent=False,
        valid_from=LONG_AGO,
    )  # fmt: skip
    minor = register(place, at, born="20100101")
    services.name_guardian(
        minor, name="李父", phone="13800138000", relation="parent", by=minor.person, at=at
    )
    link = Delivery.objects.get(kind="volunteer-consent").params["link"]
    code = link.rstrip("/").rpartition("/")[2]
    assert code not in str(Guardianship.objects.values())
    assert services.by_code("x" + code) is None
    assert services.by_code(code).ward == minor
    row = services.consent_by_link(code, at=at)
    assert (row.consented_by, row.consented_at) == ("link", at)
    assert services.consent_by_link(code, at=at + made.DAY).consented_at == at
    assert services.confirm(minor, by=place.organizer, at=at).state == "active"


def test_another_guardian_ends_the_link_of_the_first(place, at):
    minor = register(place, at, born="20100101")
    who = {"relation": "parent", "by": minor.person, "at": at}
    services.name_guardian(minor, name="李父", phone="13800138000", **who)
    services.name_guardian(minor, name="李母", phone="13800138001", **who)
    assert [row.name for row in minor.guardianships.standing()] == ["李母"]


def test_a_guardian_is_somebody_else_with_a_mobile_number(place, at):
    minor = register(place, at, born="20100101")
    who = {"name": "李父", "relation": "parent", "by": minor.person, "at": at}

    def name(phone, **more):
        return lambda: services.name_guardian(minor, phone=phone, **{**who, **more})

    assert refused(name("123")) == "phone"
    assert refused(name(minor.person.phone)) == "own_phone"
    assert refused(name("13800138000", by=place.organizer)) == "not_yours"
    grown = made.waiting(place)
    assert refused(
        lambda: services.name_guardian(
            grown, phone="13800138000", **{**who, "by": grown.person}
        )
    ) == "of_age"  # fmt: skip


def test_nobody_confirms_himself_and_nobody_elsewhere_confirms(place, at):
    volunteer = register(place, at, person=place.organizer)
    assert refused(lambda: services.confirm(volunteer, by=place.organizer, at=at)) == "not_yours"
    far = register(place, at, community=place.elsewhere)
    assert refused(lambda: services.confirm(far, by=place.organizer, at=at)) == "not_yours"


def test_review_tells_the_volunteer_after_the_commit(place, at):
    returned = services.decide(
        made.waiting(place), "return", by=place.organizer, at=at, reason="号码看不清"
    )
    assert (returned.state, returned.reason) == ("returned", "号码看不清")
    told = Message.objects.get(to=returned.person)
    assert (told.kind, told.params) == ("volunteer-returned", {"reason": "号码看不清"})
    again = services.resubmit(
        returned, by=returned.person, at=at, identity=made.identity("19910101")
    )
    assert (again.state, again.reason) == ("waiting", "")
    assert again.born == datetime.date(1991, 1, 1)


def test_a_reason_stands_on_the_row_and_not_in_the_history(place, at):
    row = made.waiting(place)
    services.decide(row, "refuse", by=place.organizer, at=at, reason="张三说的")
    assert VolunteerEvent.objects.get(move="refuse").note == ""


@pytest.mark.parametrize("move", ["return", "refuse", "suspend"])
def test_a_refusal_without_a_reason_is_refused(place, at, move):
    row = made.active(place) if move == "suspend" else made.waiting(place)
    act = lambda: services.decide(row, move, by=place.organizer, at=at, reason=" ")  # noqa: E731
    assert refused(act) == "reason_missing"


def test_suspended_and_resumed(place, at):
    row = services.decide(made.active(place), "suspend", by=place.organizer, at=at, reason="x")
    assert row.state == "suspended"
    assert services.decide(row, "resume", by=place.organizer, at=at).state == "active"


def test_what_is_offered_is_written_and_changed_by_the_volunteer_only(place, at):
    first_aid, driving = SkillFactory(), SkillFactory()
    hours = (datetime.time(9), datetime.time(11))
    offer = services.Offer(
        languages=["yue", "en"], skills=[first_aid], times=[(5, *hours)], areas=[place.elsewhere]
    )
    row = made.active(place, offer=offer)
    services.certify_skill(row.skills.get(), proof="红十字会证", by=place.organizer, at=at)
    later = services.Offer(skills=[first_aid, driving], times=[], may_be_named=True)
    assert refused(
        lambda: services.edit_offer(row, by=place.organizer, at=at, offer=later)
    ) == "not_yours"  # fmt: skip
    changed = services.edit_offer(row, by=row.person, at=at, offer=later)
    assert changed.languages == []
    assert changed.may_be_named
    assert [one.certified_at for one in changed.skills.order_by("pk")] == [at, None]
    assert not changed.availabilities.exists()
    assert not changed.areas.exists()


def test_who_leaves_gives_back_places_first(place, at):
    volunteer = made.active(place)
    signup = made.signed(made.published(place), volunteer)
    assert refused(lambda: services.leave(volunteer, by=volunteer.person, at=at)) == "has_shifts"
    services.cancel(signup, by=volunteer.person, at=at)
    left = services.leave(volunteer, by=volunteer.person, at=at)
    assert (left.state, left.ended_at) == ("left", at)
    back = services.rejoin(left, by=left.person, at=at, agreed=True)
    assert (back.state, back.ended_at) == ("waiting", None)


def test_erasing_empties_what_names_the_person(place, at):
    volunteer = made.insured(place, made.active(place))
    left = services.leave(volunteer, by=volunteer.person, at=at)
    gone = services.erase(left, by=left.person, at=at)
    assert (gone.state, gone.born, gone.identity_digest, gone.identity_tail) == (
        "erased", None, "", "",
    )  # fmt: skip
    assert not gone.insurances.exists()
    assert gone.events.count() == 4
    with pytest.raises(WrongState):
        services.rejoin(gone, by=gone.person, at=at, agreed=True)


def test_insurance_and_courses_are_entered_by_the_organiser_of_the_place(place, at):
    volunteer = made.active(place)
    stranger = made.active(place)
    with pytest.raises(NotYours):
        services.insure(
            volunteer, insurer="x", policy="1", valid_from=at.date(),
            valid_to=at.date() + made.DAY, by=stranger.person, at=at,
        )  # fmt: skip
    made.insured(place, volunteer)
    with pytest.raises(RuleViolation):
        made.insured(place, volunteer)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE volunteers_volunteerevent SET move = 'x'",
        "DELETE FROM volunteers_volunteerevent",
        "UPDATE volunteers_volunteer SET state = 'erased', ended_at = registered_at",
        "UPDATE volunteers_volunteer SET ended_at = registered_at",
        "UPDATE volunteers_volunteer SET reviewed_by_id = NULL",
        "UPDATE volunteers_insurance SET valid_to = NULL",
        "UPDATE volunteers_guardianship SET consented_by = ''",
    ],
)
def test_the_database_refuses_by_itself(place, sql):
    made.child(place, made.insured(place, made.active(place)))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
