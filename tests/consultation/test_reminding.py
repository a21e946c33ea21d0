"""The clock reminds of sessions that are near and of votes that end, once."""

import pytest

from consultation.models import Session, Vote
from consultation.services import attending, reminding, sessions
from consultation.tasks import remind_people
from organizations.models import Message
from tests.factories import voting as makers
from tests.factories.consultation import AT, later
from tests.factories.voting import BEGIN, after, cast

pytestmark = pytest.mark.django_db
LINES = [("1", "100", "张三", "0011"), ("2", "50", "李四", "0022"), ("3", "50", "王五", "0033")]


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("to", flat=True))


@pytest.mark.parametrize(
    ("moment", "number"), [(after(days=-1, seconds=-1), 0), (after(days=-1), 1), (BEGIN, 0)]
)
def test_who_comes_is_reminded_a_day_before(started, moment, number):
    session, people = makers.planned(*started, 3)
    mine = session.invitations.get(person=people[0])
    attending.answer(mine, "decline", by=people[0], at=AT, reason="出差")
    assert reminding.remind_of_sessions(at=moment) == number
    assert reminding.remind_of_sessions(at=moment) == 0
    assert told("session-soon") == ({people[1].pk, people[2].pk} if number else set())


def test_a_session_that_was_moved_is_reminded_of_again(started):
    session, _people = makers.planned(*started, 1)
    assert reminding.remind_of_sessions(at=after(hours=-3)) == 1
    moved = makers.plan(starts_at=later(days=12), ends_at=later(days=12, hours=1))
    sessions.change_session(session, moved, by=started[0].host, at=after(hours=-2))
    assert reminding.remind_of_sessions(at=later(days=11, hours=1)) == 1
    assert Message.objects.filter(kind="session-soon").count() == 2


def test_who_has_not_voted_is_reminded_a_day_before_the_end(started):
    place, consultation = started
    made = makers.make_roll(place, LINES)
    vote = makers.roll_vote(place, consultation, made.roll, unit="owner")
    cast(vote, made.people["张三"])
    assert reminding.remind_of_votes(at=later(days=5, hours=23)) == 0
    assert reminding.remind_of_votes(at=later(days=6)) == 1
    assert reminding.remind_of_votes(at=later(days=6, hours=1)) == 0
    assert told("vote-ends") == {made.people["李四"].pk, made.people["王五"].pk}


def test_a_vote_of_one_day_and_one_in_a_room_need_no_reminder(started):
    place, consultation = started
    made = makers.make_roll(place, LINES)
    makers.roll_vote(place, consultation, made.roll, unit="owner", closes_at=later(days=1))
    session, _people = makers.opened(place, consultation, 2)
    makers.session_vote(place, consultation, session, closes_at=after(days=3))
    assert reminding.remind_of_votes(at=later(hours=1)) == 0
    assert reminding.remind_of_votes(at=after(days=2, hours=1)) == 0


def test_the_task_may_run_twice(started, monkeypatch):
    makers.planned(*started, 2)
    monkeypatch.setattr("consultation.tasks.timezone.now", lambda: after(hours=-1))
    remind_people()
    remind_people()
    assert Message.objects.filter(kind="session-soon").count() == 2
    assert Session.objects.exclude(reminded_at=None).count() == 1
    assert Vote.objects.count() == 0
