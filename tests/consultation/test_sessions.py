"""Sessions: planned with notice, timed agenda, invitations, check-in, quorum by rows, minutes."""

import pytest

from consultation.models import Amendment, Attendance, Minutes, Publication, Session
from consultation.services import attending, minutes, sessions, stages
from consultation.services.rooms import room_of
from consultation.services.sessions import Guest, Point
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import consultation as places
from tests.factories import voting as makers
from tests.factories.consultation import AT, later
from tests.factories.organizations import UserFactory
from tests.factories.voting import BEGIN, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def started():
    return makers.in_session()


def test_people_are_invited_in_time(started):
    place = started[0]
    consultation = makers.in_session(place, form="board", notice_days=3)[1]
    early = makers.plan(starts_at=later(days=2), ends_at=later(days=2, hours=1))
    with pytest.raises(RuleViolation) as refusal:
        sessions.plan_session(consultation, early, by=place.host, at=AT)
    assert refusal.value.code == "notice"
    on_time = makers.plan(starts_at=later(days=3), ends_at=later(days=3, hours=1))
    assert (
        sessions.plan_session(consultation, on_time, by=place.host, at=AT).minutes.state == "live"
    )


def test_a_session_is_not_moved_to_before_its_notice_has_stood(started):
    place = started[0]
    consultation = makers.in_session(place, form="board", notice_days=3)[1]
    session, _people = makers.planned(place, consultation, 1)

    def move(**delta):
        plan = makers.plan(starts_at=later(**delta), ends_at=later(days=11))
        return sessions.change_session(session, plan, by=place.host, at=AT)

    with pytest.raises(RuleViolation) as refusal:
        move(days=2)
    assert refusal.value.code == "notice"
    assert move(days=3).starts_at == later(days=3)
    # To later it goes at any time: whoever was invited has had the notice already.
    later_plan = makers.plan(starts_at=later(days=3, hours=1), ends_at=later(days=4))
    sessions.change_session(session, later_plan, by=place.host, at=later(days=2))


def test_points_take_no_longer_than_what_they_are_part_of(started):
    place, consultation = started
    session, _people = makers.planned(place, consultation)
    who = {"by": place.host, "at": AT}
    whole = sessions.add_item(session, Point("加装电梯", 60), **who)
    sessions.add_item(session, Point("方案", 40, whole), **who)
    for point in (Point("费用", 21, whole), Point("其他", 61)):
        with pytest.raises(RuleViolation) as refusal:
            sessions.add_item(session, point, **who)
        assert refusal.value.code == "agenda"
    sessions.add_item(session, Point("费用", 20, whole), **who)
    sessions.add_item(session, Point("其他", 60), **who)


def test_those_invited_are_told_once_and_answer(started, django_capture_on_commit_callbacks):
    place, consultation = started
    with django_capture_on_commit_callbacks(execute=True):
        session, people = makers.planned(place, consultation, 3)
        sessions.invite(
            session, [Guest("张代表0", "representatives", people[0])], by=place.host, at=AT
        )
    assert session.invitations.count() == 3
    assert Message.objects.filter(kind="session-invited").count() == 3
    first, second, _third = session.invitations.order_by("pk")
    attending.answer(first, "read", by=people[0], at=AT)
    attending.answer(first, "accept", by=people[0], at=AT)
    with pytest.raises(RuleViolation):
        attending.answer(second, "decline", by=people[1], at=AT)
    attending.answer(second, "decline", by=people[1], at=AT, reason="出差")
    with pytest.raises(NotYours):
        attending.answer(first, "decline", by=people[1], at=AT, reason="x")
    said = session.invitations.order_by("pk").values_list("state", "reason")
    assert list(said) == [("accepted", ""), ("declined", "出差"), ("sent", "")]


def test_a_session_opens_only_with_those_whom_the_form_cannot_do_without():
    place, consultation = makers.in_session(must_take_part=["representatives", "property"])
    session, _people = makers.planned(place, consultation)
    with pytest.raises(RuleViolation) as refusal:
        sessions.open_session(session, by=place.host, at=BEGIN)
    assert refusal.value.code == "missing_participants"
    sessions.invite(
        session, [Guest("物业公司", "property", None, is_member=False)], by=place.host, at=BEGIN
    )
    assert sessions.open_session(session, by=place.host, at=BEGIN).state == "open"


def test_the_code_of_the_screen_passes_and_checks_in_once(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, present=0)
    code = attending.code_at(session, BEGIN)
    attending.check_in_by_code(session, code, by=people[0], at=after(seconds=70))
    attending.check_in_by_code(session, code, by=people[0], at=after(seconds=80))
    assert Attendance.objects.count() == 1
    with pytest.raises(RuleViolation) as refusal:
        attending.check_in_by_code(session, code, by=people[1], at=after(minutes=3))
    assert refusal.value.code == "passed"
    with pytest.raises(NotYours):
        attending.check_in_by_code(session, code, by=UserFactory(), at=BEGIN)


def test_only_clerks_check_others_in(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, present=0)
    mine = session.invitations.get(person=people[1])
    with pytest.raises(NotYours):
        attending.check_in_by_clerk(mine, by=people[0], at=BEGIN)


@pytest.mark.parametrize(("present", "reached"), [(2, False), (3, True)])
def test_the_quorum_is_proved_by_rows(started, present, reached):
    place, consultation = started
    session, _people = makers.opened(place, consultation, 4, present)
    assert room_of(session).quorum.holds is reached


def test_who_stands_back_leaves_the_quorum(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 4, 2)
    away = session.invitations.get(person=people[3])
    attending.recuse(away, reason="股东", by=place.host, at=BEGIN)
    assert room_of(session).counts["person"].entitled == 3
    assert room_of(session).quorum.holds  # two of three
    with pytest.raises(NotYours):
        attending.recuse(
            session.invitations.get(person=people[0]), reason="x", by=people[1], at=BEGIN
        )


def test_a_wrong_row_is_cancelled_with_a_reason_and_stays(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 3)
    row = Attendance.objects.get(invitation__person=people[0])
    attending.cancel_check_in(row, reason="认错人", by=place.worker, at=after(minutes=1))
    assert session.invitations.present().count() == 2
    makers.come(place, session, people[0])
    assert Attendance.objects.count() == 4


def test_an_assembly_invites_everybody_of_its_roll(started):
    place, consultation = started
    made = makers.make_roll(
        place,
        [("1", "100", "张三", "0011"), ("1", "100", "李四", "0022"), ("2", "50", "王五", "0033")],
    )
    session, _people = makers.planned(place, consultation, 0, roll=made.roll)
    assert sessions.invite_roll(session, by=place.host, at=AT) == 3
    assert sessions.invite_roll(session, by=place.host, at=AT) == 0
    session = sessions.open_session(session, by=place.host, at=BEGIN)
    makers.come(place, session, made.people["张三"])
    counted = room_of(session).counts
    assert (counted["household"].present, counted["area"].present) == (1, 100)


def test_what_was_said_is_public_without_details(started):
    place, consultation = started
    session, people = makers.opened(place, consultation)
    mine = session.invitations.get(person=people[0])
    said = {"stance": "for", "text": "我是张代表0，电话13812345678，同意。", "item": None}
    position = attending.take_down(mine, said, by=place.worker, at=BEGIN)
    assert "13812345678" not in position.public_text
    assert "张代表0" not in position.public_text


# -- Minutes -----------------------------------------------------------------------------------


def laid_out(started, text="张代表提出先加装 3 栋。会议同意。"):
    place, consultation = started
    session, people = makers.opened(place, consultation, 3, 2)
    minutes.write(session.minutes, text, by=place.worker, at=BEGIN)
    session = sessions.close_session(session, by=place.host, at=after(hours=2))
    paper = minutes.lay_out(
        Minutes.objects.get(session=session), until=after(days=2), by=place.host, at=after(hours=3)
    )
    return paper, people


def test_those_who_attended_amend_and_are_answered(started):
    paper, people = laid_out(started)
    place = started[0]
    said = {"passage": "先加装 3 栋", "wording": "先加装 3 栋和 5 栋"}
    asked = minutes.propose(paper, **said, by=people[0], at=after(hours=4))
    other = minutes.propose(paper, passage="会议同意", wording="", by=people[1], at=after(hours=5))
    with pytest.raises(NotYours):
        minutes.propose(paper, **said, by=people[2], at=after(hours=4))
    with pytest.raises(RuleViolation):
        minutes.finish(paper, by=place.host, at=after(days=3))
    minutes.decide(asked, "accept", reason="录音如此", by=place.host, at=after(hours=6))
    minutes.decide(other, "refuse", reason="表决过", by=place.host, at=after(hours=6))
    paper.refresh_from_db()
    assert paper.text == "张代表提出先加装 3 栋和 5 栋。会议同意。"
    assert list(paper.versions.values_list("number", flat=True)) == [1, 2]
    assert list(Amendment.objects.values_list("state", flat=True)) == ["accepted", "refused"]


def test_final_minutes_wait_as_a_draft_of_their_publication(started):
    paper, _people = laid_out(started)
    place = started[0]
    with pytest.raises(RuleViolation) as refusal:
        minutes.finish(paper, by=place.host, at=after(days=1))
    assert refusal.value.code == "time_to_amend"
    paper = minutes.finish(paper, by=place.host, at=after(days=3))
    assert (paper.state, Publication.objects.get()) == ("final", paper.publication)
    with pytest.raises(WrongState):
        minutes.write(paper, "另一个版本", by=place.host, at=after(days=3))


@pytest.mark.parametrize(
    ("passage", "at"), [("没有这句话", after(hours=4)), ("先加装 3 栋", after(days=2))]
)
def test_amendments_name_a_passage_and_come_in_time(started, passage, at):
    paper, people = laid_out(started)
    with pytest.raises(RuleViolation):
        minutes.propose(paper, passage=passage, wording="x", by=people[0], at=at)
    assert Amendment.objects.count() == 0


# -- Gates -------------------------------------------------------------------------------------


def codes(consultation, place, at):
    with pytest.raises(stages.NotYet) as refusal:
        stages.advance(places.fresh(consultation), by=place.host, at=at)
    return [one.code for one in refusal.value.refusals]


def test_a_stage_of_deliberation_is_left_with_quorum_minutes_and_votes_counted(started):
    place, consultation = started
    assert codes(consultation, place, BEGIN) == ["no_session"]
    session, people = makers.opened(place, consultation, 3, 1)
    assert codes(consultation, place, BEGIN) == ["session_open"]
    minutes.write(session.minutes, "记录", by=place.worker, at=BEGIN)
    vote = makers.session_vote(place, consultation, session)
    makers.cast(vote, people[0])
    sessions.close_session(session, by=place.host, at=after(hours=1))
    assert codes(consultation, place, after(hours=1)) == ["no_quorum", "minutes_open", "vote_open"]
    assert Session.objects.get().state == "closed"
