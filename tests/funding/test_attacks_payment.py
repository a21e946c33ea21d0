"""Raw SQL against the way from budget to payment: the database refuses, on either engine."""

import datetime

import pytest
from django.db import Error, connection

from funding import services
from funding.models import Ban, Instruction, Posting, VoucherBook
from tests.factories import money
from tests.funding import test_attacks

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(line):
    return money.make_office(line)


def commit(sql, parameters):
    """Days and moments are written as each engine keeps them."""
    adapt = connection.ops.adapt_datetimefield_value
    moment = datetime.datetime
    test_attacks.commit(sql, [adapt(x) if isinstance(x, moment) else x for x in parameters])


def refused(saying, sql, *parameters):
    with pytest.raises(Error, match=saying):
        commit(sql, parameters)
    return True


def insert(table, **values):
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    return f"INSERT INTO funding_{table} ({names}) VALUES ({marks})", *values.values()


DECIDE = (
    "UPDATE funding_approval SET decision = 'yes', decided_by_id = %s, decided_at = %s "
    "WHERE application_id = %s AND position = %s"
)


# -- Self-approval, and everything around it ------------------------------------------------------


def test_the_attack_without_its_fault_would_be_accepted(office, at):
    application = money.submitted(office)
    commit(DECIDE, [office.checker.pk, at, application.pk, 0])
    commit("UPDATE funding_application SET state = 'approving' WHERE id = %s", [application.pk])
    commit(DECIDE, [office.head.pk, at, application.pk, 1])
    commit("UPDATE funding_application SET state = 'approved' WHERE id = %s", [application.pk])


def test_nobody_approves_what_he_asked_for(office, at):
    application = money.submitted(office)
    assert refused("asked for", DECIDE, office.maker.pk, at, application.pk, 0)


def test_nobody_takes_two_steps(office, at):
    application = money.checked(office)
    assert refused("(?i)unique", DECIDE, office.checker.pk, at, application.pk, 1)


def test_nobody_decides_with_an_interest(office, at):
    application = money.checked(office)
    services.declare(whose="spouse", party="黄江市政工程有限公司", by=office.head, at=at)
    assert refused("interest", DECIDE, office.head.pk, at, application.pk, 1)
    assert refused("ended, not changed", "UPDATE funding_interest SET party_key = 'x'")
    assert refused("never deleted", "DELETE FROM funding_interest")


def test_no_step_is_taken_out_of_turn_or_twice(office, at):
    application = money.submitted(office)
    assert refused("turn", DECIDE, office.head.pk, at, application.pk, 1)
    services.check(application, by=office.checker, at=at)
    assert refused("stands", DECIDE, office.head.pk, at, application.pk, 0)


def test_no_step_is_dropped_moved_or_added_decided(office, at):
    application = money.submitted(office)
    assert refused("never deleted", "DELETE FROM funding_approval")
    assert refused("keeps its place", "UPDATE funding_approval SET position = 9")
    row = {"round": 1, "position": 7, "role": "supervisor", "decision": "yes", "note": ""}
    sql = insert(
        "approval",
        application_id=application.pk,
        decided_by_id=office.head.pk,
        decided_at=at,
        **row,
    )
    assert refused("begins undecided", *sql)


def test_an_application_is_not_approved_without_its_approvals(office, at):
    application = money.submitted(office, amount=900_00)
    sql = "UPDATE funding_application SET state = %s WHERE id = %s"
    for state, why in (("approving", "check"), ("approved", "does not go"), ("paid", "not go")):
        assert refused(why, sql, state, application.pk)
    services.check(application, by=office.checker, at=at)
    services.approve(application, by=office.head, at=at)
    assert refused("approvals are missing", sql, "approved", application.pk)


def test_an_application_is_not_handed_in_without_its_ladder(office, at):
    application = money.draft(office, amount=900_00)
    hold = services.reserve(
        office.line, amount=1, purpose=office.purpose, subject=("x", "1"), key="x",
        by=office.maker, at=at,
    )  # fmt: skip
    for step in ((0, "finance_checker"), (1, "department_head"), (2, "party_secretary")):
        commit(*_split(insert(
            "approval", application_id=application.pk, round=1, position=step[0], role=step[1],
            decision="", note="",
        )))  # fmt: skip
    sql = (
        "UPDATE funding_application SET state = 'submitted', round = 1, submitted_at = %s, "
        "hold_id = %s WHERE id = %s"
    )
    assert refused("ladder", sql, at, hold.pk, application.pk)
    commit(*_split(insert(
        "approval", application_id=application.pk, round=1, position=3, role="committee_member",
        decision="", note="",
    )))  # fmt: skip
    commit(sql, [at, hold.pk, application.pk])


def _split(statement):
    sql, *parameters = statement
    return sql, parameters


def test_what_was_handed_in_keeps_amount_payee_and_maker(office):
    money.submitted(office)
    for column, value in (("amount", 1), ("payee_account", "'1'"), ("line_id", "line_id + 1")):
        assert refused("handed in stays", f"UPDATE funding_application SET {column} = {value}")
    assert refused(
        "keeps its maker", "UPDATE funding_application SET asked_by_id = asked_by_id + 1"
    )
    assert refused("never deleted", "DELETE FROM funding_application")


def test_an_application_does_not_begin_approved(office, at):
    application = money.approved(office)
    rest = (
        "line_id, purpose_id, hold_id, subject_kind, subject_key, title, reason, amount, paid, "
        "payee_name, payee_bank, payee_account, payee_key, state, round, asked_by_id, asked_at, "
        "submitted_at, version, head"
    )
    copied = (
        f"INSERT INTO funding_application (key, {rest}) SELECT 'other', {rest} "
        "FROM funding_application WHERE id = %s"
    )
    assert refused("begins as a draft", copied, application.pk)


def test_history_and_documents_stay(office):
    money.submitted(office)
    assert refused("append-only", "UPDATE funding_applicationevent SET note = 'x'")
    assert refused("append-only", "DELETE FROM funding_applicationevent")


# -- Payments ------------------------------------------------------------------------------------


def payment_by(office, application, person, at, **changes):
    values = {
        "application_id": application.pk, "account_id": office.account.pk, "method": "bank",
        "amount": 1_00, "reference": "R1", "state": "ordered", "ordered_by_id": person.pk,
        "ordered_at": at, "note": "",
    }  # fmt: skip
    return insert("payment", **{**values, **changes})


def test_neither_maker_nor_approver_pays(office, at):
    application = money.approved(office)
    commit("UPDATE funding_application SET state = 'paying' WHERE id = %s", [application.pk])
    for person in (office.maker, office.checker, office.head):
        assert refused("does not pay", *payment_by(office, application, person, at))
    commit(*_split(payment_by(office, application, office.payer, at)))


def test_only_what_was_approved_is_paid(office, at):
    waiting = money.submitted(office)
    assert refused("only what was approved", *payment_by(office, waiting, office.payer, at))
    application = money.approved(office)
    commit("UPDATE funding_application SET state = 'paying' WHERE id = %s", [application.pk])
    too_much = payment_by(office, application, office.payer, at, amount=300_01)
    assert refused("only what was approved", *too_much)


def test_a_payment_needs_the_ledgers_posting_and_keeps_it(office, at):
    payment = money.ordered(office)
    pay = (
        "UPDATE funding_payment SET state = 'paid', confirmed_by_id = %s, confirmed_at = %s, "
        "posting_id = %s WHERE id = %s"
    )
    settled = Posting.objects.filter(kind="settle").last()
    assert refused("ledger has not paid", pay, office.payer.pk, at, settled.pk, payment.pk)
    assert refused("has not paid this", pay, office.payer.pk, at, None, payment.pk)
    assert refused("keeps what was ordered", "UPDATE funding_payment SET amount = 1")
    assert refused("never deleted", "DELETE FROM funding_payment")


# -- Vouchers: no gaps ---------------------------------------------------------------------------


def voucher(book, number, posting, at, by):
    return insert(
        "voucher", book_id=book.pk, number=number, posting_id=posting.pk, summary="x", amount=1,
        by_id=by.pk, at=at,
    )  # fmt: skip


def test_numbers_have_no_gap_and_no_double(office, at):
    money.paid(office, amount=100_00)
    book = VoucherBook.objects.get()
    posting = services.receive(office.line, amount=1, key="k", by=office.maker, at=at)
    for number in (0, 1, 3):
        assert refused("no gaps", *voucher(book, number, posting, at, office.payer))
    commit(*_split(voucher(book, 2, posting, at, office.payer)))


def test_a_voucher_stays_and_proves_a_posting_of_its_own_body_and_year(office, at):
    money.paid(office, amount=100_00)
    assert refused("append-only", "UPDATE funding_voucher SET amount = 1")
    assert refused("append-only", "DELETE FROM funding_voucher")
    posting = services.receive(office.line, amount=1, key="k", by=office.maker, at=at)
    other = VoucherBook.objects.create(body=office.line.body, year=2025)
    assert refused("body and year", *voucher(other, 1, posting, at, office.payer))


# -- The bank ------------------------------------------------------------------------------------


@pytest.fixture
def bank(office, at):
    from tests.funding.test_banking import two_rows

    statement = services.read_statement(two_rows(), name="f")
    return services.bring_in(statement, office.account, by=office.payer, at=at)


def test_a_movement_or_a_payment_is_matched_once(office, at, bank):
    out = bank.rows.get(direction="out")
    payment, second = money.paid(office), money.paid(office)
    services.match_payment(out, payment, by=office.payer, at=at)
    who = {"by_id": office.payer.pk, "at": at, "undone_because": ""}
    again = insert("match", row_id=out.pk, payment_id=second.pk, **who)
    assert refused("(?i)unique", *again)
    assert refused("never deleted", "DELETE FROM funding_match")
    assert refused("undone, not changed", "UPDATE funding_match SET payment_id = %s", second.pk)


def test_a_match_of_another_amount_is_refused(office, at, bank):
    payment = money.paid(office, amount=299_99)
    who = {"by_id": office.payer.pk, "at": at, "undone_because": ""}
    for row in bank.rows.all():
        assert refused(
            "must be the same", *insert("match", row_id=row.pk, payment_id=payment.pk, **who)
        )


def test_what_the_bank_wrote_stays(office, bank):
    for table in ("bankrow", "bankstatement"):
        assert refused("append-only", f"UPDATE funding_{table} SET account_id = account_id")
        assert refused("append-only", f"DELETE FROM funding_{table}")


# -- Months, bans, budgets, instructions ---------------------------------------------------------


def test_a_month_stays_closed_and_takes_no_entry(office, at):
    february = datetime.datetime(2026, 2, 10, tzinfo=datetime.UTC)
    services.close_month(office.line.body, datetime.date(2026, 2, 1), by=office.checker, at=at)
    assert refused("append-only", "DELETE FROM funding_periodclose")
    assert refused("append-only", "UPDATE funding_periodclose SET ends = month")
    with pytest.raises(Error, match="the month is closed"):
        services.receive(office.line, amount=1, key="late", by=office.maker, at=february)


def test_a_month_that_goes_on_is_not_closed(office, at):
    values = {"body_id": office.line.body_id, "lines": "[]", "by_id": office.checker.pk, "at": at}
    march = insert("periodclose", month="2026-03-01", ends="2026-04-01", **values)
    assert refused("when it is over", *march)
    two = insert("periodclose", month="2026-01-01", ends="2026-03-01", **values)
    assert refused("when it is over", *two)


def test_what_a_source_bans_is_not_reserved_from_that_day_on(office, repairs, at):
    Ban.objects.create(
        source=office.line.source, purpose=repairs, valid_from=at.date(), reason="不得"
    )
    who = {"amount": 1, "purpose": repairs, "subject": ("x", "1"), "by": office.maker}
    with pytest.raises(Error, match="forbids this purpose"):
        services.reserve(office.line, key="today", at=at, **who)
    services.reserve(office.line, key="before", at=at - datetime.timedelta(days=1), **who)


def test_a_decided_budget_stays(office, at):
    budget = services.draft_budget(
        office.line.body, office.line.source, 2026, amounts={office.purpose: 5},
        by=office.maker, at=at,
    )  # fmt: skip
    services.submit_budget(budget, by=office.maker, at=at)
    services.approve_budget(budget, by=office.secretary, at=at)
    assert refused("stay", "UPDATE funding_budgetitem SET amount = 6")
    assert refused("stay", "DELETE FROM funding_budgetitem")
    assert refused("stays", "DELETE FROM funding_budget")
    assert refused("does not go", "UPDATE funding_budget SET state = 'draft'")
    assert refused("(?i)constraint", "UPDATE funding_quota SET released = approved + 1")
    assert refused("(?i)constraint", "UPDATE funding_budget SET decided_by_id = made_by_id")


def test_an_instruction_is_decided_once_by_another_with_a_posting_that_does_it(office, at):
    asked = services.instruct(
        Instruction.Kind.RECEIVE, office.line, amount=5, reason="x", key="k", by=office.maker, at=at
    )
    do = (
        "UPDATE funding_instruction SET state = 'done', decided_by_id = %s, decided_at = %s, "
        "posting_id = %s"
    )
    other = services.receive(office.line, amount=6, key="k", by=office.maker, at=at)
    assert refused("ledger has not done", do, office.checker.pk, at, other.pk)
    right = services.receive(office.line, amount=5, key="k2", by=office.maker, at=at)
    assert refused("(?i)constraint", do, office.maker.pk, at, right.pk)
    commit(do, [office.checker.pk, at, right.pk])
    assert refused("decision stands", "UPDATE funding_instruction SET amount = 6")
    assert refused("never deleted", "DELETE FROM funding_instruction")
    assert asked.pk


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize(
    "table",
    ["application", "approval", "interest", "payment", "voucher", "match", "instruction",
     "periodclose", "bankrow"],
)  # fmt: skip
def test_tables_cannot_be_truncated(office, table):
    assert refused("append-only|never", f"TRUNCATE funding_{table} CASCADE")
