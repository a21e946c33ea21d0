"""Votes and decisions."""

import pytest
from django.db import IntegrityError, transaction

from committee.models import Ballot, Decision, PublicDecision, Recusal, Voice
from committee.services import attending, publishing, voting
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import committee as make

HELD = make.HELD


def refused(act, code):
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code


def test_a_motion_passes_with_more_than_half_of_all_who_may_vote(chain):
    row = make.passed(chain, pros=3)
    assert (row.entitled, row.present, row.pros, row.passed) == (5, 4, 3, True)
    assert row.item.meeting.events.filter(move="decide").last().facts["pros"] == 3


def test_half_of_those_present_is_not_enough(chain):
    row = make.passed(chain, pros=2)
    assert (row.pros, row.passed) == (2, False)
    refused(lambda: voting.decide(row, text="x", basis="x", by=chain.clerk, at=HELD), "not_passed")


def test_everybody_has_one_voice(chain):
    ballot = make.ballot(chain)
    seat = make.seat(ballot.item.meeting, chain.people[0])
    voting.vote(ballot, seat, "for", by=chain.people[0], at=HELD)
    again = lambda: voting.vote(ballot, seat, "against", by=chain.people[0], at=HELD)  # noqa: E731
    refused(again, "voted_already")
    assert Voice.objects.get().choice == "for"


def test_who_is_absent_or_a_guest_has_none(chain):
    ballot = make.ballot(chain)
    meeting = ballot.item.meeting
    attending.check_in(make.seat(meeting, chain.clerk), by=chain.clerk, at=HELD)
    for person in (chain.people[4], chain.clerk):
        seat = make.seat(meeting, person)
        refused(lambda s=seat: voting.vote(ballot, s, "for", by=chain.clerk, at=HELD), "no_voice")
    assert not Voice.objects.exists()


def test_hands_are_entered_by_the_recorder_alone(chain):
    ballot = make.ballot(chain)
    seat = make.seat(ballot.item.meeting, chain.people[1])
    with pytest.raises(NotYours):
        voting.vote(ballot, seat, "for", by=chain.people[0], at=HELD)
    assert voting.vote(ballot, seat, "abstain", by=chain.clerk, at=HELD).by == chain.clerk
    refused(lambda: voting.vote(ballot, seat, "maybe", by=chain.clerk, at=HELD), "no_choice")


def test_who_stands_aside_has_no_voice_and_is_not_counted(chain):
    meeting = make.sitting(chain)
    item = meeting.items.get()
    seat = make.seat(meeting, chain.people[3])
    act = lambda reason: voting.recuse(item, seat, reason=reason, by=chain.people[3], at=HELD)  # noqa: E731
    refused(lambda: act(""), "reason_missing")
    act("亲属经营")
    refused(lambda: act("亲属经营"), "recused_already")
    ballot = voting.open_ballot(item, motion="x", by=chain.clerk, at=HELD)
    refused(lambda: voting.vote(ballot, seat, "for", by=chain.people[3], at=HELD), "recused")
    for person in chain.people[:3]:
        voting.vote(ballot, make.seat(meeting, person), "for", by=person, at=HELD)
    row = voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    assert (row.entitled, row.present, row.passed) == (4, 3, True)


def test_who_has_voted_cannot_stand_aside(chain):
    ballot = make.ballot(chain)
    seat = make.seat(ballot.item.meeting, chain.people[0])
    voting.vote(ballot, seat, "for", by=chain.people[0], at=HELD)
    act = lambda: voting.recuse(ballot.item, seat, reason="x", by=chain.people[0], at=HELD)  # noqa: E731
    refused(act, "voted_already")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recusal.objects.create(
            item=ballot.item, invitation=seat, reason="x", by=chain.clerk, at=HELD
        )


def test_one_vote_at_a_time_and_none_after_the_decision(chain):
    ballot = make.ballot(chain)
    again = lambda: voting.open_ballot(ballot.item, motion="y", by=chain.clerk, at=HELD)  # noqa: E731
    refused(again, "voting")
    for person in chain.people[:4]:
        voting.vote(ballot, make.seat(ballot.item.meeting, person), "for", by=person, at=HELD)
    voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    refused(again, "decided")


def test_a_motion_that_failed_may_be_put_again(chain):
    failed = make.passed(chain, pros=1)
    assert voting.open_ballot(failed.item, motion="y", by=chain.clerk, at=HELD).state == "voting"


def test_a_lesson_decides_nothing(chain):
    chain.kind.votes = False
    chain.kind.save()
    meeting = make.sitting(chain)
    act = lambda: voting.open_ballot(  # noqa: E731
        meeting.items.get(), motion="x", by=chain.clerk, at=HELD
    )
    refused(act, "no_votes")


def test_a_counted_vote_takes_no_voice_and_is_not_counted_again(chain):
    row = make.passed(chain)
    seat = make.seat(row.item.meeting, chain.people[0])
    with pytest.raises(WrongState):
        voting.vote(row, seat, "for", by=chain.people[0], at=HELD)
    with pytest.raises(WrongState):
        voting.close_ballot(row, by=chain.clerk, at=HELD)


def test_a_decision_has_text_and_basis_once(chain):
    row = make.passed(chain)
    act = lambda basis: voting.decide(row, text="x", basis=basis, by=chain.clerk, at=HELD)  # noqa: E731
    refused(lambda: act(" "), "no_basis")
    made = act("章程")
    assert (made.item.ballots.get(), Decision.objects.count()) == (row, 1)
    row.item.refresh_from_db()
    assert row.item.outcome == "decided"
    refused(lambda: act("章程"), "decided")


def test_members_who_do_not_keep_the_minutes_decide_nothing_alone(chain):
    row = make.passed(chain)
    with pytest.raises(NotYours):
        voting.decide(row, text="x", basis="x", by=chain.people[2], at=HELD)


def publish(chain, decision, **values):
    words = {"title": "整治占道经营", "text": "会议通过整治方案。", **values}
    return publishing.publish_decision(decision, by=chain.secretary, at=HELD, **words)


def test_a_decision_is_published_when_the_minutes_are_confirmed(chain):
    decision = make.decided(chain)
    with pytest.raises(WrongState):
        publish(chain, decision)
    make.confirmed(decision.item.meeting, chain)
    assert publish(chain, decision).version == 1


def test_published_words_name_nobody(chain):
    decision = make.decided(chain)
    make.confirmed(decision.item.meeting, chain)
    person = chain.people[0]
    person.full_name = "欧阳娜娜"
    person.save()
    for text in ("请欧阳娜娜落实。", "电话13812345678。"):
        refused(lambda t=text: publish(chain, decision, text=t), "names_somebody")
    assert not PublicDecision.objects.exists()


def test_a_correction_is_a_new_version_with_its_reason(chain):
    decision = make.decided(chain)
    make.confirmed(decision.item.meeting, chain)
    publish(chain, decision)
    refused(lambda: publish(chain, decision, text="更正。"), "reason_missing")
    second = publish(chain, decision, text="更正。", reason="错字")
    assert PublicDecision.objects.current().get() == second
    assert PublicDecision.objects.count() == 2


# -- What the database itself refuses -----------------------------------------------------------


def raw_voice(ballot, person, **values):
    seat = make.seat(ballot.item.meeting, person)
    row = {"choice": "for", "by": person, "at": HELD, **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.create(ballot=ballot, invitation=seat, **row)


def test_the_database_refuses_voices_that_are_not_due(chain):
    ballot = make.ballot(chain)
    raw_voice(ballot, chain.people[4])  # absent
    raw_voice(ballot, chain.clerk)  # guest
    raw_voice(ballot, chain.people[0], choice="maybe")
    voting.vote(
        ballot, make.seat(ballot.item.meeting, chain.people[1]), "for", by=chain.clerk, at=HELD
    )
    raw_voice(ballot, chain.people[1])  # twice
    closed = voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    raw_voice(closed, chain.people[0])


def test_the_database_refuses_a_wrong_count_and_a_second_one(chain):
    ballot = make.ballot(chain)
    counts = {
        "state": "counted", "closed_by": chain.clerk, "closed_at": HELD, "entitled": 5,
        "present": 4, "cons": 0, "abstentions": 0, "passed": True,
    }  # fmt: skip
    rows = Ballot.objects.filter(pk=ballot.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**counts, pros=4)
    row = voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    assert row.passed is False
    for change in ({"passed": True}, {"state": "voting"}, {"motion": "z"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_the_database_refuses_a_decision_of_what_did_not_pass(chain):
    row = make.passed(chain, pros=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            item=row.item, ballot=row, text="x", basis="x", by=chain.clerk, at=HELD
        )


@pytest.mark.parametrize("model", [Voice, Decision, Recusal])
def test_what_was_said_is_never_rewritten(chain, model):
    meeting = make.sitting(chain)
    item = meeting.items.get()
    voting.recuse(
        item, make.seat(meeting, chain.people[4]), reason="x", by=chain.people[4], at=HELD
    )
    make.decided(chain, meeting)
    for write in (lambda: model.objects.update(at=HELD), lambda: model.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
