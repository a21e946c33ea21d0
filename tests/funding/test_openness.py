"""Totals that agree with a recount, statements that stay, questions with answers, pay in groups."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from funding import checks, services, tasks
from funding.models import (
    CheckRun,
    CountedLine,
    LedgerFreeze,
    LedgerRoot,
    MonthTotal,
    Question,
    Statement,
)
from funding.services.counting import count_entries
from funding.services.proving import root_of
from funding.synopsis import flows_by_line
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import public_money as made
from tests.factories.funding import LineFactory
from tests.factories.organizations import BodyFactory, UserFactory
from tests.funding.test_checks import damage

pytestmark = pytest.mark.django_db
MARCH, APRIL = datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)


@pytest.fixture
def paid(line, reserved, clerk, at):
    """1,000.00 came in January; in March 300.00 were kept, 200.00 of them paid."""
    services.settle(reserved, actual=200_00, key="s", by=clerk, at=at)
    services.pay(reserved, amount=200_00, key="p", by=clerk, at=at)
    count_entries()
    return line


def test_entries_are_counted_once_however_often_the_task_runs(paid):
    before = list(MonthTotal.objects.order_by("pk").values_list("amount", "entries"))
    tasks.count_entries()
    assert list(MonthTotal.objects.order_by("pk").values_list("amount", "entries")) == before
    assert CountedLine.objects.get().number == 5
    assert list(checks.totals_equal_their_entries()) == []


def test_counting_goes_on_where_it_stopped(paid, clerk, at):
    services.receive(paid, amount=7, key="r7", by=clerk, at=at)
    services.receive(paid, amount=5, key="r5", by=clerk, at=at)
    assert count_entries() == 2
    total = MonthTotal.objects.get(month=MARCH, kind="receive")
    assert (total.amount, total.entries) == (12, 2)


def test_a_wrong_total_is_found(paid):
    MonthTotal.objects.filter(kind="pay").update(amount=1)
    assert list(checks.totals_equal_their_entries()) == [
        f"line {paid.pk}: its totals of months are not those of its entries up to 5"
    ]


def test_flows_of_a_period_balance(paid):
    flows = flows_by_line([paid.pk], MARCH, APRIL)[paid.pk]
    assert (flows.opening, flows.received, flows.spent, flows.closing) == (
        1_000_00, 0, 200_00, 800_00,
    )  # fmt: skip
    year = flows_by_line([paid.pk], datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))[paid.pk]
    assert (year.opening, year.received, year.at_hand) == (0, 1_000_00, 1_000_00)


def test_moving_money_and_taking_it_back_is_no_income(paid, clerk, at):
    other = LineFactory(source=paid.source)
    moved = services.transfer(paid, other, amount=100_00, key="t", by=clerk, at=at)
    services.reverse(moved, key="back", by=clerk, at=at, reason="错了")
    services.transfer(paid, other, amount=50_00, key="t2", by=clerk, at=at)
    count_entries()
    flows = flows_by_line([paid.pk, other.pk], MARCH, APRIL)
    assert (flows[paid.pk].received, flows[other.pk].received) == (0, 0)
    assert (flows[paid.pk].transferred, flows[other.pk].transferred) == (-50_00, 50_00)


# -- Statements -----------------------------------------------------------------------------------


def test_a_statement_is_published_by_itself_on_its_day_and_once(paid):
    system = UserFactory()
    day = datetime.datetime(2026, 4, 9, 4, tzinfo=datetime.UTC)
    services.publish_due(by=system, at=day)
    assert not Statement.objects.filter(month=MARCH).exists()
    later = day + datetime.timedelta(days=1)
    services.publish_due(by=system, at=later)
    assert services.publish_due(by=system, at=later) == 0
    content = Statement.objects.get(month=MARCH).content
    assert [content[name] for name in ("opening", "received", "spent", "closing")] == [
        1_000_00, 0, 200_00, 800_00,
    ]  # fmt: skip
    assert [(row["amount"], row["purpose"], row["payee"]) for row in content["payments"]] == [
        (200_00, "repairs", "")
    ]


def test_a_correction_is_a_new_version_with_a_reason(paid, clerk, at):
    first = services.publish_statement(paid.body, MARCH, by=clerk, at=at)
    with pytest.raises(services.NothingToCorrect):
        services.correct_statement(first, reason="没有变化", by=clerk, at=at)
    services.receive(paid, amount=1_00, key="late", by=clerk, at=at)
    second = services.correct_statement(first, reason="补记一笔收入", by=clerk, at=at)
    assert (second.version, second.content["received"], second.number) == (2, 1_00, 2)
    assert list(Statement.objects.newest_versions()) == [second]
    assert list(checks.statements_are_intact()) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE funding_statement SET content = '{}'", "DELETE FROM funding_statement"],
)
def test_a_statement_is_never_edited(paid, clerk, at, statement):
    services.publish_statement(paid.body, MARCH, by=clerk, at=at)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_statement_that_was_changed_past_the_triggers_is_found(paid, clerk, at):
    services.publish_statement(paid.body, MARCH, by=clerk, at=at)
    damage("UPDATE funding_statement SET reason = '', at = '2026-01-01 00:00:00+00:00'")
    assert list(checks.statements_are_intact()) == [
        f"body {paid.body_id}: its statement 1 is not what was published"
    ]


# -- Proofs ---------------------------------------------------------------------------------------


def test_the_daily_root_covers_all_heads_and_is_made_once(paid, at):
    day = at.date()
    root = services.make_ledger_root(day, at=at)
    paid.refresh_from_db()
    assert root.heads == [[paid.code, 5, paid.head]]
    assert root.root == root_of([(paid.code, 5, paid.head)])
    assert services.make_ledger_root(day, at=at) == root
    assert LedgerRoot.objects.count() == 1


def test_a_failed_check_freezes_and_stands_on_record(paid, clerk, at):
    MonthTotal.objects.filter(kind="pay").update(amount=1)
    assert services.audit(by=clerk, at=at, report=lambda *_: None) is False
    found = {row["name"]: row["findings"] for row in CheckRun.objects.get().results}
    assert found["totals_equal_their_entries"] == 1
    assert LedgerFreeze.objects.in_force().count() == 1


# -- Questions ------------------------------------------------------------------------------------


def asked(body, text="张三的电话 13800138000，钱去哪了？", at=made.AT):
    return services.ask(body, text=text, contact="李四 13900139000", at=at)


def test_a_question_waits_for_a_person_who_takes_details_out_then_for_an_answer(at):
    body, supervisor, clerk = BodyFactory(), UserFactory(), UserFactory()
    question = asked(body)
    assert list(Question.objects.published()) == []
    assert services.proposed_wording(question) == "张三的电话 138****8000，钱去哪了？"
    question = services.release_question(
        question, public_text="电话 13800138000 的钱去哪了？", by=supervisor, at=at
    )
    assert question.public_text == "电话 138****8000 的钱去哪了？"
    question = services.answer_question(question, text="用于修路。", by=clerk, at=at)
    assert question.state == "answered"
    with pytest.raises(WrongState):
        services.answer_question(question, text="再答", by=clerk, at=at)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(answer="改")


def test_a_question_is_due_after_twenty_working_days_and_then_overdue(at):
    question = asked(BodyFactory())
    assert question.due_at.date() == datetime.date(2026, 3, 30)
    services.release_question(question, public_text="?", by=UserFactory(), at=at)
    late = question.due_at + datetime.timedelta(seconds=1)
    assert list(Question.objects.overdue(at=question.due_at)) == []
    assert list(Question.objects.overdue(at=late)) == [question]


def test_what_is_declined_is_not_published(at):
    question = asked(BodyFactory())
    services.decline_question(question, reason="与资金无关", by=UserFactory(), at=at)
    assert list(Question.objects.published()) == []


def test_a_question_about_another_bodys_line_is_refused(line):
    with pytest.raises(RuleViolation):
        services.ask(BodyFactory(), text="?", at=made.AT, line=line)


# -- Pay and services -----------------------------------------------------------------------------


def test_a_figure_is_entered_by_one_and_checked_by_another_and_stays(at):
    body, clerk = BodyFactory(), UserFactory()
    grade = made.pay_grade()
    paid = services.Paid(people=3, pay=15_000_00, benefits=0)
    row = services.enter_pay(body, grade, month=MARCH, paid=paid, by=clerk, at=at)
    more = services.Paid(people=4, pay=20_000_00, benefits=0)
    again = services.enter_pay(body, grade, month=MARCH, paid=more, by=clerk, at=at)
    assert (again.pk, again.people) == (row.pk, 4)
    with pytest.raises(NotYours):
        services.check_actual(again, by=clerk, at=at)
    services.check_actual(again, by=UserFactory(), at=at)
    with pytest.raises(RuleViolation):
        services.enter_pay(body, grade, month=MARCH, paid=paid, by=clerk, at=at)
