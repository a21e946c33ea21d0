"""A case calls for volunteers: who may, what the organiser gets, what the case's page shows."""

import pytest
from django.urls import reverse

from lib.roles import Role
from tests.factories import cases as stages
from tests.factories.organizations import PostFactory
from volunteers import services
from volunteers.models import Call, Topic

pytestmark = pytest.mark.django_db
WANTED = {
    "title": "清淤", "text": "请协助清扫淤泥", "people": "8", "starts_at": "2026-11-28T09:00",
    "ends_at": "2026-11-28T11:00", "address": "河边",
}  # fmt: skip


@pytest.fixture
def town():
    return stages.make_town()


@pytest.fixture
def case(town):
    return stages.handling(town)


def url(case):
    return reverse("cases:call_volunteers", args=[case.number])


def detail(client, person, case):
    client.force_login(person)
    return client.get(reverse("cases:detail", args=[case.number])).content.decode()


def test_the_handler_calls_and_the_organiser_answers(client, town, case, settings):
    settings.LANGUAGE_CODE = "en"
    organizer = PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=town.centre).person
    assert url(case) in detail(client, town.handler, case)
    assert "How many people" in client.get(url(case)).content.decode()
    answer = client.post(url(case), WANTED)
    assert answer["Location"] == reverse("cases:detail", args=[case.number])
    call = Call.objects.get()
    assert (call.subject_key, call.community, call.people) == (case.number, town.community, 8)
    assert call.body == case.lead_body
    shown = detail(client, town.handler, case)
    assert "清淤" in shown
    assert "Take the call back" in shown
    client.force_login(organizer)
    assert case.number not in shown or "清淤" in client.get("/volunteers/calls/").content.decode()
    topic = Topic.objects.create(code="x", name="x", name_en="x")
    activity = services.answer_call(call, by=organizer, at=call.at, topic=topic)
    assert f"/volunteers/activities/{activity.pk}/" in detail(client, town.handler, case)


def test_one_call_at_a_time_and_it_is_taken_back(client, town, case, settings):
    settings.LANGUAGE_CODE = "en"
    client.force_login(town.handler)
    client.post(url(case), WANTED)
    twice = client.post(url(case), WANTED)
    assert twice.status_code == 422
    assert "open already" in twice.content.decode()
    client.post(url(case), {"withdraw": "yes"})
    assert Call.objects.get().state == "withdrawn"
    assert client.post(url(case), WANTED).status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"people": "0"}, "greater than or equal"),
        ({"starts_at": "2026-11-01T09:00"}, "lies ahead"),
        ({"title": ""}, "required"),
    ],
)
def test_a_call_that_is_wrong_says_what(client, town, case, settings, changes, said):
    settings.LANGUAGE_CODE = "en"
    client.force_login(town.handler)
    answer = client.post(url(case), WANTED | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Call.objects.exists()


def test_a_stranger_finds_no_case_and_a_case_that_ended_calls_no_more(client, town, case):
    client.force_login(town.stranger)
    assert client.get(url(case)).status_code == 404
    closed = stages.closed(town)
    client.force_login(town.handler)
    assert client.get(url(closed)).status_code == 403
    assert url(closed) not in detail(client, town.handler, closed)
    assert client.get(url(case)).status_code == 200
