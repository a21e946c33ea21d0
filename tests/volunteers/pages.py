"""A person at the pages of volunteers: goes, presses, reads, and what it costs."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import volunteers as made
from volunteers import services
from volunteers.services import Wanted


def go(client, person, name, /, *arguments, follow=False, **data):
    if person is not None:
        client.force_login(person)
    address = reverse(f"volunteers:{name}", args=arguments)
    return client.post(address, data, follow=follow) if data else client.get(address)


def press(client, person, name, /, *arguments, **data):
    """Send a form that has nothing but a button; where it leads, read."""
    client.force_login(person)
    address = reverse(f"volunteers:{name}", args=arguments)
    return client.post(address, data, follow=True)


def words(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def queries(client, person, address):
    if person is not None:
        client.force_login(person)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(caught)


def same_cost(client, person, address, more):
    """A page costs the same queries after `more` rows came."""
    queries(client, person, address)
    before = queries(client, person, address)
    more()
    assert queries(client, person, address) == before


def activity_form(place, **changes):
    given = {
        "title": "护河行动", "title_en": "River day", "summary": "清理河岸。",
        "topic": place.topic.pk, "form": "once", "address": "梅塘河", "min_age": "0",
        "max_age": "120", "danger": "none", "cancel_hours": "24", "confirm_hours": "12",
        "community": place.community.pk, "body": place.body.pk, "lon": "114.05", "lat": "22.85",
    }  # fmt: skip
    return {**given, **changes}


def call(place, by=None, people=2):
    day = made.AT + 3 * made.DAY
    wanted = Wanted("搬沙袋", "防汛搬沙袋", people, day, day + 2 * made.HOUR, "河边")
    where = made.waiting(place).place
    return services.call_for(
        "case", "1", wanted, body=place.body, place=where, by=by or place.reviewer, at=made.AT
    )
