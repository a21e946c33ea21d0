"""Receipts, adjustments, refunds, reversals and carry-over: asked by one, done by another."""

import datetime

import pytest

from funding import checks, services
from funding.models import Instruction, Line, Payment, Posting, SourceRule, Voucher
from funding.workflow import State
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import money
from tests.factories.funding import LineFactory

pytestmark = pytest.mark.django_db
What = Instruction.Kind


@pytest.fixture
def office(line):
    return money.make_office(line)


@pytest.fixture
def ask(office, at):
    def asked(kind, *, amount=100_00, line=None, key=None, **more):
        return services.instruct(
            kind, line or office.line, amount=amount, reason="年中调整",
            key=key or f"ask-{next(money.KEYS)}", by=office.maker, at=at, **more,
        )  # fmt: skip

    return asked


@pytest.fixture
def do(office, at):
    return lambda instruction: services.carry_out(instruction, by=office.checker, at=at)


def test_what_was_received_is_free_when_another_person_agrees(office, ask, do, at, buckets):
    asked = ask(What.RECEIVE)
    assert buckets(office.line) == (1_000_00, 1_000_00, 0, 0, 0)
    with pytest.raises(NotYours):
        services.carry_out(asked, by=office.maker, at=at)
    done = do(asked)
    assert buckets(office.line) == (1_100_00, 1_100_00, 0, 0, 0)
    assert done.posting.vouchers.get().amount == 100_00
    with pytest.raises(WrongState):
        do(asked)


def test_the_same_key_asks_once(ask):
    assert ask(What.RECEIVE, key="k") == ask(What.RECEIVE, key="k")


def test_an_instruction_is_turned_down_with_a_reason(office, ask, at, buckets):
    asked = ask(What.RECEIVE)
    with pytest.raises(RuleViolation):
        services.turn_down(asked, by=office.checker, at=at, answer="")
    assert services.turn_down(asked, by=office.checker, at=at, answer="无回单").state == "refused"
    assert buckets(office.line) == (1_000_00, 1_000_00, 0, 0, 0)


def test_money_moves_between_lines_of_one_source_with_a_voucher_in_both_books(
    office, ask, do, buckets
):
    other = LineFactory(source=office.line.source)
    done = do(ask(What.TRANSFER, to_line=other))
    assert buckets(office.line) == (900_00, 900_00, 0, 0, 0)
    assert buckets(other) == (100_00, 100_00, 0, 0, 0)
    bodies = set(done.posting.vouchers.values_list("book__body", flat=True))
    assert bodies == {office.line.body_id, other.body_id}


def test_money_does_not_move_to_another_source(ask):
    with pytest.raises(services.NotBetweenTheseLines):
        ask(What.TRANSFER, to_line=LineFactory())


def test_a_refund_is_free_again_and_never_more_than_was_paid(office, ask, do, buckets):
    payment = money.paid(office)
    do(ask(What.REFUND, amount=200_00, payment=payment))
    assert buckets(office.line) == (1_000_00, 900_00, 0, 0, 100_00)
    with pytest.raises(RuleViolation):
        do(ask(What.REFUND, amount=100_01, payment=payment))
    assert buckets(office.line) == (1_000_00, 900_00, 0, 0, 100_00)


def test_a_payment_is_reversed_and_its_application_paid_again(office, ask, do, at, buckets):
    payment = money.paid(office)
    do(ask(What.REVERSE, amount=300_00, reverses=payment.posting))
    application = payment.application
    application.refresh_from_db()
    payment.refresh_from_db()
    assert (application.state, application.paid, payment.state) == (
        State.APPROVED, 0, Payment.State.REVERSED,
    )  # fmt: skip
    assert buckets(office.line) == (1_000_00, 700_00, 0, 300_00, 0)
    again = services.order(
        application, amount=300_00, account=office.account, by=office.payer, at=at
    )
    services.confirm(again, by=office.payer, at=at)
    numbers = Voucher.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    with pytest.raises(services.CannotReverse):
        do(ask(What.REVERSE, amount=300_00, reverses=payment.posting))


def test_only_receipts_adjustments_and_payments_are_reversed(office, ask):
    money.submitted(office)
    with pytest.raises(RuleViolation):
        ask(What.REVERSE, reverses=Posting.objects.get(kind="reserve"))


# -- The end of the year ---------------------------------------------------------------------------


@pytest.fixture
def ended(office):
    SourceRule.objects.create(
        source=office.line.source, valid_from=datetime.date(2020, 1, 1), raising="预算",
        publish_days=20, carry_years=1,
    )  # fmt: skip
    Line.objects.filter(pk=office.line.pk).update(valid_to=datetime.date(2026, 1, 1))
    office.line.refresh_from_db()
    return office.line


def test_what_is_left_is_carried_over_as_often_as_the_source_allows(office, ended, ask, do, at):
    following = LineFactory(source=ended.source, body=ended.body)
    do(ask(What.CARRY, amount=1_000_00, to_line=following))
    following.refresh_from_db()
    assert following.available == 1_000_00
    following.valid_to = datetime.date(2026, 2, 1)
    following.save(update_fields=["valid_to"])
    with pytest.raises(services.CannotCarry):
        ask(What.CARRY, line=following, to_line=LineFactory(source=ended.source))


def test_a_line_that_goes_on_is_not_carried_over(office, ask):
    with pytest.raises(services.CannotCarry):
        ask(What.CARRY, to_line=LineFactory(source=office.line.source))


# -- 费随事转 --------------------------------------------------------------------------------------


def test_money_goes_with_the_task_and_both_lines_name_it(office, reserved, clerk, at, buckets):
    from tests.factories.organizations import BodyFactory

    community = BodyFactory(community=True)
    who = {"by": clerk, "at": at}
    hold = services.entrust(reserved, community, amount=200_00, key="case:17:entrust", **who)
    assert (
        services.entrust(reserved, community, amount=200_00, key="case:17:entrust", **who) == hold
    )

    assert buckets(office.line) == (800_00, 700_00, 100_00, 0, 0)
    assert buckets(hold.line) == (200_00, 0, 200_00, 0, 0)
    assert (hold.line.body, hold.line.source) == (community, office.line.source)
    entries = Posting.objects.get(key="case:17:entrust").entries.order_by("position")
    assert [entry.line_id for entry in entries] == [office.line.pk] * 2 + [hold.line_id] * 2
    assert {(hold.subject_kind, hold.subject_key)} == {
        (entry.posting.subject_kind, entry.posting.subject_key) for entry in entries
    }
    with pytest.raises(services.MoreThanOpen):
        services.entrust(reserved, community, amount=100_01, key="more", **who)
    assert [found for _name, found in checks.run() if found] == []
