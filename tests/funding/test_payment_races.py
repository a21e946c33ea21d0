"""Two people at one application, payment, movement or number in one moment: one wins."""

import pytest

from funding import services
from funding.models import BankRow, Match, Voucher
from funding.workflow import State
from lib.errors import RuleViolation
from lib.roles import Role
from tests.factories import money
from tests.factories.organizations import PostFactory
from tests.funding.conftest import AT
from tests.funding.test_banking import two_rows
from tests.funding.test_races import failing
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


@pytest.fixture
def office(line):
    return money.make_office(line)


def outcome(act):
    try:
        act()
    except RuleViolation:
        return "refused"
    return "done"


def test_of_all_who_stand_on_a_step_one_approves(office, buckets):
    application = money.checked(office)
    heads = [
        PostFactory(body=office.line.body, role=Role.DEPARTMENT_HEAD).person
        for _ in range(PROCESSES)
    ]

    def worker(number):
        return outcome(lambda: services.approve(application, by=heads[number], at=AT))

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["refused"] * 7]
    application.refresh_from_db()
    assert application.state == State.APPROVED
    assert buckets(office.line) == (1_000_00, 700_00, 0, 300_00, 0)
    assert failing() == []


def test_an_approval_and_a_refusal_at_once_end_in_one_of_them(office, buckets):
    application = money.checked(office)
    heads = [PostFactory(body=office.line.body, role=Role.DEPARTMENT_HEAD).person for _ in "12"]

    def worker(number):
        if number:
            return outcome(lambda: services.refuse(application, by=heads[1], at=AT, note="不合规"))
        return outcome(lambda: services.approve(application, by=heads[0], at=AT))

    assert sorted(at_once(2, worker)) == ["done", "refused"]
    application.refresh_from_db()
    kept = 300_00 if application.state == State.APPROVED else 0
    assert buckets(office.line) == (1_000_00, 1_000_00 - kept, 0, kept, 0)


def test_a_payment_confirmed_by_all_at_once_is_paid_once(office, buckets):
    payment = money.ordered(office)
    payers = [
        PostFactory(body=office.line.body, role=Role.FINANCE_PAYER).person for _ in range(PROCESSES)
    ]

    def worker(number):
        return outcome(lambda: services.confirm(payment, by=payers[number], at=AT))

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["refused"] * 7]
    assert buckets(office.line) == (1_000_00, 700_00, 0, 0, 300_00)
    assert Voucher.objects.count() == 1


def test_a_movement_matched_by_all_at_once_is_one_payment(office):
    payments = [money.paid(office, amount=300_00), money.paid(office, amount=300_00)]
    statement = services.read_statement(two_rows(), name="f")
    services.bring_in(statement, office.account, by=office.payer, at=AT)
    out = BankRow.objects.get(direction="out")

    def worker(number):
        payment = payments[number % 2]
        return outcome(lambda: services.match_payment(out, payment, by=office.payer, at=AT))

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["refused"] * 7]
    assert Match.objects.standing().count() == 1


def test_numbers_taken_by_all_at_once_have_no_gap_even_after_a_refusal(office):
    asked = [
        services.instruct(
            "receive", office.line, amount=1_00 + n, reason="拨款", key=f"k{n}",
            by=office.maker, at=AT,
        )
        for n in range(PROCESSES * 3)
    ]  # fmt: skip

    def worker(number):
        done = 0
        for instruction in asked[number * 3 : number * 3 + 3]:
            services.carry_out(instruction, by=office.checker, at=AT)
            done += 1
            outcome(lambda again=instruction: services.carry_out(again, by=office.checker, at=AT))
        return done

    assert at_once(PROCESSES, worker) == [3] * PROCESSES
    numbers = list(Voucher.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, PROCESSES * 3 + 1))
    assert failing() == []
