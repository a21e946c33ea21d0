"""Registering, guardians, leaving, and being forgotten."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import volunteers as made
from tests.factories.organizations import SkillFactory
from tests.factories.residents import ResidentFactory
from tests.volunteers.pages import go, press, words
from volunteers import services
from volunteers.models import (
    Signup,
    Volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def registration(place, **changes):
    given = {
        "full_name": "何小勇", "identity": made.identity("19900101"),
        "community": place.community.pk, "agreed": "on", "weekdays": ["5"], "times": ["morning"],
    }  # fmt: skip
    return {**given, **changes}


def test_a_resident_registers_and_finds_where_it_stands(client, place):
    person = ResidentFactory()
    assert "Identity number" in words(go(client, person, "register"))
    answer = go(client, person, "register", follow=True, **registration(place))
    text = words(answer)
    assert "Waits for review" in text
    row = Volunteer.objects.get(person=person)
    assert row.number in text
    assert (row.person.full_name, row.availabilities.get().weekday) == ("何小勇", 5)
    assert go(client, person, "register").status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"identity": "441900199001010011"}, "no valid identity number"),
        ({"agreed": ""}, "Without your consent"),
        ({"community": ""}, "required"),
        ({"full_name": ""}, "required"),
    ],
)
def test_a_registration_that_is_wrong_says_what(client, place, changes, said):
    person = ResidentFactory()
    answer = go(client, person, "register", **registration(place, **changes))
    assert said in words(answer, 422)
    assert not Volunteer.objects.exists()


def test_a_stranger_is_led_to_the_residents_door_and_back(client, place):
    for name in ("register", "mine", "register_child", "offer"):
        answer = go(client, None, name)
        assert answer["Location"].startswith("/account/enter/?next=/volunteers/")
    shift = made.published(place)
    assert "/account/enter/" in go(client, None, "sign_up", shift.pk)["Location"]


def test_who_is_not_registered_is_led_to_registering(client, place):
    shift = made.published(place)
    answer = go(client, ResidentFactory(), "sign_up", shift.pk)
    assert answer["Location"] == reverse("volunteers:register")


def test_what_is_offered_is_changed(client, place):
    volunteer, skill = made.active(place), SkillFactory()
    offer = reverse("volunteers:offer")
    client.force_login(volunteer.person)
    assert "What you can do" in words(client.get(offer))
    given = {"community": place.elsewhere.pk, "skills": [skill.pk], "languages": ["yue"]}
    assert client.post(offer, given).status_code == 302
    volunteer.refresh_from_db()
    assert (volunteer.community, volunteer.languages) == (place.elsewhere, ["yue"])
    assert list(volunteer.skills.values_list("skill", flat=True)) == [skill.pk]


def test_a_returned_registration_is_corrected(client, place):
    row = made.waiting(place)
    services.decide(row, "return", by=place.organizer, at=made.AT, reason="号码看不清")
    assert "号码看不清" in words(go(client, row.person, "mine"))
    assert "号码看不清" in words(go(client, row.person, "resubmit"))
    again = go(client, row.person, "resubmit", identity=made.identity("19910202"))
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.born) == ("waiting", datetime.date(1991, 2, 2))
    wrong = go(client, row.person, "resubmit", identity=made.identity())
    assert "moved on" in words(wrong, 422)


def test_a_minor_names_a_guardian_who_consents_by_the_link(client, place, monkeypatch):
    minor = made.waiting(place, born="20100101")
    assert "guardian must consent" in words(go(client, minor.person, "mine"))
    sent = []
    from organizations.services import inbox

    monkeypatch.setattr(inbox, "tell_resident", lambda *_a, **told: sent.append(told["params"]))
    given = {"name": "李父", "phone": "13800138000", "relation": "parent"}
    assert "11 digits" in words(
        go(client, minor.person, "guardian", **{**given, "phone": "1"}), 422
    )
    assert go(client, minor.person, "guardian", **given).status_code == 302
    assert "consent is still missing" in words(go(client, minor.person, "mine"))
    client.logout()
    link = sent[0]["link"].partition("/volunteers/")[2]
    page = f"/volunteers/{link}"
    assert "I am the guardian" in words(client.get(page))
    assert "You have consented" in words(client.post(page))
    assert client.get("/volunteers/consent/nothing/").status_code == 404
    assert client.post("/volunteers/consent/nothing/").status_code == 404
    assert "has consented" in words(go(client, minor.person, "mine"))


def test_a_guardian_registers_a_child_and_signs_it_up(client, place):
    guardian = made.active(place)
    shift = made.published(place)
    given = {
        "name": "小明", "identity": made.identity("20160101"), "relation": "parent",
        "community": place.community.pk, "agreed": "on",
    }  # fmt: skip
    assert "The child" in words(go(client, guardian.person, "register_child"))
    assert "小明" in words(go(client, guardian.person, "register_child", follow=True, **given))
    child = Volunteer.objects.exclude(pk=guardian.pk).get()
    services.confirm(child, by=place.organizer, at=made.AT)
    page = words(go(client, guardian.person, "sign_up", shift.pk))
    assert "小明" in page
    alone = go(client, guardian.person, "sign_up", shift.pk, volunteer=child.pk)
    assert "guardian comes along" in words(alone, 422)
    go(client, guardian.person, "sign_up", shift.pk, volunteer=guardian.pk)
    assert go(client, guardian.person, "sign_up", shift.pk, volunteer=child.pk).status_code == 302
    assert Signup.objects.holding().count() == 2


def test_a_guardian_says_what_a_child_offers_and_from_where_and_changes_it(client, place):
    guardian = made.active(place)
    given = {
        "name": "小明", "identity": made.identity("20120101"), "relation": "parent", "agreed": "on",
        "community": place.community.pk, "languages": ["yue"], "weekdays": ["5"],
        "times": ["morning"], "may_measure": "on", "lon": "113.7512", "lat": "23.0204",
    }  # fmt: skip
    assert go(client, guardian.person, "register_child", **given).status_code == 302
    child = Volunteer.objects.exclude(pk=guardian.pk).get()
    assert (child.languages, child.near) == (["yue"], (113.751, 23.02))
    address = f"{reverse('volunteers:offer')}?child={child.pk}"
    assert address in words(go(client, guardian.person, "mine"))
    page = words(client.get(address))
    assert "What 小明 offers" in page
    assert "party member" not in page
    assert "What you can do" not in page
    assert client.post(address, {"community": place.elsewhere.pk}).status_code == 302
    child.refresh_from_db()
    assert (child.community, child.languages, child.near) == (place.elsewhere, [], None)


def test_what_the_child_of_another_offers_is_not_shown(client, place):
    child, stranger = made.waiting(place, born="20100101"), made.active(place)
    client.force_login(stranger.person)
    for key in (child.pk, stranger.pk, "x"):
        assert client.get(f"{reverse('volunteers:offer')}?child={key}").status_code == 404


def test_leaving_coming_back_and_being_forgotten(client, place):
    row = made.active(place)
    person = row.person
    shift = made.published(place)
    signup = made.signed(shift, row)
    assert "cancel them first" in words(press(client, person, "own_move", row.pk, "leave"))
    services.cancel(signup, by=person, at=made.AT)
    assert "You have left" in words(press(client, person, "own_move", row.pk, "leave"))
    assert "Register again" in words(go(client, person, "mine"))
    press(client, person, "rejoin", agreed="yes")
    row.refresh_from_db()
    assert row.state == "waiting"
    press(client, person, "own_move", row.pk, "leave")
    assert "erased" in words(press(client, person, "own_move", row.pk, "erase")).lower()
    assert "Erased" in words(go(client, person, "mine"))
    stranger = ResidentFactory()
    assert press(client, stranger, "own_move", row.pk, "leave").status_code == 404
