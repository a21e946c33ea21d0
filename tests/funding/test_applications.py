"""An application on its way: what each step does, and who may not make it."""

import datetime
import io

import pytest

from funding import services
from funding.models import Application, Approval, Hold, Interest, Posting, Rung
from funding.workflow import State
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message
from tests.factories import money
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(line):
    return money.make_office(line)


def refused(code_or_type, act, *args, **kwargs):
    """The refusal's sentence; nothing that the ledger or the application says has changed."""
    before = snapshot()
    with pytest.raises(code_or_type if isinstance(code_or_type, type) else RuleViolation) as caught:
        act(*args, **kwargs)
    if isinstance(code_or_type, str):
        assert caught.value.code == code_or_type
    assert snapshot() == before
    return str(caught.value)


def snapshot():
    return (
        list(Application.objects.order_by("pk").values()),
        list(Approval.objects.order_by("pk").values()),
        list(Hold.objects.order_by("pk").values()),
        Posting.objects.count(),
    )


def moves(application):
    return list(application.events.order_by("number").values_list("move", flat=True))


def test_an_application_over_three_approvals_to_payment(office, at, buckets):
    payment = money.paid(office, amount=900_00)
    application = payment.application
    application.refresh_from_db()

    assert (application.state, application.paid) == (State.PAID, 900_00)
    assert buckets(office.line) == (1_000_00, 100_00, 0, 0, 900_00)
    assert [step.decided_by for step in application.approvals.order_by("position")] == [
        office.checker, office.head, office.secretary, office.member,
    ]  # fmt: skip
    assert moves(application) == [
        "edit", "submit", "check", "approve", "approve", "grant", "order", "pay",
    ]  # fmt: skip
    assert first_break(application.events.order_by("number")) is None
    assert (payment.voucher.number, payment.voucher.amount) == (1, 900_00)


@pytest.mark.parametrize(("amount", "steps"), [(499_99, 1), (500_00, 2), (800_00, 3)])
def test_more_approvers_as_the_amount_grows(office, amount, steps):
    application = money.submitted(office, amount=amount)
    assert application.approvals.filter(position__gt=0).count() == steps


def test_handing_in_keeps_the_money_and_approval_owes_it(office, buckets):
    application = money.checked(office)
    assert buckets(office.line) == (1_000_00, 700_00, 300_00, 0, 0)
    services.approve(application, by=office.head, at=money.AT)
    assert buckets(office.line) == (1_000_00, 700_00, 0, 300_00, 0)


def test_a_draft_is_made_once_for_one_key(office):
    first = money.draft(office, key="k")
    assert money.draft(office, key="k") == first
    assert Application.objects.count() == 1


def test_only_a_clerk_of_the_body_makes_applications(office, at):
    for person in (office.checker, office.payer, office.head):
        office.people["maker"] = person
        refused(NotYours, money.draft, office)


def test_a_purpose_that_the_line_does_not_allow_is_refused(office):
    from tests.factories.funding import PurposeFactory

    refused("purpose_not_allowed", money.draft, office, purpose=PurposeFactory())


def test_without_a_ladder_nothing_is_handed_in(office, at):
    application = money.draft(office)
    Rung.objects.update(valid_to=datetime.date(2021, 1, 1))
    refused("no_ladder", services.submit, application, by=office.maker, at=at)


def test_more_than_the_line_has_is_refused_and_stays_a_draft(office, at):
    application = money.draft(office, amount=1_000_01)
    refused("not_enough_money", services.submit, application, by=office.maker, at=at)


# -- Four eyes ----------------------------------------------------------------------------------


def test_the_maker_decides_nothing_even_with_the_post(office, at):
    for role in (Role.FINANCE_CHECKER, Role.DEPARTMENT_HEAD, Role.FINANCE_PAYER):
        PostFactory(person=office.maker, body=office.line.body, role=role)
    application = money.submitted(office)
    refused(NotYours, services.check, application, by=office.maker, at=at)
    services.check(application, by=office.checker, at=at)
    refused(NotYours, services.approve, application, by=office.maker, at=at)
    services.approve(application, by=office.head, at=at)
    refused(
        NotYours, services.order, application, amount=1, account=office.account,
        by=office.maker, at=at,
    )  # fmt: skip


def test_one_person_stands_on_one_step_only(office, at):
    PostFactory(person=office.checker, body=office.line.body, role=Role.DEPARTMENT_HEAD)
    application = money.checked(office)
    refused(NotYours, services.approve, application, by=office.checker, at=at)


def test_who_approved_does_not_pay_and_who_pays_does_not_approve(office, at):
    PostFactory(person=office.head, body=office.line.body, role=Role.FINANCE_PAYER)
    application = money.approved(office)
    refused(
        NotYours, services.order, application, amount=1_00, account=office.account,
        by=office.head, at=at,
    )  # fmt: skip
    refused(NotYours, services.approve, money.checked(office), by=office.payer, at=at)


def test_an_administrator_can_do_neither(office, at):
    admin = PostFactory(body=office.line.body, role=Role.SYSTEM_ADMIN).person
    admin.is_superuser = admin.is_staff = True
    admin.save()
    refused(NotYours, services.check, money.submitted(office), by=admin, at=at)
    refused(NotYours, services.approve, money.checked(office), by=admin, at=at)
    application = money.approved(office)
    refused(
        NotYours, services.order, application, amount=1, account=office.account, by=admin, at=at
    )


@pytest.mark.parametrize("whose", Interest.Whose.values)
def test_who_has_an_interest_in_the_payee_does_not_decide(office, at, whose):
    application = money.checked(office)
    interest = services.declare(whose=whose, party=" 黄江市政工程 有限公司 ", by=office.head, at=at)
    refused(NotYours, services.approve, application, by=office.head, at=at)
    services.end_interest(interest, by=office.head, at=at)
    assert services.approve(application, by=office.head, at=at).state == State.APPROVED


def test_steps_are_climbed_in_their_order(office, at):
    application = money.checked(office, amount=900_00)
    refused(NotYours, services.approve, application, by=office.member, at=at)
    refused(WrongState, services.check, application, by=office.checker, at=at)


# -- Ways back -----------------------------------------------------------------------------------


def test_returned_it_is_changed_and_climbs_from_the_bottom_again(office, at, buckets):
    application = money.checked(office)
    refused("reason_missing", services.send_back, application, by=office.head, at=at, note=" ")
    services.send_back(application, by=office.head, at=at, note="缺发票")
    assert buckets(office.line) == (1_000_00, 1_000_00, 0, 0, 0)

    content = {"line": office.line, "purpose": office.purpose, "amount": 250_00,
               "payee_name": "黄江市政工程有限公司"}  # fmt: skip
    services.edit(application, by=office.maker, at=at, **content)
    again = services.submit(application, by=office.maker, at=at)
    assert (again.round, again.amount, again.state) == (2, 250_00, State.SUBMITTED)
    services.check(again, by=office.checker, at=at)
    assert services.approve(again, by=office.head, at=at).state == State.APPROVED
    assert buckets(office.line) == (1_000_00, 750_00, 0, 250_00, 0)


def test_refused_or_withdrawn_its_money_is_free(office, at, buckets):
    services.refuse(money.submitted(office), by=office.checker, at=at, note="重复申请")
    services.withdraw(money.checked(office), by=office.maker, at=at)
    assert buckets(office.line) == (1_000_00, 1_000_00, 0, 0, 0)
    assert set(Application.objects.values_list("state", flat=True)) == {"refused", "withdrawn"}


def test_the_cashier_sends_back_what_cannot_be_paid(office, at, buckets):
    application = money.approved(office)
    services.return_unpaid(application, by=office.payer, at=at, note="账号有误")
    application.refresh_from_db()
    assert application.state == State.RETURNED
    assert buckets(office.line) == (1_000_00, 1_000_00, 0, 0, 0)
    assert services.submit(application, by=office.maker, at=at).round == 2


# -- Payment ---------------------------------------------------------------------------------------


def test_it_is_paid_in_parts_and_what_is_left_goes_back(office, at, buckets):
    first = services.confirm(money.ordered(office, part=100_00), by=office.payer, at=at)
    application = first.application
    application.refresh_from_db()
    assert (application.state, application.paid) == (State.APPROVED, 100_00)
    services.finish_early(application, by=office.payer, at=at)
    application.refresh_from_db()
    assert application.state == State.PAID
    assert buckets(office.line) == (1_000_00, 900_00, 0, 0, 100_00)


def test_a_payment_that_failed_is_ordered_again(office, at):
    payment = money.ordered(office)
    services.fail(payment, by=office.payer, at=at, note="账户已销户")
    application = payment.application
    again = services.order(
        application, amount=300_00, account=office.account, by=office.payer, at=at
    )
    assert [payment.reference, again.reference] == [
        f"{application.number}-01", f"{application.number}-02",
    ]  # fmt: skip
    assert services.confirm(again, by=office.payer, at=at).voucher.number == 1


def test_only_what_was_approved_is_ordered_and_once_at_a_time(office, at):
    application = money.approved(office)
    for amount in (0, 300_01):
        refused(
            "more_than_approved", services.order, application, amount=amount,
            account=office.account, by=office.payer, at=at,
        )  # fmt: skip
    payment = services.order(
        application, amount=100_00, account=office.account, by=office.payer, at=at
    )
    refused(
        WrongState, services.order, application, amount=1, account=office.account,
        by=office.payer, at=at,
    )  # fmt: skip
    services.confirm(payment, by=office.payer, at=at)
    refused(WrongState, services.confirm, payment, by=office.payer, at=at)


def test_an_account_of_another_body_does_not_pay(office, at):
    from tests.factories.funding import BankAccountFactory

    refused(
        "other_account", services.order, money.approved(office), amount=1,
        account=BankAccountFactory(), by=office.payer, at=at,
    )  # fmt: skip


# -- Money that a case owes ----------------------------------------------------------------------


@pytest.fixture
def owed(office, repairs, at):
    """300.00 yuan that a closed case owes."""
    hold = services.reserve(
        office.line, amount=300_00, purpose=repairs, subject=("cases.case", "17"), key="case:17",
        by=office.maker, at=at,
    )  # fmt: skip
    return services.settle(hold, actual=300_00, key="case:17:settle", by=office.maker, at=at)


def test_what_a_case_owes_is_applied_for_without_a_second_hold(office, owed, at, buckets):
    payment = money.paid(office, hold=owed, amount=200_00)
    application = payment.application
    assert (application.subject_kind, application.subject_key) == ("cases.case", "17")
    assert application.hold == owed
    assert buckets(office.line) == (1_000_00, 700_00, 0, 100_00, 200_00)
    rest = money.draft(office, hold=owed, amount=100_01)
    refused("more_than_owed", services.submit, rest, by=office.maker, at=at)


def test_what_is_owed_is_not_applied_for_twice(office, owed, at):
    money.submitted(office, hold=owed, amount=200_00)
    second = money.draft(office, hold=owed, amount=200_00)
    refused("more_than_owed", services.submit, second, by=office.maker, at=at)


def test_a_refused_application_leaves_the_debt_with_the_case(office, owed, at, buckets):
    application = money.submitted(office, hold=owed, amount=300_00)
    services.refuse(application, by=office.checker, at=at, note="待验收")
    assert buckets(office.line) == (1_000_00, 700_00, 0, 300_00, 0)


# -- Documents and messages ---------------------------------------------------------------------


PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def test_documents_are_checked_kept_once_and_named_in_the_history(office, at):
    application = money.draft(office)
    row = services.attach(
        application, io.BytesIO(PDF), name="C:\\发票.pdf", kind="invoice", by=office.maker, at=at
    )
    again = services.attach(
        application, io.BytesIO(PDF), name="x.pdf", kind="invoice", by=office.maker, at=at
    )
    assert (again.pk, row.name, row.mime) == (row.pk, "发票.pdf", "application/pdf")
    assert moves(application) == ["edit", "attach"]
    services.detach(row, by=office.maker, at=at)
    assert list(application.files.all()) == []


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00", b"%PDF-1.4 << /JavaScript (x) >>", b"<html></html>"]
)
def test_what_is_no_plain_paper_is_refused(office, at, content):
    refused(
        "bad_upload", services.attach, money.draft(office), io.BytesIO(content), name="x.pdf",
        kind="other", by=office.maker, at=at,
    )  # fmt: skip


def test_documents_that_were_handed_in_stay(office, at):
    application = money.draft(office)
    row = services.attach(
        application, io.BytesIO(PDF), name="x.pdf", kind="other", by=office.maker, at=at
    )
    services.submit(application, by=office.maker, at=at)
    refused(WrongState, services.detach, row, by=office.maker, at=at)
    refused(
        NotYours, services.attach, application, io.BytesIO(PDF + b"2"), name="y.pdf", kind="other",
        by=office.checker, at=at,
    )  # fmt: skip


def test_whose_turn_it_is_and_the_maker_hear_of_it(office, at):
    money.paid(office)
    heard = {(message.to, message.kind) for message in Message.objects.select_related("to")}
    assert heard == {
        (office.checker, "application-check"),
        (office.head, "application-approve"),
        (office.payer, "application-pay"),
        (office.maker, "application-paid"),
    }
