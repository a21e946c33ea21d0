"""异议: raised in its time, answered or upheld, taken back by code; and its pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consultation.models import Objection
from consultation.services import objecting, sessions, stages, voting
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.consultation.test_way import codes, publish, short
from tests.factories import consultation as makers
from tests.factories import voting as rooms
from tests.factories.consultation import AT, fresh, later
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
PHONE, NAME = "13812345678", "梁秀英"


@pytest.fixture
def decided(place):
    """The result is out, and seven days are left to object."""
    found = short(place)
    publish(place, found, "result")
    return fresh(found)


def raised(found, *, at=AT, **more):
    given = {"text": f"{NAME}：没有通知我，电话 {PHONE}", "contact_name": NAME, **more}
    return objecting.raise_objection(found, at=at, **given)


def test_before_the_result_and_after_its_time_nobody_objects(place):
    found = short(place)
    with pytest.raises(RuleViolation) as refused:
        raised(found)
    assert refused.value.code == "no_time_for_objections"
    publish(place, found, "result")
    raised(found, at=later(days=6, hours=23, minutes=59))
    with pytest.raises(RuleViolation):
        raised(found, at=later(days=7))
    assert Objection.objects.count() == 1


def test_a_supervisor_objects_at_any_time(place):
    found = makers.make_running(place)
    made = raised(found, by=place.supervisor)
    assert made.by_supervisor
    with pytest.raises(RuleViolation):
        raised(found, by=place.worker)


def test_until_it_is_answered_nothing_goes_on(place, decided):
    objection = raised(decided)
    assert codes(place, decided, later(days=30)) == ["objections_wait"]
    answer = {"public_text": objection.text, "answer": f"已补通知，见 {NAME}", "at": later(days=1)}
    for stranger in (place.secretary, place.worker, place.supervisor):
        with pytest.raises(NotYours):
            objecting.answer(objection, by=stranger, **answer)
    done = objecting.answer(objection, by=place.host, **answer)
    assert (NAME in done.public_text, PHONE in done.public_text, NAME in done.answer) == (
        False, False, False,
    )  # fmt: skip
    with pytest.raises(WrongState):
        objecting.answer(objection, by=place.host, **answer)
    stages.advance(fresh(decided), by=place.host, at=later(days=30))
    assert fresh(decided).state == "done"


def test_an_answer_says_something(place, decided):
    with pytest.raises(RuleViolation) as refused:
        objecting.answer(raised(decided), public_text="x", answer=" ", by=place.host, at=AT)
    assert refused.value.code == "empty"


def test_nobody_answers_his_own_objection(place, decided):
    with pytest.raises(NotYours):
        objecting.answer(
            raised(decided, by=place.host), public_text="x", answer="x", by=place.host, at=AT
        )


@pytest.mark.parametrize("who", ["host", "secretary"])
def test_upheld_the_matter_begins_again_and_its_author_hears_of_it(
    place, decided, who, django_capture_on_commit_callbacks
):
    resident = ResidentFactory()
    objection = raised(decided, by=resident)
    with django_capture_on_commit_callbacks(execute=True):
        objecting.uphold(
            objection, public_text="没有通知", answer="补充征求意见", key="result",
            by=getattr(place, who), at=later(days=1),
        )  # fmt: skip
    found = fresh(decided)
    assert (found.round, found.stage.key, found.stage.round) == (2, "result", 2)
    assert codes(place, found, later(days=2)) == ["not_published"]
    objection.refresh_from_db()
    assert objection.state == "upheld"
    kinds = set(Message.objects.filter(to=resident).values_list("kind", flat=True))
    assert "objection-answered" in kinds


def test_taken_back_by_code_or_by_account_and_by_nobody_else(decided):
    one, other = raised(decided), raised(decided, by=ResidentFactory())
    with pytest.raises(NotYours):
        objecting.withdraw(one, code="WRONGONE", at=AT)
    with pytest.raises(NotYours):
        objecting.withdraw(other, by=ResidentFactory(), at=AT)
    objecting.withdraw(one, code=one.code.lower(), at=AT)
    objecting.withdraw(other, by=other.by, at=AT)
    assert not Objection.objects.waiting().exists()
    with pytest.raises(WrongState):
        objecting.withdraw(one, code=one.code, at=AT)


# -- Pages -------------------------------------------------------------------------------------


@pytest.fixture
def open_now(place):
    found = short(place)
    publish(place, found, "result", at=timezone.now())
    return fresh(found)


def test_a_stranger_objects_follows_and_takes_it_back(client, open_now):
    page = reverse("consultation:published_consultation", args=[open_now.number])
    address = reverse("consultation:object", args=[open_now.number])
    assert address in client.get(page).content.decode()
    assert client.post(address, {"text": ""}).status_code == 422
    answer = client.post(address, {"text": f"没有通知，{PHONE}", "contact_name": NAME})
    objection = Objection.objects.get()
    assert objection.code in answer.content.decode()
    public = client.get(page).content.decode()
    assert PHONE not in public
    pair = {"number": objection.number, "code": objection.code}
    follow = reverse("consultation:follow")
    assert PHONE in client.post(follow, pair).content.decode()
    client.post(follow, {**pair, "withdraw": "1"})
    objection.refresh_from_db()
    assert objection.state == "withdrawn"


def test_out_of_its_time_the_page_says_so(client, place):
    found = makers.make_running(place, at=timezone.now())
    address = reverse("consultation:object", args=[found.number])
    page = client.get(address)
    assert page.context["is_closed"]
    assert client.post(address, {"text": "x"}).status_code == 422
    assert not Objection.objects.exists()


def test_a_robot_that_fills_everything_sends_nothing(client, open_now):
    address = reverse("consultation:object", args=[open_now.number])
    assert client.post(address, {"text": "x", "website": "http://x.example"}).status_code == 422
    assert not Objection.objects.exists()


def test_the_answer_and_only_the_released_wording_stand_on_the_public_page(client, place, open_now):
    objection = raised(open_now, at=timezone.now())
    client.force_login(place.host)
    desk = reverse("consultation:objections", args=[open_now.number])
    assert objection.text in client.get(desk).content.decode()
    address = reverse(
        "consultation:objection_answer", args=[open_now.number, objection.number, "answer"]
    )
    assert client.get(address).status_code == 200
    client.post(address, {"public_text": "没有通知到", "answer": "已经补上通知"})
    client.logout()
    page = client.get(reverse("consultation:published_consultation", args=[open_now.number]))
    words = page.content.decode()
    assert "已经补上通知" in words
    assert NAME not in words


def test_the_desk_upholds_and_chooses_where_to_begin_again(client, place, open_now):
    objection = raised(open_now, at=timezone.now())
    client.force_login(place.secretary)
    address = reverse(
        "consultation:objection_answer", args=[open_now.number, objection.number, "uphold"]
    )
    given = {"public_text": "没有通知到", "answer": "重新公示", "key": "result"}
    assert client.post(address, given).status_code == 302
    assert fresh(open_now).round == 2


def test_nothing_begins_again_while_people_meet_or_vote(place):
    """An upheld objection would leave them voting in a stage that no longer counts."""
    _place, found = rooms.in_session(place)
    session, _people = rooms.opened(place, found)
    vote = rooms.session_vote(place, found, session)
    objection = objecting.raise_objection(
        fresh(found), text="没有通知到租户", by=place.supervisor, at=rooms.BEGIN
    )
    say = {"public_text": "没有通知", "answer": "重新开会", "key": "session", "by": place.host}

    def refused():
        with pytest.raises(stages.NotYet) as refusal:
            objecting.uphold(objection, **say, at=rooms.BEGIN)
        objection.refresh_from_db()
        assert (objection.state, fresh(found).round) == ("raised", 1)
        return [one.code for one in refusal.value.refusals]

    assert refused() == ["session_open", "vote_open"]
    voting.annul(vote, reason="重新开会", by=place.host, at=rooms.BEGIN)
    assert refused() == ["session_open"]
    sessions.call_off(session, reason="重新开会", by=place.host, at=rooms.BEGIN)
    assert objecting.uphold(objection, **say, at=rooms.BEGIN).state == "upheld"
    assert fresh(found).round == 2
