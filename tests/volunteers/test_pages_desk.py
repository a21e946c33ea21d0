"""The organiser's desk: people, proofs, consent and queues."""

import pytest
from django.urls import reverse

from tests.factories import volunteers as made
from tests.factories.organizations import SkillFactory
from tests.volunteers.pages import call, go, press, same_cost, words
from volunteers import services
from volunteers.models import (
    Course,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_the_organiser_reviews_people_of_the_own_place_only(client, place):
    near, far = made.waiting(place), made.waiting(place)
    far.community = place.elsewhere
    far.save(update_fields=["community"])
    text = words(go(client, place.organizer, "people"))
    assert near.name in text
    assert far.name not in text
    assert go(client, place.organizer, "person", far.pk).status_code == 404
    assert go(client, place.reviewer, "people").status_code == 403
    assert "Confirm" in words(go(client, place.organizer, "person", near.pk))
    press(client, place.organizer, "person_move", near.pk, "confirm")
    near.refresh_from_db()
    assert near.state == "active"


@pytest.mark.parametrize("asked", [{"q": "梁秀"}, {"state": "waiting"}, {"q": "nobody"}])
def test_people_are_searched(client, place, asked):
    made.waiting(place)
    client.force_login(place.organizer)
    text = words(client.get(reverse("volunteers:people"), asked))
    assert ("Nobody here" in text) is (asked.get("q") == "nobody")


def test_a_return_asks_for_its_reason(client, place):
    row = made.waiting(place)
    assert "Reason" in words(go(client, place.organizer, "person_move", row.pk, "return"))
    empty = go(client, place.organizer, "person_move", row.pk, "return", reason=" ")
    assert empty.status_code == 422
    go(client, place.organizer, "person_move", row.pk, "return", reason="请写全名")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("returned", "请写全名")
    assert go(client, place.organizer, "person_move", row.pk, "confirm").status_code == 404


def test_insurance_courses_proofs_and_consent_are_entered(client, place):
    course = Course.objects.create(code="aid", name="急救", name_en="First aid")
    row = made.active(place, offer=services.Offer(skills=[SkillFactory()]))
    minor = made.waiting(place, born="20100101")
    insurance = {
        "insurer": "平安", "policy": "P-9", "valid_from": "2026-01-01", "valid_to": "2027-01-01",
    }  # fmt: skip
    training = {"course": course.pk, "taken_on": "2026-01-01", "hours": "4"}
    consent = {"name": "李父", "relation": "parent"}
    for person, name, given in (
        (row, "insurance", insurance), (row, "training", training), (minor, "consent", consent),
    ):  # fmt: skip
        assert go(client, place.organizer, "person_add", person.pk, name).status_code == 200
        done = go(client, place.organizer, "person_add", person.pk, name, **given)
        assert done.status_code == 302, done.content.decode()
    twice = go(client, place.organizer, "person_add", row.pk, "insurance", **insurance)
    assert "entered already" in words(twice, 422)
    skill = row.skills.get()
    assert "proof" in words(go(client, place.organizer, "certify", skill.pk)).lower()
    go(client, place.organizer, "certify", skill.pk, proof="红十字会证")
    text = words(go(client, place.organizer, "person", row.pk))
    for part in ("平安", "P-9", "First aid", "红十字会证", "proof seen"):
        assert part in text
    assert "minor" in words(go(client, place.organizer, "person", minor.pk))


def test_the_desk_costs_the_same_with_more_people(client, place):
    made.waiting(place)

    def more():
        for _number in range(3):
            made.waiting(place)

    same_cost(client, place.organizer, reverse("volunteers:people"), more)


def test_queues_count_what_waits_for_the_organiser(client, place):
    activity = made.draft(place)
    made.add(activity, by=place.organizer)
    services.submit(activity, by=place.organizer, at=made.AT)
    call(place)
    client.force_login(place.organizer)
    from portal.shell import Shell

    class Asked:
        user = place.organizer
        COOKIES = {}
        path = "/"

    found = {one.queue.key: one.count for one in Shell(Asked()).queues}
    assert found["volunteers:people"] == 1
    assert found["volunteers:calls"] == 1
    assert found["volunteers:activities"] == 0
    Asked.user = place.reviewer
    found = {one.queue.key: one.count for one in Shell(Asked()).queues}
    assert found["volunteers:activities"] == 1
