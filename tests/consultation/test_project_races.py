"""Eight processes at one cap: nobody votes beyond it, nothing is promised beyond the money."""

import datetime

import pytest
from django.db.models import Sum

from consultation.models import Choice, Commitment, ResultRating, VoterSheet
from consultation.services import carrying, committing, projects, rating
from funding.models import Hold
from lib.errors import RuleViolation
from tests.factories import commitments as made
from tests.factories import projects as calls
from tests.factories.projects import fresh, make_town
from tests.factories.residents import ResidentFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


def outcome(act):
    try:
        act()
    except RuleViolation:
        return "refused"
    return "done"


def test_one_person_in_eight_browsers_has_one_sheet_within_the_cap():
    town = make_town()
    call, ideas = calls.voting(town)

    def worker(number):
        chosen = [ideas[number % 3], ideas[(number + 1) % 3]]
        return outcome(lambda: calls.vote(call, chosen, town.resident))

    assert at_once(PROCESSES, worker) == ["done"] * PROCESSES
    sheet = VoterSheet.objects.get()
    assert sorted(sheet.choices.values_list("slot", flat=True)) == [1, 2]


def test_votes_at_the_last_moment_are_counted_or_come_too_late():
    town = make_town()
    call, ideas = calls.voting(town)
    people = [ResidentFactory() for _ in range(PROCESSES - 1)]

    def worker(number):
        if number == PROCESSES - 1:
            return outcome(lambda: projects.close_vote(call, by=town.system, at=call.votes_until))
        return outcome(lambda: calls.vote(call, ideas[:1], people[number]))

    answers = at_once(PROCESSES, worker)
    assert answers[-1] == "done"
    counted = sum(answer == "done" for answer in answers[:-1])
    assert fresh(call).voters == Choice.objects.count() == counted
    assert (fresh(ideas[0]).votes or 0) == counted


def test_chosen_ideas_are_promised_once_by_all_at_once():
    town = make_town()
    call, _ideas = calls.decided(town)
    free = fresh(town.line).available

    def worker(_number):
        return outcome(
            lambda: projects.commit_chosen(
                call, due_on=datetime.date(2027, 6, 30), by=town.host, at=call.decided_at
            )
        )

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["refused"] * (PROCESSES - 1)]
    assert Commitment.objects.count() == 2
    assert fresh(town.line).available == free - 9_000_00


def test_eight_promises_never_keep_more_than_the_line_has():
    town = make_town(free=3 * made.COST)
    found = made.adopted(town)
    promised = [made.promised(town, consultation=found) for _ in range(PROCESSES)]

    def worker(number):
        one = promised[number]
        return outcome(
            lambda: committing.keep_money(one, money=made.money(town), by=town.host, at=made.AT)
        )

    assert sorted(at_once(PROCESSES, worker)) == [*["done"] * 3, *["refused"] * 5]
    assert fresh(town.line).available == 0
    assert Hold.objects.aggregate(sum=Sum("open"))["sum"] == 3 * made.COST


def test_confirmed_by_all_at_once_it_is_settled_once_and_a_person_rates_once():
    town = make_town()
    call, _ideas = calls.decided(town)
    one = projects.commit_chosen(
        call, due_on=datetime.date(2027, 6, 30), by=town.host, at=call.decided_at
    )[0]
    at = call.decided_at
    carrying.begin_work(one, by=town.head, at=at)
    made.with_photo(town, one, at=at)
    carrying.report(one, proof="好了", actual=5_000_00, by=town.head, at=at)

    def confirm(_number):
        return outcome(lambda: carrying.confirm(one, by=town.host, at=at))

    assert sorted(at_once(PROCESSES, confirm)) == ["done", *["refused"] * (PROCESSES - 1)]
    assert (fresh(one.hold).payable, fresh(one.hold).open) == (5_000_00, 0)

    def rates(number):
        return outcome(lambda: rating.rate(one, stars=number % 5 + 1, by=town.resident, at=at))

    assert at_once(PROCESSES, rates) == ["done"] * PROCESSES
    assert ResultRating.objects.count() == 1
