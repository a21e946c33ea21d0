"""Everybody who spoke has an answer and hears of it; hosts hear every day of what waits."""

import datetime

import pytest
from django.core import mail

from config.schedule import SCHEDULE
from consultation import tasks
from consultation.models import ModerationEntry, OpinionTally
from consultation.services import answering, moderating
from consultation.services import stages as way
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories.consultation import fresh
from tests.factories.opinions import NONE, NOW, again, make_open, say, say_unsigned
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    return make_open()


@pytest.fixture
def host(found):
    return found.place_of_test.host


def code_of(act):
    with pytest.raises(RuleViolation) as refusal:
        act()
    return refusal.value.code


# -- Answers ---------------------------------------------------------------------------------------


def test_one_answer_to_many_counts_each_once_and_a_new_one_takes_its_place(found, host):
    rows = [say(found) for _ in range(3)]
    keys = [row.pk for row in rows]
    first = answering.answer(found, keys, outcome="not", reason="没有钱", by=host, at=NOW)
    assert OpinionTally.objects.get().answered == 3
    later = NOW + datetime.timedelta(days=1)
    second = answering.answer(found, keys[:1], outcome="adopted", reason="有了", by=host, at=later)
    assert [again(row).answer for row in rows] == [second, first, first]
    assert OpinionTally.objects.get().answered == 3
    told = Message.objects.filter(kind="opinion-answered", to=rows[0].author)
    assert told.all().count() == 2


def test_an_answer_says_what_becomes_of_it_and_why_and_answers_something(found, host):
    said = say(found)
    give = {"by": host, "at": NOW}
    for outcome, reason in (("adopted", " "), ("perhaps", "因为"), ("", "因为")):
        act = lambda o=outcome, r=reason: answering.answer(  # noqa: E731 -- one line a case
            found, [said.pk], outcome=o, reason=r, **give
        )
        assert code_of(act) == "reason"
    reply = say(found, "同意", parent=said)
    waiting = {"outcome": "not", "reason": "因为", **give}
    assert code_of(lambda: answering.answer(found, [reply.pk], **waiting)) == "none"
    other = say(make_open(found.place_of_test, code="other"))
    assert code_of(lambda: answering.answer(found, [other.pk], **waiting)) == "none"
    with pytest.raises(NotYours):
        answering.answer(found, [said.pk], outcome="not", reason="因为", by=said.author, at=NOW)
    assert (again(said).answer, OpinionTally.objects.get(consultation=found).answered) == (None, 0)


def test_who_spoke_in_confidence_is_answered_and_who_left_no_account_is_answered_in_public():
    found = make_open(level=NONE)
    host = found.place_of_test.host
    secret, unsigned = say(found, is_confidential=True), say_unsigned(found)
    moderating.release(unsigned, by=host, at=NOW)
    keys = [secret.pk, unsigned.pk]
    answering.answer(found, keys, outcome="partly", reason="先办一半", by=host, at=NOW)
    told = Message.objects.filter(kind="opinion-answered")
    assert [message.to for message in told] == [secret.author]


# -- Moderation ------------------------------------------------------------------------------------


def test_hiding_wants_one_of_the_reasons_and_leaves_a_line_in_the_log(found, host):
    said = say(found)
    assert code_of(lambda: moderating.hide(said, reason="", by=host, at=NOW)) == "reason"
    assert code_of(lambda: moderating.hide(said, reason="taste", by=host, at=NOW)) == "reason"
    with pytest.raises(NotYours):
        moderating.hide(said, reason="insult", by=found.place_of_test.secretary, at=NOW)
    assert not ModerationEntry.objects.exists()
    moderating.hide(said, reason="insult", note="骂了邻居", by=host, at=NOW)
    entry = ModerationEntry.objects.get()
    assert (entry.act, entry.reason, entry.note) == ("hide", "insult", "骂了邻居")
    assert entry.office == found.body.name
    with pytest.raises(WrongState):
        moderating.hide(said, reason="insult", by=host, at=NOW)


def test_an_appeal_comes_once_and_somebody_else_decides_it_once(found, host):
    author, place = ResidentFactory(), found.place_of_test
    said = say(found, by=author)
    moderating.hide(said, reason="off_topic", by=host, at=NOW)
    row = moderating.appeal(said, text="与此事有关", by=author, at=NOW)
    assert code_of(lambda: moderating.appeal(said, text="再诉", by=author, at=NOW)) == "twice"
    decide = {"show": False, "at": NOW}
    assert code_of(lambda: moderating.decide(row, note=" ", by=place.secretary, **decide)) == (
        "no_reason"
    )
    with pytest.raises(NotYours):
        moderating.decide(row, note="维持", by=host, **decide)
    moderating.decide(row, note="维持", by=place.secretary, **decide)
    assert code_of(lambda: moderating.decide(row, note="改", by=place.secretary, **decide)) == (
        "decided"
    )
    assert again(said).state == "hidden"
    assert Message.objects.filter(to=author, kind="opinion-upheld").count() == 1


def test_what_was_said_in_confidence_does_not_stand_in_the_public_log(found, host):
    said = say(found, is_confidential=True)
    moderating.hide(said, reason="insult", by=host, at=NOW)
    assert ModerationEntry.objects.count() == 1
    assert not ModerationEntry.objects.public().exists()


# -- The daily reminder ----------------------------------------------------------------------------


def test_hosts_hear_once_a_day_of_what_waits_to_be_released():
    found = make_open(level=NONE)
    say_unsigned(found)
    say(found)
    assert answering.remind_hosts(at=NOW) == 1
    answering.remind_hosts(at=NOW + datetime.timedelta(hours=1))
    told = Message.objects.filter(kind="opinion-waits")
    assert [(one.to, one.params["waiting"], one.params["unanswered"]) for one in told] == [
        (found.place_of_test.host, 1, 0)
    ]
    answering.remind_hosts(at=NOW + datetime.timedelta(days=1))
    assert told.all().count() == 2


def test_answers_are_asked_for_once_opinions_have_ended(found, host):
    said = say(found)
    assert answering.remind_hosts(at=NOW) == 0
    way.advance(found, by=host, at=NOW)
    assert answering.remind_hosts(at=NOW) == 1
    assert Message.objects.get(kind="opinion-waits").params["unanswered"] == 1
    answering.answer(fresh(found), [said.pk], outcome="not", reason="因为", by=host, at=NOW)
    assert answering.remind_hosts(at=NOW + datetime.timedelta(days=1)) == 0


def test_what_is_stopped_reminds_nobody():
    found = make_open(level=NONE)
    say_unsigned(found)
    type(found).objects.filter(pk=found.pk).update(
        state="stopped", stage=None, ended_at=NOW, end_reason="x"
    )
    assert answering.remind_hosts(at=NOW) == 0


def test_the_clock_starts_it_every_morning(found):
    row = SCHEDULE["consultation.tasks.remind_hosts"]
    assert (row["task"], row["schedule"].hour) == (tasks.remind_hosts.name, {8})
    tasks.remind_hosts()
    assert mail.outbox == []
