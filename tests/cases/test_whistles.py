"""A whistle: called, there in time or late, released, rated; by services, pages, API, in races."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from cases import services
from cases.models import CaseEvent, CooperationRule, Whistle, WhistleCall, WhistleEvent
from cases.services import whistles
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message
from tests.factories import cases as make
from tests.factories.cases import MONDAY, POINT, fresh, later
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.races import at_once

NEAR = {"lon": POINT["lon"] + 0.001, "lat": POINT["lat"]}  # 102 m
FAR = {"lon": POINT["lon"] + 0.01, "lat": POINT["lat"]}  # 1 km


@pytest.fixture
def police(town):
    body = BodyFactory(name="公安分局", name_en="Police")
    BodyTerritoryFactory(body=body, territory=town.place)
    return PostFactory(body=body, role=Role.HANDLER)


def blown(town, *bodies, **said):
    given = {"kind": "enforcement", "text": "夜间占道，需联合清理", **POINT, **said}
    return whistles.blow(bodies=[*bodies] or [town.office], by=town.committee, at=MONDAY, **given)


def call_of(whistle, body=None):
    calls = WhistleCall.objects.select_related("whistle", "body").filter(whistle=whistle)
    return calls.get(body=body) if body else calls.get()


def arrived(whistle, by, *, minutes=12, body=None):
    at = later(minutes=minutes)
    return whistles.arrive(call_of(whistle, body), by=by, at=at, accuracy=20, **NEAR)


def told(kind):
    rows = Message.objects.filter(kind=kind).order_by("to__username")
    return list(rows.values_list("to", flat=True))


def test_the_called_hear_of_it_at_once_and_have_thirty_minutes(town, police):
    whistle = blown(town, town.office, police.body)
    calls = WhistleCall.objects.filter(whistle=whistle).order_by("pk")
    assert [(call.body, call.state) for call in calls] == [
        (town.office, "called"),
        (police.body, "called"),
    ]
    assert {call.due_at for call in calls} == {later(minutes=30)}
    assert set(told("whistle-call")) == {town.handler.pk, town.head.pk, police.person_id}
    assert (whistle.town, whistle.grid, whistle.body) == (town.place, town.grid, town.centre)


def test_the_time_and_the_reach_are_rules_of_the_day(town):
    CooperationRule.objects.create(
        valid_from=datetime.date(2026, 11, 1), whistle_minutes=15, whistle_metres=80
    )
    whistle = blown(town)
    assert (call_of(whistle).due_at, whistle.metres) == (later(minutes=15), 80)


def test_a_whistle_for_a_case_comes_to_its_place_and_stands_in_its_history(town):
    case = make.handling(town)
    whistle = blown(town, case=case, lon=None, lat=None)
    assert (whistle.case, whistle.lon, whistle.lat) == (case, POINT["lon"], POINT["lat"])
    event = CaseEvent.objects.get(case=case, move="whistle")
    assert event.facts == {"whistle": whistle.pk, "bodies": [town.office.pk]}
    assert fresh(case).state == "handling"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"lon": None, "lat": None}, "no_place"),
        ({"lon": 100.0, "lat": 10.0}, "no_place"),
        ({"text": "  "}, "empty"),
    ],
)
def test_without_a_place_or_words_nobody_is_called(town, said, code):
    with pytest.raises(RuleViolation) as refusal:
        blown(town, **said)
    assert refusal.value.code == code
    assert not Whistle.objects.exists()
    assert not Message.objects.exists()


def test_a_body_with_nobody_to_send_is_not_called(town):
    with pytest.raises(RuleViolation) as refusal:
        blown(town, BodyFactory())
    assert refusal.value.code == "nobody_to_call"


def test_only_committee_and_duty_officer_of_the_place_whistle(town):
    given = {"kind": "emergency", "text": "x", "bodies": [town.office], "at": MONDAY, **POINT}
    assert whistles.blow(by=town.duty_officer, **given).body == town.centre
    for person in (town.dispatcher, town.head, town.resident):
        with pytest.raises(NotYours):
            whistles.blow(by=person, **given)


def test_a_position_within_reach_proves_the_arrival(town):
    call = arrived(blown(town), town.handler)
    assert (call.state, call.by_place, call.distance, call.minutes) == ("arrived", True, 102, 12)
    assert not call.is_late(later(hours=5))
    assert told("whistle-arrive") == [town.committee.pk]


@pytest.mark.parametrize(
    ("position", "code"),
    [
        (FAR, "too_far"),
        ({}, "reason_missing"),
        ({**NEAR, "accuracy": 5000}, "reason_missing"),
    ],
)
def test_what_the_position_does_not_prove_needs_words_and_is_flagged(town, position, code):
    call = call_of(blown(town))
    with pytest.raises(RuleViolation) as refusal:
        whistles.arrive(call, by=town.handler, at=later(minutes=5), **position)
    assert refusal.value.code == code
    there = whistles.arrive(
        call, by=town.handler, at=later(minutes=5), words="地下室没有信号", **position
    )
    assert (there.by_place, there.arrival_words) == (False, "地下室没有信号")


def test_lateness_is_measured_to_the_second(town):
    whistle = blown(town)
    call = call_of(whistle)
    assert not call.is_late(later(minutes=30))
    assert call.is_late(later(minutes=30, seconds=1))
    assert arrived(whistle, town.handler, minutes=31).is_late(later(minutes=31))


def test_the_other_side_cannot_report_and_the_called_cannot_leave_by_themselves(town, police):
    whistle = blown(town, town.office, police.body)
    call = call_of(whistle, town.office)
    with pytest.raises(NotYours):
        whistles.arrive(call, by=police.person, at=later(minutes=3), **NEAR)
    arrived(whistle, town.handler, body=town.office)
    with pytest.raises(NotYours):
        whistles.release(call, by=town.handler, at=later(minutes=40))


def test_the_whistle_ends_with_its_last_release(town, police):
    whistle = blown(town, town.office, police.body)
    arrived(whistle, town.handler, body=town.office)
    whistles.release(call_of(whistle, town.office), by=town.committee, at=later(hours=1))
    whistle.refresh_from_db()
    assert whistle.ended_at is None
    absent = call_of(whistle, police.body)
    with pytest.raises(RuleViolation) as refusal:
        whistles.release(absent, by=town.committee, at=later(hours=2))
    assert refusal.value.code == "reason_missing"
    whistles.release(absent, by=town.committee, at=later(hours=2), words="没有来")
    whistle.refresh_from_db()
    assert whistle.ended_at == later(hours=2)
    moves = WhistleEvent.objects.filter(whistle=whistle).order_by("number")
    assert [event.move for event in moves] == ["blow", "arrive", "release", "release", "end"]
    assert first_break(moves) is None
    assert (moves.last().number, moves.last().hash) == (whistle.version, whistle.head)


def test_further_departments_have_their_own_time(town, police):
    whistle = blown(town)
    whistles.call_more(whistle, bodies=[police.body], by=town.committee, at=later(minutes=20))
    assert call_of(whistle, police.body).due_at == later(minutes=50)
    with pytest.raises(RuleViolation) as refusal:
        whistles.call_more(whistle, bodies=[police.body], by=town.committee, at=later(hours=1))
    assert refusal.value.code == "nobody_to_call"


def test_both_sides_rate_once_after_the_release(town):
    whistle = blown(town)
    call = arrived(whistle, town.handler)
    with pytest.raises(WrongState):
        whistles.rate(call, "rate_response", score=5, by=town.committee, at=later(hours=1))
    whistles.release(call, by=town.committee, at=later(hours=1))
    assert whistles.call_moves_for(town.committee, call_of(whistle), at=later(hours=1)) == [
        "rate_response"
    ]
    assert whistles.call_moves_for(town.handler, call_of(whistle), at=later(hours=1)) == [
        "rate_call"
    ]
    whistles.rate(call, "rate_response", score=4, by=town.committee, at=later(hours=2))
    with pytest.raises(RuleViolation) as refusal:
        whistles.rate(call, "rate_call", score=2, by=town.handler, at=later(hours=2))
    assert refusal.value.code == "reason_missing"
    whistles.rate(call, "rate_call", score=2, words="不必来", by=town.handler, at=later(hours=2))
    with pytest.raises(WrongState):
        whistles.rate(call, "rate_response", score=1, words="x", by=town.committee, at=MONDAY)
    call = call_of(whistle)
    assert (call.response_score, call.call_score, call.call_words) == (4, 2, "不必来")


@pytest.mark.parametrize(
    "values",
    [
        {"state": "arrived"},
        {"arrived_at": MONDAY},
        {"response_score": 5},
        {"state": "released", "released_at": MONDAY},
    ],
)
def test_the_database_refuses_half_a_call(town, values):
    call = call_of(blown(town))
    with pytest.raises(IntegrityError), transaction.atomic():
        WhistleCall.objects.filter(pk=call.pk).update(**values)


# -- Pages and API ------------------------------------------------------------------------------


@pytest.fixture
def at_nine(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


def test_the_called_report_and_the_caller_sees_it(client, town, at_nine):
    whistle = blown(town)
    page = reverse("cases:whistle", args=[whistle.pk])
    client.force_login(town.handler)
    assert "data-arrive" in client.get(page).content.decode()
    call = call_of(whistle)
    address = reverse("cases:whistle_call", args=[whistle.pk, call.pk, "arrive"])
    assert client.post(address, FAR).status_code == 422
    assert client.post(address, {**NEAR, "accuracy": 15, "words": ""}).status_code == 302
    client.force_login(town.committee)
    board = client.get(reverse("cases:whistle_board", args=[whistle.pk])).content.decode()
    assert "102 " in board
    assert (
        client.post(
            reverse("cases:whistle_call", args=[whistle.pk, call.pk, "release"])
        ).status_code
        == 302
    )
    assert call_of(whistle).state == "released"


def test_a_whistle_is_blown_from_the_page_of_a_case(client, town, at_nine):
    case = make.handling(town)
    client.force_login(town.committee)
    page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    address = reverse("cases:whistle_new") + f"?case={case.number}"
    assert address in page
    said = {"kind": "stubborn", "text": "反复堵塞", "bodies": [town.office.pk]}
    assert client.post(address, said).status_code == 302
    assert Whistle.objects.get().case == case


def test_who_has_no_part_in_it_does_not_find_it(client, town, police, at_nine):
    whistle = blown(town)
    for person, status in (
        (town.handler, 200),
        (town.committee, 200),
        (town.dispatcher, 200),
        (police.person, 404),
        (town.stranger, 404),
        (town.resident, 404),
    ):
        client.force_login(person)
        assert client.get(reverse("cases:whistle", args=[whistle.pk])).status_code == status


def calls_behind(client, body, number, **days):
    asked = {"body": body.pk, "number": number, "first": "2026-11-01", "last": "2026-11-30"}
    return client.get(reverse("cases:whistles"), asked | days)


def whistles_behind(client, body, number):
    rows = calls_behind(client, body, number).context["rows"]
    return [call.whistle for call, _late in rows]


def test_every_number_of_whistles_opens_its_calls(client, town, police, monkeypatch):
    first, second, third = (blown(town, town.office, police.body) for _each in range(3))
    arrived(first, town.handler, body=town.office)
    whistles.release(call_of(first, town.office), by=town.committee, at=later(hours=1), words="")
    whistles.rate(
        call_of(first, town.office), name="rate_response", score=4, words="", by=town.committee,
        at=later(hours=2),
    )  # fmt: skip
    arrived(second, town.handler, minutes=45, body=town.office)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(minutes=20))
    client.force_login(town.committee)
    mine = {
        number: [
            call.whistle
            for call, _late in calls_behind(client, town.office, number).context["rows"]
        ]
        for number in ("called", "on_time", "late", "marks", "blown", "call_marks")
    }
    assert mine == {
        "called": [second, first], "on_time": [first], "late": [second], "marks": [first],
        "blown": [], "call_marks": [],
    }  # fmt: skip
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=3))
    client.force_login(town.committee)
    assert whistles_behind(client, town.office, "late") == [third, second]
    assert len(calls_behind(client, first.body, "blown").context["rows"]) == 6
    assert calls_behind(client, town.office, "called", last="2026-11-02").context["rows"] == []
    assert calls_behind(client, town.office, "everything").status_code == 404
    client.force_login(town.stranger)
    assert calls_behind(client, town.office, "called").context["rows"] == []


def test_lists_cost_the_same_with_more_rows(client, town, at_nine, django_assert_max_num_queries):
    client.force_login(town.committee)

    def queries():
        with django_assert_max_num_queries(60) as asked:
            client.get(reverse("cases:whistles"))
        return len(asked)

    blown(town)
    one = queries()
    blown(town), blown(town)
    assert queries() == one


def test_the_api_whistles_arrives_releases_and_rates(town, at_nine):
    def as_(person):
        client = APIClient()
        client.force_authenticate(type(person).objects.get(pk=person.pk))
        return client

    said = {"kind": "emergency", "text": "积水", "bodies": [town.office.code], **POINT}
    assert as_(town.head).post("/api/v1/whistles/", said).status_code == 403
    made = as_(town.committee).post("/api/v1/whistles/", said).json()
    base, body = f"/api/v1/whistles/{made['id']}/", {"body": town.office.code}
    far = as_(town.handler).post(f"{base}arrive/", {**body, **FAR})
    assert (far.status_code, far.json()["code"]) == (409, "too_far")
    there = as_(town.handler).post(f"{base}arrive/", {**body, **NEAR}).json()
    assert [(call["state"], call["by_place"]) for call in there["calls"]] == [("arrived", True)]
    assert as_(town.committee).post(f"{base}release/", body).json()["ended_at"]
    rated = as_(town.handler).post(f"{base}rate/", {**body, "name": "rate_call", "score": 5})
    assert rated.json()["calls"][0]["call_score"] == 5
    assert as_(town.stranger).get(base).status_code == 404


# -- Races --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_four_who_report_the_same_arrival_report_it_once(town):
    whistle = blown(town)
    call = call_of(whistle)

    def arrive(number):
        try:
            at = later(minutes=number + 1)
            return whistles.arrive(call, by=town.handler, at=at, **NEAR).state
        except RuleViolation as refusal:
            return refusal.code

    assert sorted(at_once(4, arrive)) == ["arrived"] + ["wrong_state"] * 3
    events = WhistleEvent.objects.filter(whistle=whistle).order_by("number")
    assert [event.move for event in events] == ["blow", "arrive"]
    assert first_break(events) is None


@pytest.mark.django_db(transaction=True)
def test_the_last_two_released_at_once_end_the_whistle_once(town, police):
    whistle = blown(town, town.office, police.body)
    arrived(whistle, town.handler, body=town.office)
    arrived(whistle, police.person, body=police.body)
    calls = [call_of(whistle, body) for body in (town.office, police.body)]
    at_once(
        2,
        lambda number: whistles.release(calls[number], by=town.committee, at=later(hours=1)).state,
    )
    assert WhistleEvent.objects.filter(whistle=whistle, move="end").count() == 1
    whistle.refresh_from_db()
    assert whistle.ended_at == later(hours=1)


def test_the_history_of_the_case_still_holds(town):
    case = make.handling(town)
    blown(town, case=case)
    assert list(services.verify_history(numbers=[case.number])) == []
