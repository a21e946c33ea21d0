"""Eight hands for one voice, one presence, one count."""

import pytest

from committee.models import Ballot, Invitation, Paper, Turnout, Voice
from committee.services import attending, voting
from lib.errors import RuleViolation
from tests.factories import committee as make
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


def outcome(act):
    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


def answers(act):
    return sorted(at_once(PROCESSES, lambda _number: outcome(act)))


def test_a_person_votes_once():
    chain = make.make_chain()
    ballot = make.ballot(chain)
    person = chain.people[0]
    seat = make.seat(ballot.item.meeting, person)
    found = answers(lambda: voting.vote(ballot, seat, "for", by=person, at=make.HELD))
    assert found == ["done", *["voted_already"] * 7]
    assert Voice.objects.count() == 1


def test_a_person_puts_one_paper_into_the_box():
    chain = make.make_chain()
    item = make.sitting(chain).items.get()
    secret = voting.open_ballot(item, motion="x", is_secret=True, by=chain.clerk, at=make.HELD)
    person = chain.people[0]
    seat = make.seat(item.meeting, person)
    found = answers(lambda: voting.vote_in_secret(secret, seat, "for", by=person, at=make.HELD))
    assert found == ["done", *["voted_already"] * 7]
    assert (Turnout.objects.count(), Paper.objects.count()) == (1, 1)


def test_a_person_is_present_once():
    chain = make.make_chain()
    seat = make.seat(make.called(chain), chain.people[0])
    found = answers(lambda: attending.check_in(seat, by=chain.clerk, at=make.HELD))
    assert found == ["done", *["present_already"] * 7]
    assert Invitation.objects.here().count() == 1


def test_a_vote_is_counted_once():
    chain = make.make_chain()
    ballot = make.ballot(chain)
    found = answers(lambda: voting.close_ballot(ballot, by=chain.clerk, at=make.HELD))
    assert found == ["done", *["wrong_state"] * 7]


def test_no_voice_slips_past_the_count():
    chain = make.make_chain()
    ballot = make.ballot(chain)
    seats = [make.seat(ballot.item.meeting, person) for person in chain.people[:4]]

    def worker(number):
        if number == 7:
            return outcome(lambda: voting.close_ballot(ballot, by=chain.clerk, at=make.HELD))
        seat = seats[number % 4]
        return outcome(lambda: voting.vote(ballot, seat, "for", by=chain.clerk, at=make.HELD))

    found = at_once(PROCESSES, worker)
    row = Ballot.objects.get()
    assert found[7] == "done"
    assert row.pros == Voice.objects.count() == found[:7].count("done")
