"""Activities and shifts as those who lead them see them."""

import pytest
from django.urls import reverse

from organizations.models import Message
from tests.factories import volunteers as made
from tests.factories.organizations import SkillFactory
from tests.factories.residents import ResidentFactory
from tests.volunteers.pages import activity_form, go, press, same_cost, words
from volunteers import services
from volunteers.models import (
    Activity,
    Shift,
    Signup,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_activity_is_written_reviewed_and_published(client, place):
    assert "New activity" in words(go(client, place.organizer, "led"))
    assert "Responsible body" in words(go(client, place.organizer, "activity_new"))
    answer = go(client, place.organizer, "activity_new", **activity_form(place))
    assert answer.status_code == 302, words(answer, 422)
    row = Activity.objects.get()
    assert "River day" in words(go(client, place.organizer, "manage", row.pk))
    without = words(press(client, place.organizer, "activity_move", row.pk, "submit"))
    assert "Enter a shift that lies ahead first" in without
    times = {"starts_at": "2026-11-28T09:00", "ends_at": "2026-11-28T11:00", "places": "3"}
    assert "Places" in words(go(client, place.organizer, "shift_new", row.pk))
    assert go(client, place.organizer, "shift_new", row.pk, **times).status_code == 302
    again = go(client, place.organizer, "shift_new", row.pk, **times)
    assert "at this time already" in words(again, 422)
    press(client, place.organizer, "activity_move", row.pk, "submit")
    own = words(go(client, place.organizer, "manage", row.pk))
    assert f"/volunteers/led/{row.pk}/publish/" not in own
    assert "River day" in words(go(client, place.reviewer, "led"))
    press(client, place.reviewer, "activity_move", row.pk, "publish")
    row.refresh_from_db()
    assert row.state == "published"
    assert Message.objects.filter(to=place.organizer, kind="activity-published").exists()


def test_an_activity_that_is_wrong_says_what(client, place):
    wrong = activity_form(place, danger="dangerous", risks="")
    answer = go(client, place.organizer, "activity_new", **wrong)
    assert "Say which risks there are" in words(answer, 422)
    assert not Activity.objects.exists()


def test_who_neither_organises_nor_leads_makes_no_activity(client, place):
    person = made.active(place).person
    assert "New activity" not in words(go(client, person, "led"))
    answer = go(client, person, "activity_new", **activity_form(place))
    assert answer.status_code == 422
    draft = made.draft(place)
    for name in ("manage", "activity_edit", "rule", "shift_new"):
        assert go(client, person, name, draft.pk).status_code == 404


def test_a_draft_is_changed_as_a_whole_and_a_published_one_in_words(client, place):
    draft = made.draft(place)
    text = words(go(client, place.organizer, "activity_edit", draft.pk))
    assert "Courses that must be taken" in text
    skill = SkillFactory()
    given = activity_form(place, title="改了", skills=[skill.pk])
    assert go(client, place.organizer, "activity_edit", draft.pk, **given).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.prerequisites.get().skill) == ("改了", skill)
    shift = made.published(place)
    amend = words(go(client, place.organizer, "activity_edit", shift.activity_id))
    assert "Courses that must be taken" not in amend
    given = activity_form(place, title="改地点", address="新地点")
    go(client, place.organizer, "activity_edit", shift.activity_id, **given)
    shift.activity.refresh_from_db()
    assert (shift.activity.title, shift.activity.address) == ("改地点", "新地点")


def test_a_rule_makes_shifts_once_it_is_published(client, place):
    draft = made.draft(place, form="recurring")
    assert "Weekdays" in words(go(client, place.organizer, "rule", draft.pk))
    given = {
        "weekdays": ["2", "5"], "every_weeks": "1", "starts": "09:00", "ends": "11:00",
        "first_day": "2026-11-24", "places": "5",
    }  # fmt: skip
    assert go(client, place.organizer, "rule", draft.pk, **given).status_code == 302
    assert "every week" in words(go(client, place.organizer, "manage", draft.pk))
    assert 'value="09:00' in words(go(client, place.organizer, "rule", draft.pk))
    press(client, place.organizer, "activity_move", draft.pk, "submit")
    press(client, place.reviewer, "activity_move", draft.pk, "publish")
    assert draft.shifts.count() == 8


def test_an_activity_is_returned_or_cancelled_with_a_reason(client, place):
    draft = made.draft(place)
    made.add(draft, by=place.organizer)
    services.submit(draft, by=place.organizer, at=made.AT)
    assert "Reason" in words(go(client, place.reviewer, "activity_move", draft.pk, "return"))
    go(client, place.reviewer, "activity_move", draft.pk, "return", reason="写清集合点")
    assert "写清集合点" in words(go(client, place.organizer, "manage", draft.pk))
    go(client, place.organizer, "activity_move", draft.pk, "cancel", reason="不办了")
    draft.refresh_from_db()
    assert draft.state == "cancelled"
    assert go(client, place.organizer, "activity_move", draft.pk, "publish").status_code == 404


def test_a_shift_shows_who_comes_who_waits_and_whom_to_ask(client, place):
    shift = made.published(place, places=1)
    signup = made.signed(shift, made.active(place))
    other, third = made.active(place), made.active(place)
    services.join_waiting_list(shift, other, by=other.person, at=made.AT)
    text = words(go(client, place.organizer, "shift", shift.pk))
    assert signup.volunteer.name in text
    assert other.name in text
    assert "Whom it would suit" not in text
    go(client, place.organizer, "shift_change", shift.pk, places="3", meeting_point="北门")
    text = words(go(client, place.organizer, "shift", shift.pk))
    assert "北门" in text
    assert "Whom it would suit" in text
    assert third.name in text
    done = press(client, place.organizer, "invite", shift.pk, volunteer=[third.pk])
    assert "They are invited" in words(done)
    assert Message.objects.filter(to=third.person, kind="volunteer-invited").exists()
    fewer = go(client, place.organizer, "shift_change", shift.pk, places="1")
    assert "places are taken" in words(fewer, 422)


def test_who_reviews_reads_a_shift_without_names_and_leads_nothing(client, place):
    shift = made.published(place, places=1)
    signup = made.signed(shift, made.active(place))
    other = made.active(place)
    services.join_waiting_list(shift, other, by=other.person, at=made.AT)
    text = words(go(client, place.reviewer, "shift", shift.pk))
    for hidden in (signup.volunteer.name, other.name, signup.volunteer.person.phone, "/message/"):
        assert hidden not in text
    refused = press(client, place.reviewer, "shift_message", shift.pk, text="x")
    assert refused.status_code == 403


def test_words_go_to_everybody_with_a_place_and_stay(client, place):
    shift = made.published(place)
    signup = made.signed(shift, made.active(place))
    done = press(client, place.organizer, "shift_message", shift.pk, text="请带雨衣")
    assert "请带雨衣" in words(done)
    assert "1 person" in words(done)
    told = Message.objects.get(to=signup.volunteer.person, kind="shift-message")
    assert told.params["text"] == "请带雨衣"
    assert "Write what they should know" in words(
        press(client, place.organizer, "shift_message", shift.pk, text=" ")
    )


def test_a_shift_is_called_off_with_a_reason(client, place):
    shift = made.published(place)
    made.signed(shift, made.active(place))
    assert "Reason" in words(go(client, place.organizer, "shift_call_off", shift.pk))
    done = go(client, place.organizer, "shift_call_off", shift.pk, follow=True, reason="台风")
    assert "called off" in words(done)
    shift.refresh_from_db()
    assert shift.reason == "台风"


def test_sign_ups_that_wait_are_accepted_or_refused(client, place):
    shift = made.published(place, needs_approval=True)
    rows = [made.signed(shift, made.active(place)) for _number in range(2)]
    text = words(go(client, place.organizer, "signups"))
    assert rows[0].volunteer.name in text
    press(client, place.organizer, "signup_move", rows[0].pk, "accept")
    assert "Reason" in words(go(client, place.organizer, "signup_move", rows[1].pk, "refuse"))
    go(client, place.organizer, "signup_move", rows[1].pk, "refuse", reason="人数已够")
    assert list(Signup.objects.order_by("pk").values_list("state", flat=True)) == [
        "confirmed", "refused",
    ]  # fmt: skip
    assert go(client, place.organizer, "signup_move", rows[0].pk, "attend").status_code == 404
    stranger = ResidentFactory()
    assert press(client, stranger, "signup_move", rows[0].pk, "accept").status_code == 404
    assert "Nothing waits" in words(go(client, place.organizer, "signups"))


def test_leaders_pages_cost_the_same_with_more_rows(client, place):
    shift = made.published(place, places=20)
    made.signed(shift, made.active(place))

    def more():
        for _number in range(3):
            made.signed(shift, made.active(place))
            made.add(shift.activity, by=place.organizer, starts=(5 + _number) * made.DAY)
            made.draft(place)

    for address in (
        reverse("volunteers:led"), reverse("volunteers:manage", args=[shift.activity_id]),
    ):  # fmt: skip
        same_cost(client, place.organizer, address, more)
        Shift.objects.filter(activity=shift.activity).exclude(pk=shift.pk).delete()


def test_a_shift_costs_the_same_with_more_people(client, place):
    shift = made.published(place, places=20)
    made.signed(shift, made.active(place))
    made.active(place)

    def more():
        for _number in range(3):
            made.signed(shift, made.active(place))
            made.active(place)

    same_cost(client, place.organizer, reverse("volunteers:shift", args=[shift.pk]), more)
