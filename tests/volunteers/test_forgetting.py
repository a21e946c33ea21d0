"""An account is erased: places go back, what names the person goes, what was done stays."""

import pytest

from organizations.services import residents
from tests.factories import volunteers as made
from tests.factories.residents import ResidentFactory
from volunteers import services
from volunteers.models import (
    DoubleReport,
    Guardianship,
    OrganisationMember,
    Signup,
    Volunteer,
    VolunteerEvent,
    WaitingPlace,
)

pytestmark = pytest.mark.django_db
PLANTED = ("何小勇", "13500000088", "平安-P-777", "某局第三支部", "我腿脚不好")


@pytest.fixture
def person(place):
    person = ResidentFactory(full_name=PLANTED[0], phone=PLANTED[1])
    row = made.active(place, person=person, offer=services.Offer(languages=["yue"]))
    day = made.AT.date()
    services.insure(
        row, insurer="平安", policy=PLANTED[2], valid_from=day, valid_to=day + 9 * made.DAY,
        by=place.organizer, at=made.AT,
    )  # fmt: skip
    services.report_member(
        branch=PLANTED[3], community=place.community, offers="x", by=person, at=made.AT
    )
    return person


def everything():
    models = (Volunteer, VolunteerEvent, Signup, WaitingPlace, Guardianship, DoubleReport)
    return str([list(model.objects.values()) for model in models])


def test_a_copy_tells_all_that_is_kept(place, person):
    shift = made.published(place)
    services.sign_up(shift, person.volunteer, by=person, at=made.AT, remark=PLANTED[4])
    copied = str(residents.export(person, at=made.AT)["volunteering"])
    for planted in (PLANTED[0], PLANTED[2], PLANTED[3], PLANTED[4], "陪老人聊天", "1990"):
        assert planted in copied


def test_erasing_an_account_gives_places_back_and_leaves_no_name(place, person):
    shift, row = made.published(place, places=1), person.volunteer
    services.sign_up(shift, row, by=person, at=made.AT, remark=PLANTED[4])
    next_one = made.active(place)
    waiting = services.join_waiting_list(shift, next_one, by=next_one.person, at=made.AT)
    full = made.published(place, places=1, starts=4 * made.DAY)
    made.signed(full, next_one)
    services.join_waiting_list(full, row, by=person, at=made.AT)
    residents.erase(person, at=made.AT)
    waiting.refresh_from_db()
    row.refresh_from_db()
    assert waiting.state == "offered"
    assert row.state == "erased"
    assert Signup.objects.get(volunteer=row).state == "cancelled"
    assert WaitingPlace.objects.get(volunteer=row).state == "left"
    assert row.late_cancellations == 0
    kept = everything()
    for planted in PLANTED:
        assert planted not in kept
    assert not row.insurances.exists()


def test_a_member_of_today_and_one_of_before_are_members_no_more(place, person):
    leader = made.active(place)
    team = services.register_organisation(
        place=place.community, name="x", kind="team", scope="x", contact_name="x",
        contact_phone="1", by=leader.person, at=made.AT - 9 * made.DAY,
    )  # fmt: skip
    services.confirm_organisation(team, by=place.organizer, at=made.AT - 9 * made.DAY)
    services.add_member(team, Volunteer.objects.get(person=person), by=leader.person, at=made.AT)
    residents.erase(person, at=made.AT)
    services.leave(leader, by=leader.person, at=made.AT)
    (member,) = OrganisationMember.objects.all()
    assert (member.volunteer, member.valid_to) == (leader, made.AT.date())


def test_children_go_with_their_guardian_and_wards_with_an_account_stay(place, person):
    child = made.child(place, person.volunteer)
    youth = made.waiting(place, born="20100101")
    services.consent_on_paper(youth, name="x", relation="parent", by=place.organizer, at=made.AT)
    youth.guardianships.update(guardian=person)
    residents.erase(person, at=made.AT)
    child.refresh_from_db()
    child.person.refresh_from_db()
    youth.refresh_from_db()
    assert (child.state, child.person.full_name) == ("erased", "")
    assert youth.state == "waiting"
    assert not youth.guardianships.standing().exists()
    assert not Guardianship.objects.standing().filter(guardian=person).exists()


def test_a_guardian_has_the_child_erased(place, person):
    child = made.child(place, person.volunteer)
    services.leave(child, by=person, at=made.AT)
    services.erase(child, by=person, at=made.AT)
    child.person.refresh_from_db()
    assert child.person.full_name == ""


def test_who_never_registered_or_was_erased_before_is_erased_without_a_word(place, person):
    residents.erase(ResidentFactory(), at=made.AT)
    services.leave(person.volunteer, by=person, at=made.AT)
    services.erase(person.volunteer, by=person, at=made.AT)
    residents.erase(person, at=made.AT)
    assert Volunteer.objects.get(person=person).state == "erased"
