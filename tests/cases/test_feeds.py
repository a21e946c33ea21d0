"""A person's deadlines under a secret address."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from organizations.models import FeedAddress
from organizations.services.wishes import make_feed_address, revoke_feed_address
from tests.factories import cases as make
from tests.factories.cases import MONDAY


def events(client, secret):
    answer = client.get(reverse("cases:feed", args=[secret]))
    assert answer["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_feed_tells_the_limit_that_runs(town, client):
    waiting, begun = make.dispatched(town), make.handling(town)
    make.checking(town)
    secret = make_feed_address(town.handler, at=MONDAY)
    found = {str(event["description"]): event["dtstart"].dt for event in events(client, secret)}
    assert found == {waiting.number: waiting.sign_due_at, begun.number: begun.handle_due_at}


def test_who_has_no_tasks_gets_an_empty_calendar(town, client):
    assert events(client, make_feed_address(town.verifier, at=MONDAY)) == []


@pytest.mark.parametrize("how", ["unknown", "replaced", "revoked", "closed"])
def test_an_address_that_opens_nothing_is_not_there(town, client, how):
    secret = make_feed_address(town.handler, at=MONDAY)
    if how == "unknown":
        secret = "guessed"
    elif how == "replaced":
        make_feed_address(town.handler, at=MONDAY)
    elif how == "revoked":
        revoke_feed_address(town.handler)
    else:
        town.handler.is_active = False
        town.handler.save()
    assert client.get(reverse("cases:feed", args=[secret])).status_code == 404


def test_one_and_three_tasks_cost_the_same(town, client, django_assert_num_queries):
    secret = make_feed_address(town.handler, at=MONDAY)
    for count in (1, 2):
        for _more in range(count):
            make.dispatched(town)
        with django_assert_num_queries(3):
            client.get(reverse("cases:feed", args=[secret]))


def test_the_calendar_address_is_made_shown_once_and_taken_back(town, client):
    person = town.handler
    client.force_login(person)
    page = client.post(reverse("cases:feed_make"))
    assert page.context["secret"] in page.content.decode()
    assert FeedAddress.objects.get(person=person).digest != page.context["secret"]
    assert ".ics" not in client.get(reverse("organizations:account")).content.decode()
    client.post(reverse("cases:feed_revoke"))
    assert FeedAddress.objects.count() == 0
