import datetime

import pytest
from django.urls import reverse

from lib import registry
from lib.roles import Role
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch):
    queues = type(registry.queues)()
    queues.register(registry.Queue("mine", "My tasks", 1, {Role.HANDLER}, lambda user: 7, "/x/"))
    queues.register(registry.Queue("not", "Not mine", 2, {Role.VERIFIER}, lambda user: 9, "/y/"))
    monkeypatch.setattr(registry, "queues", queues)


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.get(reverse("portal:workbench"))
    assert answer.url.startswith(reverse("organizations:sign_in"))


def test_the_home_of_the_workbench_shows_what_waits_for_my_roles(client, town, queue):
    client.force_login(town.handler)
    answer = client.get(reverse("portal:workbench"))
    shown = [(item.queue.key, item.count) for item in answer.context["shell"].queues]
    assert shown == [("mine", 7)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_parts_is_for_people_who_work_here(client, town, language):
    address = reverse("portal:design")
    assert client.get(address).status_code == 302
    client.cookies["django_language"] = language
    client.force_login(town.handler)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(("role", "told"), [(Role.SYSTEM_ADMIN, True), (Role.DISPATCHER, False)])
def test_who_keeps_the_calendar_hears_that_it_ends(client, db, monkeypatch, role, told):
    end = datetime.date(2026, 12, 31)
    monkeypatch.setattr("organizations.registration.horizon_warning", lambda on: end)
    client.force_login(PostFactory(role=role).person)
    answer = client.get(reverse("portal:workbench"))
    assert ("known only until Dec. 31, 2026" in answer.text) is told


def test_a_calendar_that_goes_on_is_not_mentioned(client, db, monkeypatch):
    monkeypatch.setattr("organizations.registration.horizon_warning", lambda on: None)
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    assert "which days are worked" not in client.get(reverse("portal:workbench")).text
