import pytest
from django.utils import timezone

from lib import registry
from organizations import services
from organizations.models import Message
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


def send(person, number=1):
    for each in range(number):
        services.inbox.send(
            to=[person], key=str(each), kind="arrived", params={"number": each},
            subject=("parcel", str(each)), at=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def parcels(monkeypatch):
    monkeypatch.setitem(
        registry.wordings._wordings, "arrived", lambda params: f"Parcel {params['number']} came."
    )
    monkeypatch.setitem(
        registry.references._resolvers,
        "parcel",
        lambda keys, user: {key: registry.Reference(f"P{key}", f"/parcels/{key}/") for key in keys},
    )


def test_messages_read_as_sentences_with_what_they_are_about(client, reader, parcels):
    send(reader)
    (line,) = client.get("/inbox/").context["lines"]
    assert (line.sentence, line.reference.label) == ("Parcel 0 came.", "P0")


def test_the_inbox_costs_the_same_for_1_and_for_3_messages(
    client, reader, parcels, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 3):
        send(reader, number)
        client.get("/inbox/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/inbox/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_opening_a_message_marks_it_read_and_goes_to_what_it_is_about(client, reader, parcels):
    send(reader)
    message = Message.objects.get()
    assert client.post(f"/inbox/{message.pk}/")["Location"] == "/parcels/0/"
    message.refresh_from_db()
    assert message.read_at is not None
    assert client.get("/inbox/?unread=1").context["lines"] == []


def test_a_message_of_somebody_else_is_not_there(client, reader):
    send(UserFactory())
    message = Message.objects.get()
    assert client.post(f"/inbox/{message.pk}/").status_code == 404
    assert client.get("/inbox/").context["lines"] == []


def test_all_messages_are_marked_read_at_once(client, reader):
    send(reader, 3)
    send_to_other = UserFactory()
    services.inbox.send(to=[send_to_other], key="x", kind="arrived", at=timezone.now())
    client.post("/inbox/read/")
    assert list(Message.objects.unread().values_list("to", flat=True)) == [send_to_other.pk]


def test_a_cursor_that_is_not_ours_is_answered_400(client, reader):
    assert client.get("/inbox/?cursor=x").status_code == 400
