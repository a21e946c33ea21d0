import pytest

from organizations import services
from organizations.models import Message
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db


def send(*people, at, key="case:7:dispatched"):
    services.inbox.send(
        to=people, key=key, kind="dispatched", params={"number": "7"}, subject=("case", "7"), at=at
    )


def test_each_person_gets_one_message_however_often_it_is_sent(at):
    one, two = UserFactory(), UserFactory()
    send(one, at=at)
    send(one, two, two, at=at)
    assert sorted(Message.objects.values_list("to", "kind", "subject_key")) == [
        (one.pk, "dispatched", "7"),
        (two.pk, "dispatched", "7"),
    ]


def test_sending_costs_the_same_for_one_and_for_many(at, django_assert_num_queries):
    people = UserFactory.create_batch(5)
    for number, group in enumerate((people[:1], people)):
        with django_assert_num_queries(2):  # the messages, and the rules for what leaves the house
            send(*group, at=at, key=str(number))


def test_only_the_reader_marks_messages_read(at):
    reader, other = UserFactory(), UserFactory()
    send(reader, at=at)
    message = Message.objects.get()
    assert services.inbox.mark_read([message], by=other, at=at) == 0
    assert services.inbox.mark_read([message], by=reader, at=at) == 1
    assert services.inbox.mark_read([message], by=reader, at=at) == 0
    assert list(Message.objects.of(reader).unread()) == []
