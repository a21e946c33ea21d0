"""Calls for volunteers, and reports of members and units."""

import pytest
from django.urls import reverse

from lib.roles import Role
from tests.factories import volunteers as made
from tests.factories.organizations import PostFactory
from tests.factories.residents import ResidentFactory
from tests.volunteers.pages import call, go, press, same_cost, words
from volunteers import services
from volunteers.models import (
    Call,
    DoubleReport,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_call_is_answered_with_an_activity(client, place):
    made.active(place)
    row = call(place)
    text = words(go(client, place.organizer, "calls"))
    assert "防汛搬沙袋" in text
    assert "2 people wanted" in text
    assert "1 registered person would suit" in text
    assert "Kind of service" in words(go(client, place.organizer, "answer_call", row.pk))
    done = go(client, place.organizer, "answer_call", row.pk, topic=place.topic.pk, follow=True)
    assert "A draft is made of it" in words(done)
    row.refresh_from_db()
    assert (row.state, row.activity.shifts.get().places) == ("answered", 2)
    assert go(client, place.reviewer, "calls").status_code == 403


def test_a_call_is_declined_with_a_reason(client, place):
    row = call(place)
    assert "Reason" in words(go(client, place.organizer, "decline_call", row.pk))
    go(client, place.organizer, "decline_call", row.pk, reason="太危险")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "太危险")
    assert "太危险" in words(go(client, place.organizer, "calls"))


def test_calls_cost_the_same_with_more_rows(client, place):
    made.active(place)
    row = call(place)
    services.decline_call(row, by=place.organizer, at=made.AT, reason="x")
    call(place)

    def more():
        for _number in range(3):
            one = Call.objects.open().get()
            services.decline_call(one, by=place.organizer, at=made.AT, reason="x")
            call(place)

    same_cost(client, place.organizer, reverse("volunteers:calls"), more)


CODE = "91350100M000100Y43"  # the example of GB 32100-2015


def test_a_party_member_reports_takes_up_a_task_and_is_confirmed(client, place):
    person = ResidentFactory(registered=True)
    assert go(client, person, "report_new", "member").status_code == 200
    given = {"branch": "某局支部", "community": place.community.pk, "offers": "周末辅导"}
    assert go(client, person, "report_new", "member", **given).status_code == 302
    twice = go(client, person, "report_new", "member", **given)
    assert "reported already" in words(twice, 422)
    row = DoubleReport.objects.get()
    assert "周末辅导" in words(go(client, place.organizer, "report", row.pk))
    assert go(client, ResidentFactory(), "report", row.pk).status_code == 404
    press(client, place.organizer, "report_move", row.pk, "accept")
    assert "Take up a task" in words(go(client, person, "report", row.pk))
    assert go(client, person, "take_up", row.pk).status_code == 200
    go(client, person, "take_up", row.pk, title="教孩子下棋")
    task = row.tasks.get()
    assert "People who took part" in words(go(client, person, "task_move", task.pk, "report"))
    go(client, person, "task_move", task.pk, "report", people="3", result="办了两次")
    press(client, place.organizer, "task_move", task.pk, "confirm")
    text = words(go(client, person, "report", row.pk))
    assert "3 people took part" in text
    assert "Confirmed" in text
    go(client, person, "report_move", row.pk, "end", reason="搬走了")
    row.refresh_from_db()
    assert row.state == "ended"


def test_a_unit_reports_with_its_code(client, place):
    person = ResidentFactory(registered=True)
    given = {"code": "1", "name": "某厂", "branch": "某厂支部", "community": place.community.pk,
             "offers": "场地"}  # fmt: skip
    assert "no valid" in words(go(client, person, "report_new", "unit", **given), 422)
    assert go(client, person, "report_new", "unit", **{**given, "code": CODE}).status_code == 302
    secretary = PostFactory(role=Role.PARTY_SECRETARY, body=place.body).person
    assert "某厂" in words(go(client, secretary, "reports"))


def test_reports_cost_the_same_with_more_rows(client, place):
    def add():
        services.report_member(
            branch="x", community=place.community, offers="x",
            by=ResidentFactory(registered=True), at=made.AT,
        )  # fmt: skip

    add()
    same_cost(
        client, place.organizer, reverse("volunteers:reports"), lambda: [add() for _ in "123"]
    )
