"""Taking a place, waiting for one, giving it back, and what is proposed."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import volunteers as made
from tests.factories.residents import ResidentFactory
from tests.volunteers.pages import go, press, same_cost, words
from volunteers import services
from volunteers.models import (
    Signup,
    WaitingPlace,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_place_is_taken_and_given_back(client, place):
    shift, row = made.published(place), made.active(place)
    assert "Sign up" in words(go(client, row.person, "sign_up", shift.pk))
    done = go(client, row.person, "sign_up", shift.pk, follow=True, volunteer=row.pk, remark="x")
    assert "You have signed up" in words(done)
    assert "Has a place" in words(done)
    assert "Has a place" in words(go(client, row.person, "activity", shift.activity_id))
    signup = Signup.objects.get()
    assert "freely until" in words(go(client, row.person, "cancel", signup.pk))
    gone = go(client, row.person, "cancel", signup.pk, follow=True, reason="")
    assert "free for somebody else" in words(gone)
    assert go(client, ResidentFactory(), "cancel", signup.pk).status_code == 404


def test_what_hinders_is_said_before_and_after(client, place):
    shift = made.published(place, danger="dangerous", risks="高空", min_age=18)
    row = made.active(place)
    assert "insurance" in words(go(client, row.person, "activity", shift.activity_id))
    answer = go(client, row.person, "sign_up", shift.pk, volunteer=row.pk)
    assert "This work is dangerous" in words(answer, 422)
    assert not Signup.objects.exists()


def test_who_is_late_waits_and_takes_the_place_that_is_offered(client, place):
    shift, first, second = made.published(place, places=1), made.active(place), made.active(place)
    signup = made.signed(shift, first)
    full = go(client, second.person, "sign_up", shift.pk)
    assert "Put me on the waiting list" in words(full)
    late = go(client, second.person, "sign_up", shift.pk, volunteer=second.pk)
    assert "All places are taken" in words(late, 422)
    given = {"volunteer": second.pk, "wait": "yes"}
    waits = go(client, second.person, "sign_up", shift.pk, follow=True, **given)
    assert "You are on the waiting list" in words(waits)
    assert "number 1 on the list" in words(go(client, second.person, "mine"))
    services.cancel(signup, by=first.person, at=made.AT)
    assert "A place is free for you" in words(go(client, second.person, "mine"))
    waiting = WaitingPlace.objects.get()
    assert press(client, first.person, "take_offer", waiting.pk).status_code == 404
    assert "The place is yours" in words(press(client, second.person, "take_offer", waiting.pk))
    assert Signup.objects.holding().get().volunteer == second


def test_a_list_is_left(client, place):
    shift = made.published(place, places=1)
    made.signed(shift, made.active(place))
    row = made.active(place)
    waiting = services.join_waiting_list(shift, row, by=row.person, at=made.AT)
    assert "You have left the list" in words(press(client, row.person, "leave_list", waiting.pk))
    waiting.refresh_from_db()
    assert waiting.state == "left"


def test_a_short_way_is_asked_about_once(client, place):
    row = made.active(place)
    made.signed(made.published(place), row)
    minutes = datetime.timedelta(minutes=20)
    far = made.published(place, starts=2 * made.DAY + 2 * made.HOUR + minutes, lon=114.09)
    first = words(go(client, row.person, "sign_up", far.pk))
    assert "I can manage it" not in first
    warned = go(client, row.person, "sign_up", far.pk, volunteer=row.pk)
    assert "I can manage it" in words(warned, 422)
    given = {"volunteer": row.pk, "tight": "on"}
    assert go(client, row.person, "sign_up", far.pk, **given).status_code == 302


def test_what_would_suit_is_proposed_with_reasons(client, place):
    row = made.active(place)
    shift = made.published(place)
    text = words(go(client, row.person, "mine"))
    assert "This would suit you" in text
    assert "in the own community" in text
    made.signed(shift, row)
    assert "This would suit you" not in words(go(client, row.person, "mine"))


def test_my_page_costs_the_same_with_more_places(client, place):
    row = made.active(place)
    made.signed(made.published(place), row)
    made.published(place, starts=7 * made.DAY)

    def more():
        for days in (3, 4, 5):
            made.signed(made.published(place, starts=days * made.DAY), row)
            made.published(place, starts=(days + 5) * made.DAY)

    same_cost(client, row.person, reverse("volunteers:mine"), more)


def test_the_residents_home_tells_of_registration_places_and_offers(client, place):
    person = ResidentFactory(registered=True)
    client.force_login(person)
    me = reverse("organizations:me")
    assert "Become a volunteer" in words(client.get(me))
    row = made.active(place, person=person)
    shift = made.published(place, places=1)
    signup = made.signed(shift, made.active(place))
    services.join_waiting_list(shift, row, by=person, at=made.AT)
    services.cancel(signup, by=signup.volunteer.person, at=made.AT)
    text = words(client.get(me))
    assert "Registered" in text
    assert "A place is free for you" in text
    assert "Time for the old" in text
