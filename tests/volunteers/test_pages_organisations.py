"""Organisations: registering, members, reports, ratings."""

import pytest
from django.urls import reverse

from tests.factories import volunteers as made
from tests.volunteers.pages import activity_form, go, press, same_cost, words
from volunteers import services
from volunteers.models import (
    Organisation,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def organisation_form(place, **changes):
    given = {
        "name": "梅塘义工队", "kind": "team", "place": place.community.pk, "scope": "助老",
        "contact_name": "陈队长", "contact_phone": "0769-83000000",
    }  # fmt: skip
    return {**given, **changes}


def test_an_organisation_registers_and_is_reviewed(client, place):
    leader = made.active(place)
    assert "Where it works" in words(go(client, leader.person, "organisation_new"))
    wrong = organisation_form(place, kind="association", code="1")
    answer = go(client, leader.person, "organisation_new", **wrong)
    assert "no valid unified social credit code" in words(answer, 422)
    go(client, leader.person, "organisation_new", **organisation_form(place))
    row = Organisation.objects.get()
    client.logout()
    assert go(client, None, "organisation", row.pk).status_code == 404
    assert "梅塘义工队" in words(go(client, leader.person, "organisations"))
    client.force_login(place.organizer)
    queue = words(client.get(reverse("volunteers:organisations"), {"state": "waiting"}))
    assert "梅塘义工队" in queue
    press(client, place.organizer, "organisation_move", row.pk, "confirm")
    client.logout()
    public = words(go(client, None, "organisation", row.pk))
    assert "0769-83000000" in public
    assert "陈队长" not in public
    assert leader.name not in public


def test_who_acts_for_an_organisation_enters_members_and_makes_activities(client, place):
    leader, member = made.active(place), made.active(place)
    row = services.register_organisation(
        place=place.community, name="x", kind="team", scope="x", contact_name="x",
        contact_phone="1", by=leader.person, at=made.AT,
    )  # fmt: skip
    services.confirm_organisation(row, by=place.organizer, at=made.AT)
    new = {"number": member.number, "is_leader": ""}
    assert go(client, leader.person, "member_new", row.pk, **new).status_code == 302
    assert member.name in words(go(client, leader.person, "organisation", row.pk))
    unknown = go(client, leader.person, "member_new", row.pk, number="GZ99999999")
    assert "Only registered volunteers" in words(unknown, 422)
    membership = row.members.get(volunteer=member)
    other = made.active(place)
    assert press(client, other.person, "member_end", membership.pk).status_code == 403
    press(client, leader.person, "member_end", membership.pk)
    assert not row.members.filter(volunteer=member).exists()
    assert "New activity" in words(go(client, leader.person, "led"))
    draft = activity_form(place, organisation=row.pk)
    assert go(client, leader.person, "activity_new", **draft).status_code == 302


def test_reports_and_ratings_of_an_organisation(client, place):
    leader = made.active(place)
    row = services.register_organisation(
        place=place.community, by=leader.person, at=made.AT - 400 * made.DAY, name="x",
        kind="team", scope="x", contact_name="x", contact_phone="1",
    )  # fmt: skip
    services.confirm_organisation(row, by=place.organizer, at=made.AT - 399 * made.DAY)
    assert "due by 2026-05-31" in words(go(client, leader.person, "organisation", row.pk))
    report = {"year": "2025", "summary": "做了很多", "members": "9", "income": "10.50",
              "spending": "3"}  # fmt: skip
    assert go(client, leader.person, "yearly_report", row.pk).status_code == 200
    assert go(client, leader.person, "yearly_report", row.pk, **report).status_code == 302
    twice = go(client, leader.person, "yearly_report", row.pk, **report)
    assert "was handed in" in words(twice, 422)
    assert go(client, place.organizer, "rating", row.pk).status_code == 200
    go(client, place.organizer, "rating", row.pk, level="3A", since="2026-01-01")
    client.logout()
    text = words(go(client, None, "organisation", row.pk))
    assert "3A" in text
    assert "做了很多" in text
    assert "10.50" in text
    forbidden = go(client, leader.person, "rating", row.pk, level="5A", since="2026-02-01")
    assert forbidden.status_code == 403


def test_an_organisation_is_edited_and_suspended(client, place):
    leader = made.active(place)
    row = services.register_organisation(
        place=place.community, by=leader.person, at=made.AT,
        **{key: value for key, value in organisation_form(place).items() if key != "place"},
    )  # fmt: skip
    changed = organisation_form(place, scope="护河")
    assert "助老" in words(go(client, leader.person, "organisation_edit", row.pk))
    assert go(client, leader.person, "organisation_edit", row.pk, **changed).status_code == 302
    services.confirm_organisation(row, by=place.organizer, at=made.AT)
    go(client, place.organizer, "organisation_move", row.pk, "suspend", reason="年报未交")
    row.refresh_from_db()
    assert (row.scope, row.state) == ("护河", "suspended")
    client.logout()
    assert go(client, None, "organisation", row.pk).status_code == 404


def test_organisations_cost_the_same_with_more_rows(client, place):
    def add():
        row = services.register_organisation(
            place=place.community, by=made.active(place).person, at=made.AT, name="x",
            kind="team", scope="x", contact_name="x", contact_phone="1",
        )  # fmt: skip
        services.confirm_organisation(row, by=place.organizer, at=made.AT)

    add()
    same_cost(client, None, reverse("volunteers:organisations"), lambda: [add() for _ in "123"])
