"""Pages from budget to payment: what each person sees and may press."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding import services
from funding.models import Application, BankRow, Budget, Instruction, Match, PeriodClose
from funding.workflow import State
from tests.factories import money
from tests.funding.test_banking import two_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def office(line):
    return money.make_office(line)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def as_(client):
    """`as_(person)("application", pk)`; with `post=` a form is sent."""

    def sign_in(person):
        client.force_login(person)

        def ask(name, *arguments, post=None, **query):
            address = reverse(f"funding:{name}", args=arguments)
            answer = client.get(address, query) if post is None else client.post(address, post)
            assert answer.status_code in {200, 302}, answer.content.decode()[-500:]
            return answer

        return ask

    return sign_in


def words(answer):
    return answer.content.decode()


def queries(act):
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


CONTENT = {
    "title": "沙井盖更换", "reason": "破损", "amount": "900", "payee_name": "某工程公司",
    "payee_account": "6222020200112233445", "key": "form-1",
}  # fmt: skip


def test_an_application_is_written_handed_in_approved_and_paid_on_pages(office, as_, buckets):
    content = {**CONTENT, "line": office.line.pk, "purpose": office.purpose.pk}
    as_(office.maker)("application_new", post=content)
    application = Application.objects.get()
    as_(office.maker)(
        "attach", application.pk,
        post={"kind": "invoice", "file": io.BytesIO(b"%PDF-1.4 x")},
    )  # fmt: skip
    assert application.files.count() == 1
    as_(office.maker)("application_move", application.pk, "submit", post={})
    as_(office.checker)("application_move", application.pk, "check", post={})
    for person in office.climbers:
        as_(person)("application_move", application.pk, "approve", post={})
    order = {"amount": "900", "method": "bank", "account": office.account.pk}
    as_(office.payer)("application_move", application.pk, "order", post=order)
    assert application.payments.get().reference in words(as_(office.payer)("payment_file"))
    as_(office.payer)("payment_confirm", application.payments.get().pk, post={})

    application.refresh_from_db()
    assert application.state == State.PAID
    assert buckets(office.line) == (1_000_00, 100_00, 0, 0, 900_00)
    voucher = words(as_(office.head)("voucher", application.payments.get().voucher.pk))
    assert "玖佰元整" in voucher


def test_only_the_next_person_sees_a_button(office, as_):
    application = money.checked(office)
    for person, sees in (
        (office.maker, ["withdraw"]), (office.checker, []), (office.payer, []),
        (office.head, ["approve", "return", "refuse"]),
    ):  # fmt: skip
        answer = as_(person)("application", application.pk)
        assert [action.name for action in answer.context["actions"]] == sees
    assert str(office.head) in words(as_(office.maker)("application", application.pk))


def test_who_must_not_decide_is_told_why(office, as_, at):
    application = money.checked(office)
    services.declare(whose="own", party=application.payee_name, by=office.head, at=at)
    answer = as_(office.head)("application", application.pk)
    assert answer.context["actions"] == []
    assert "declared an interest" in words(answer)


def test_a_refused_step_says_so_on_its_form(office, as_):
    application = money.approved(office)
    order = {"amount": "300.01", "method": "bank", "account": office.account.pk}
    answer = as_(office.payer)("application_move", application.pk, "order", post=order)
    assert answer.status_code == 200
    assert "more than the 300.00 yuan approved" in words(answer)


def test_the_account_is_masked_for_those_who_only_look(office, as_):
    from lib.roles import Role
    from tests.factories.organizations import PostFactory

    auditor = PostFactory(body=office.line.body, role=Role.SUPERVISOR).person
    application = money.submitted(office)
    assert "6222020200112233445" in words(as_(office.checker)("application", application.pk))
    assert "6222020200112233445" not in words(as_(auditor)("application", application.pk))


def test_lists_cost_the_same_queries_for_one_and_for_three_rows(office, as_):
    def all_lists():
        for name in ("applications", "payments", "vouchers", "instructions"):
            as_(office.payer)(name)

    money.ordered(office, amount=1_00)
    money.paid(office, amount=1_00)
    money.approved(office, amount=1_00)
    all_lists()
    one = queries(all_lists)
    for _ in range(2):
        money.ordered(office, amount=1_00)
        money.paid(office, amount=1_00)
        money.approved(office, amount=1_00)
    assert queries(all_lists) == one


def test_an_application_is_found_by_payee_by_what_it_pays_and_by_number(office, as_):
    other = money.submitted(office)
    sought = money.submitted(office, payee_name="东莞市黄江镇水务工程公司")

    def found(**query):
        return {row.pk for row in as_(office.payer)("applications", **query).context["page"].rows}

    assert found(q="水务工程") == {sought.pk}
    assert found(q=sought.number.lower()) == {sought.pk}
    assert found(q=other.title) >= {other.pk}
    assert found(q="水务工程", state="paid") == set()
    page = words(as_(office.payer)("applications", q="水务工程", state="paid"))
    assert "Nothing has these words" in page
    assert 'href="?q=%E6%B0%B4' in page  # all states keep what is sought
    assert found(q="YK2019000001") == set()
    assert found(q=f"YK{10**4 - 1}{'9' * 12}") == set()


def test_what_waits_for_me(office, as_):
    mine = money.checked(office)
    money.submitted(office)
    answer = as_(office.head)("applications", state="mine")
    assert [row.pk for row in answer.context["page"].rows] == [mine.pk]
    paying = money.approved(office)
    answer = as_(office.payer)("applications", state="mine")
    assert [row.pk for row in answer.context["page"].rows] == [paying.pk]


def test_what_a_case_owes_waits_for_an_application(office, repairs, as_, at):
    hold = services.reserve(
        office.line, amount=30_00, purpose=repairs, subject=("cases.case", "17"), key="c",
        by=office.maker, at=at,
    )  # fmt: skip
    services.settle(hold, actual=30_00, key="s", by=office.maker, at=at)
    assert "30.00 yuan owed" in words(as_(office.maker)("applications"))
    content = {**CONTENT, "amount": "30"}
    address = reverse("funding:application_new") + f"?hold={hold.pk}"
    as_(office.maker)("applications")
    from django.test import Client

    client = Client()
    client.force_login(office.maker)
    assert client.post(address, content).status_code == 302
    application = Application.objects.get()
    services.submit(application, by=office.maker, at=at)
    assert "30.00 yuan owed" not in words(as_(office.maker)("applications"))


def test_a_receipt_is_asked_for_and_carried_out(office, as_, buckets):
    content = {"line": office.line.pk, "amount": "12.50", "reason": "拨款", "key": "k1"}
    as_(office.maker)("instruction_new", "receive", post=content)
    asked = Instruction.objects.get()
    as_(office.checker)("carry_out", asked.pk, post={})
    assert buckets(office.line)[0] == 1_012_50


def test_a_payment_is_reversed_by_two_people(office, as_, buckets):
    payment = money.paid(office)
    as_(office.maker)("payment_reverse", payment.pk, post={"reason": "重复支付", "key": "k"})
    as_(office.checker)("carry_out", Instruction.objects.get().pk, post={})
    assert buckets(office.line) == (1_000_00, 700_00, 0, 300_00, 0)


def test_a_budget_is_planned_handed_in_and_put_in_force(office, as_):
    of = {"body": office.line.body_id, "source": office.line.source_id, "year": 2026}
    assert "Whose budget" in words(as_(office.maker)("budget_new"))
    address = reverse("funding:budget_new")
    query = "&".join(f"{name}={value}" for name, value in of.items())
    from django.test import Client

    client = Client()
    client.force_login(office.maker)
    client.post(f"{address}?{query}", {f"purpose-{office.purpose.pk}": "5000", "note": "年初预算"})
    budget = Budget.objects.get()
    as_(office.maker)("budget_submit", budget.pk, post={})
    as_(office.secretary)("budget_approve", budget.pk, post={"note": "同意"})
    assert "5,000.00" in words(as_(office.head)("budget", budget.pk))
    assert budget.items.get().line.quota.approved == 5_000_00


def test_a_statement_is_looked_at_brought_in_and_matched(office, as_):
    payment = money.ordered(office)
    file = io.BytesIO(two_rows(payment.reference))
    file.name = "三月.csv"
    looked = as_(office.payer)("statement", office.account.pk, post={"file": file})
    assert BankRow.objects.count() == 0
    kept = {"content": looked.context["content"], "name": "三月.csv"}
    as_(office.payer)("statement", office.account.pk, post=kept)
    row = BankRow.objects.get(direction="out")
    assert payment.reference in words(as_(office.payer)("match", row.pk))
    as_(office.payer)("match", row.pk, post={"choice": f"payment-{payment.pk}"})
    assert payment.reference in words(as_(office.checker)("account", office.account.pk, all=""))
    as_(office.checker)("undo_match", Match.objects.get().pk, post={"note": "另一笔"})
    assert Match.objects.standing().count() == 0
    assert as_(office.payer)("accounts").context["accounts"][0].waiting == 2


def test_a_month_is_closed_by_a_reviewer(office, as_, now):
    answer = as_(office.checker)("months")
    [closable] = answer.context["closable"]
    post = {"body": closable["body"].pk, "month": closable["month"].isoformat()}
    as_(office.checker)("close_month", post=post)
    assert PeriodClose.objects.get().ends <= timezone.localdate(now)
    assert as_(office.checker)("months").context["closable"] == []


def test_an_interest_is_declared_and_ended(office, as_):
    as_(office.head)("interests", post={"whose": "spouse", "party": "某公司", "note": ""})
    interest = office.head.interests.get()
    as_(office.head)("end_interest", interest.pk, post={})
    interest.refresh_from_db()
    assert isinstance(interest.ended_at, datetime.datetime)


def test_papers_are_printable(office, as_):
    application = money.submitted(office)
    assert "叁佰元整" in words(as_(office.maker)("application_print", application.pk))
