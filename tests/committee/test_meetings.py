"""Meetings: planned, called, attended, opened with a quorum, minuted, confirmed."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from committee.models import AgendaItem, Invitation, Meeting
from committee.services import agenda, attending, meetings
from committee.services.owed import bodies_without_members, meetings_owed, part_of_year
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message, User
from tests.factories import committee as make
from tests.factories.organizations import UserFactory

AT, HELD = make.AT, make.HELD


def refused(act, code):
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code


def test_a_meeting_is_planned_by_who_leads_the_body(chain):
    meeting = make.planned(chain)
    assert (meeting.state, meeting.events.get().move) == ("planned", "plan")
    with pytest.raises(NotYours):
        meetings.plan_meeting(
            chain.branch, chain.kind, make.plan_for(chain), by=chain.people[1], at=AT
        )


def test_a_body_holds_its_own_kinds_of_meetings_only(chain):
    plan = make.plan_for(chain)
    act = lambda: meetings.plan_meeting(  # noqa: E731
        chain.committee, chain.kind, plan, by=chain.secretary, at=AT
    )
    refused(act, "wrong_kind")


@pytest.mark.parametrize(("values", "code"), [
    ({"ends_at": HELD}, "order"),
    ({"starts_at": AT - make.DAY}, "in_the_past"),
])  # fmt: skip
def test_a_plan_must_be_possible(chain, values, code):
    refused(lambda: make.planned(chain, **values), code)
    assert not Meeting.objects.exists()


def test_chair_and_recorder_are_two(chain):
    refused(lambda: make.planned(chain, recorder=chain.people[0]), "chair_records")


def test_a_plan_is_changed_before_it_is_called(chain):
    meeting = make.planned(chain)
    plan = make.plan_for(chain, place="会议室")
    assert meetings.edit_meeting(meeting, plan, by=chain.clerk, at=AT).place == "会议室"
    agenda.add_item(meeting, title="x", by=chain.clerk, at=AT)
    meetings.call_meeting(meeting, by=chain.people[0], at=AT)
    with pytest.raises(WrongState):
        meetings.edit_meeting(meeting, plan, by=chain.clerk, at=AT)


def test_what_waits_elsewhere_stands_on_the_agenda_once(chain):
    meeting = make.planned(chain)
    put = lambda: agenda.add_item(  # noqa: E731
        meeting, title="案卷争议", by=chain.clerk, at=AT, source=("case", "7")
    )
    assert put().source == ("case", "7")
    refused(put, "on_agenda")
    refused(lambda: agenda.add_item(meeting, title=" ", by=chain.clerk, at=AT), "no_title")
    assert AgendaItem.objects.count() == 1


def test_a_point_nobody_has_dealt_with_is_taken_off(chain):
    meeting = make.sitting(chain)
    item = meeting.items.get()
    agenda.settle_item(item, "noted", by=chain.clerk, at=HELD)
    refused(lambda: agenda.remove_item(item, by=chain.clerk, at=HELD), "dealt_with")
    other = agenda.add_item(meeting, title="y", by=chain.clerk, at=HELD)
    agenda.remove_item(other, by=chain.clerk, at=HELD)
    assert meeting.items.count() == 1


def test_calling_invites_members_and_the_recorder_and_tells_them(chain):
    meeting = make.called(chain)
    votes = dict(meeting.invitations.values_list("person", "may_vote"))
    assert votes == {**{one.pk: True for one in chain.people}, chain.clerk.pk: False}
    assert Message.objects.filter(kind="meeting-called").count() == 6
    assert Message.objects.filter(kind="meeting-called").first().params["place"] == "党群服务中心"


def test_without_agenda_or_notice_nothing_is_called(chain):
    meeting = make.planned(chain)
    call = lambda: meetings.call_meeting(meeting, by=chain.people[0], at=AT)  # noqa: E731
    refused(call, "no_agenda")
    agenda.add_item(meeting, title="x", by=chain.clerk, at=AT)
    chain.kind.notice_days = 3
    chain.kind.save()
    refused(call, "notice")
    assert Meeting.objects.get().state == "planned"


def test_only_the_board_is_invited_where_the_kind_says_so(chain):
    chain.kind.attends = "board"
    chain.kind.save()
    meeting = make.called(chain)
    assert meeting.invitations.entitled().count() == 1


def test_guests_have_no_vote_but_in_joint_meetings(chain):
    meeting = make.called(chain)
    guest = UserFactory()
    act = lambda may_vote: attending.invite(  # noqa: E731
        meeting, guest, may_vote=may_vote, by=chain.clerk, at=AT
    )
    refused(lambda: act(True), "no_vote")
    assert act(False).may_vote is False
    refused(lambda: act(False), "invited_already")


def test_members_note_themselves_and_the_recorder_notes_others(chain):
    meeting = make.called(chain)
    own = attending.check_in(make.seat(meeting, chain.people[0]), by=chain.people[0], at=HELD)
    other = attending.check_in(make.seat(meeting, chain.people[1]), by=chain.clerk, at=HELD)
    assert (own.marked_by, other.marked_by) == (chain.people[0], chain.clerk)
    with pytest.raises(NotYours):
        attending.check_in(make.seat(meeting, chain.people[2]), by=chain.people[3], at=HELD)


def test_nobody_is_present_twice_or_on_another_day(chain):
    meeting = make.called(chain)
    seat = make.seat(meeting, chain.people[0])
    refused(lambda: attending.check_in(seat, by=chain.clerk, at=AT), "day")
    attending.check_in(seat, by=chain.clerk, at=HELD)
    refused(lambda: attending.check_in(seat, by=chain.clerk, at=HELD), "present_already")


def test_who_cannot_come_says_so(chain):
    meeting = make.called(chain)
    seat = make.seat(meeting, chain.people[4])
    refused(lambda: attending.excuse(seat, words=" ", by=chain.people[4], at=AT), "reason_missing")
    assert attending.excuse(seat, words="出差", by=chain.people[4], at=AT).excuse == "出差"
    here = attending.check_in(seat, by=chain.people[4], at=HELD)
    assert here.excuse == ""


def test_without_a_quorum_nothing_is_opened(chain):
    meeting = make.called(chain)
    for person in chain.people[:2]:
        attending.check_in(make.seat(meeting, person), by=person, at=HELD)
    attending.check_in(make.seat(meeting, chain.clerk), by=chain.clerk, at=HELD)
    begin = lambda: meetings.open_meeting(meeting, by=chain.people[0], at=HELD)  # noqa: E731
    refused(begin, "no_quorum")
    attending.check_in(make.seat(meeting, chain.people[2]), by=chain.clerk, at=HELD)
    opened = begin()
    assert (opened.state, opened.entitled, opened.present) == ("sitting", 5, 3)


def test_the_chair_opens_it_on_its_day(chain):
    meeting = make.called(chain)
    with pytest.raises(NotYours):
        meetings.open_meeting(meeting, by=chain.clerk, at=HELD)
    refused(lambda: meetings.open_meeting(meeting, by=chain.people[0], at=AT), "day")


def test_a_meeting_closes_when_every_point_has_an_outcome(chain):
    meeting = make.sitting(chain)
    close = lambda: meetings.close_meeting(meeting, by=chain.people[0], at=HELD)  # noqa: E731
    refused(close, "pending")
    refused(
        lambda: agenda.settle_item(meeting.items.get(), "decided", by=chain.clerk, at=HELD),
        "no_vote",
    )
    agenda.settle_item(meeting.items.get(), "deferred", by=chain.clerk, at=HELD)
    assert close().state == "closed_draft"


def test_an_open_vote_keeps_the_meeting_open(chain):
    ballot = make.ballot(chain)
    meeting = ballot.item.meeting
    refused(lambda: meetings.close_meeting(meeting, by=chain.people[0], at=HELD), "voting")


def test_minutes_are_confirmed_by_another_than_who_wrote_them(chain):
    meeting = make.closed(make.sitting(chain), chain)
    assert meeting.minutes_by == chain.clerk
    with pytest.raises(NotYours):
        meetings.confirm_minutes(meeting, by=chain.clerk, at=HELD)
    done = meetings.confirm_minutes(meeting, by=chain.people[0], at=HELD)
    assert (done.state, done.confirmed_by) == ("confirmed", chain.people[0])


def test_without_minutes_nothing_is_confirmed(chain):
    meeting = make.sitting(chain)
    agenda.settle_item(meeting.items.get(), "noted", by=chain.clerk, at=HELD)
    meeting = meetings.close_meeting(meeting, by=chain.people[0], at=HELD)
    act = lambda: meetings.confirm_minutes(meeting, by=chain.people[0], at=HELD)  # noqa: E731
    refused(act, "no_minutes")
    refused(
        lambda: meetings.write_minutes(meeting, text=" ", by=chain.clerk, at=HELD), "no_minutes"
    )


def test_a_cancelled_meeting_tells_whom_it_had_called(chain):
    meeting = make.called(chain)
    refused(
        lambda: meetings.cancel_meeting(meeting, reason="", by=chain.secretary, at=AT),
        "reason_missing",
    )
    done = meetings.cancel_meeting(meeting, reason="台风", by=chain.secretary, at=AT)
    assert (done.state, done.reason) == ("cancelled", "台风")
    assert Message.objects.filter(kind="meeting-cancelled").count() == 6
    assert done.events.last().note == "台风"


def test_what_was_put_off_stands_on_the_next_agenda_by_itself(chain):
    meeting = make.sitting(chain)
    item = agenda.settle_item(meeting.items.get(), "deferred", by=chain.clerk, at=HELD)
    meetings.close_meeting(meeting, by=chain.people[0], at=HELD)
    following = make.planned(chain, at=HELD, starts=HELD + make.DAY)
    carried = following.items.get()
    assert (carried.title, carried.source) == (item.title, ("committee.item", str(item.pk)))


def test_the_history_says_who_did_what_and_is_whole(chain):
    meeting = make.confirmed(make.sitting(chain), chain)
    events = list(meeting.events.order_by("number"))
    assert first_break(events) is None
    moves = [event.move for event in events]
    assert moves[:3] == ["plan", "arrange", "call"]
    assert moves[-2:] == ["close", "confirm"]
    opened = next(event for event in events if event.move == "open")
    assert opened.facts == {"entitled": 5, "present": 4}


def test_strangers_see_nothing_and_invited_people_not_before_it_is_called(chain):
    meeting = make.planned(chain)
    guest = UserFactory()
    attending.invite(meeting, guest, may_vote=False, by=chain.clerk, at=AT)
    seen = lambda who: Meeting.objects.visible_to(who, on=AT.date()).exists()  # noqa: E731
    assert [seen(who) for who in (chain.secretary, chain.people[3], guest, UserFactory())] == [
        True, True, False, False,
    ]  # fmt: skip
    agenda.add_item(meeting, title="x", by=chain.clerk, at=AT)
    meetings.call_meeting(meeting, by=chain.people[0], at=AT)
    assert seen(guest)


def test_bodies_owe_their_regular_meetings(chain):
    on = AT.date()
    owed = meetings_owed({chain.branch.pk}, on=on)
    assert [(row.kind, row.end, row.missed) for row in owed] == [
        (chain.kind, datetime.date(2026, 4, 1), True)
    ]
    make.sitting(chain)
    assert meetings_owed({chain.branch.pk}, on=on) == []
    later = meetings_owed({chain.branch.pk}, on=datetime.date(2026, 5, 1))
    assert [row.missed for row in later] == [False]


def test_a_body_in_which_nobody_is_entered_owes_its_members_first(chain):
    on, both = AT.date(), {chain.branch.pk, chain.committee.pk}
    assert list(bodies_without_members(both, on=on)) == []
    chain.branch.members.update(valid_to=on)
    assert meetings_owed(both, on=on) == []
    assert list(bodies_without_members(both, on=on)) == [chain.branch]
    assert list(bodies_without_members({chain.committee.pk}, on=on)) == []


@pytest.mark.parametrize(("day", "months", "part"), [
    ((2026, 3, 2), 3, ((2026, 1, 1), (2026, 4, 1))),
    ((2026, 12, 31), 1, ((2026, 12, 1), (2027, 1, 1))),
    ((2026, 12, 31), 12, ((2026, 1, 1), (2027, 1, 1))),
])  # fmt: skip
def test_parts_of_the_year(day, months, part):
    assert part_of_year(datetime.date(*day), months) == tuple(datetime.date(*one) for one in part)


RAW = {
    "meeting_opened_with_a_count": {"state": "sitting"},
    "meeting_ends_after_start": {"ends_at": HELD - make.DAY},
    "meeting_closed_or_not": {"closed_at": HELD},
    "meeting_minutes_by_another": {"confirmed_at": HELD},
}


@pytest.mark.parametrize("name", RAW)
def test_the_database_refuses_what_no_service_writes(chain, name):
    meeting = make.called(chain)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**RAW[name])


def test_the_database_keeps_presence_and_who_may_vote(chain):
    meeting = make.sitting(chain)
    rows = Invitation.objects.filter(meeting=meeting)
    for change in ({"present_at": None, "marked_by": None}, {"may_vote": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(person=chain.people[0]).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(person=chain.people[4]).update(person=User.objects.get(pk=chain.head.pk))
