"""Public pages of money: anybody reads them, both ways, and finds nobody's personal details."""

import csv
import datetime
import io
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding import services
from funding.models import Line, Question
from funding.services.counting import count_entries
from portal.consultation_data import SETS as OF_CONSULTATION
from portal.duty_data import SETS as OF_DUTIES
from portal.mutual_data import SETS as OF_MUTUAL
from portal.open_data import SETS
from portal.talent_data import SETS as OF_TRAINING
from tests.factories import cases as stages
from tests.factories import public_money as made
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

# Planted wherever money knows people; none of it may stand on any public page, feed or export.
PLANTED = ["陈大文", "13800138000", "440101199001011237", "李秘密", "赵收款"]


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def town(db):
    return stages.make_town()


@pytest.fixture
def spent(town):
    """A published case, its money paid; a gift; a question; a statement; all this year."""
    at = timezone.now()
    case = stages.closed(town, text="陈大文家门口的井盖坏了，电话 13800138000")
    hold = case.tasks.get().hold
    services.pay(hold, amount=hold.payable, key="pay", by=town.system, at=at)
    gifts = made.donation_line(town.purpose, body=town.office, code="gifts")
    today = timezone.localdate(at)
    services.make_project(gifts, name="供餐", about="供餐", begins=today, by=town.system, at=at)
    gift = made.received(
        gifts, at=at, given_on=today, donor_phone="13800138000", amount_shown=False
    )
    question = services.ask(
        town.office, text="440101199001011237 李秘密的钱呢", contact="赵收款 13800138000", at=at
    )
    services.release_question(
        question, public_text="440101199001011237 的钱呢", by=UserFactory(), at=at
    )
    count_entries()
    month = today.replace(day=1)
    statement = services.publish_statement(town.office, month, by=town.system, at=at)
    services.audit(by=town.system, at=at, report=lambda *_: None)
    services.make_ledger_root(today, at=at)
    return {"case": case, "hold": hold, "gift": gift, "question": question, "statement": statement}


def addresses(town, spent):
    line, statement = town.line, spent["statement"]
    month = f"{statement.month:%Y-%m}"
    yield from (
        reverse(f"portal:money{name}")
        for name in (
            "", "_statements", "_proofs", "_donations", "_my_donation", "_questions", "_ask",
            "_standards", "_data",
        )
    )  # fmt: skip
    yield f"{reverse('portal:money')}?body={line.body.code}"
    yield reverse("portal:money_line", args=[line.code])
    yield reverse("portal:money_line", args=["gifts"])
    yield reverse("portal:money_hold", args=[spent["hold"].pk])
    yield reverse("portal:money_subject", args=["case", spent["case"].pk])
    yield reverse("portal:money_statement", args=[line.body.code, month])
    yield reverse("portal:money_project", args=["gifts"])
    yield reverse("portal:money_question", args=[spent["question"].number])
    for one in SETS:
        yield from (
            reverse("portal:money_download", args=[one.key, kind]) for kind in ("csv", "json")
        )


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_nobodys_details_stand_on_any_public_page_or_export(client, town, spent):
    found = []
    for address in addresses(town, spent):
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = body_of(answer).decode()
        found += [(address, planted) for planted in PLANTED if planted in text]
    assert found == []


def test_every_yuan_is_followed_from_source_to_case_and_back(client, town, spent):
    line, case, hold = town.line, spent["case"], spent["hold"]
    kept = f"/money/reservations/{hold.pk}/"
    steps = [
        (reverse("portal:money"), f"body={line.body.code}"),
        (f"{reverse('portal:money')}?body={line.body.code}", f"/money/lines/{line.code}/"),
        (reverse("portal:money_line", args=[line.code]), kept),
        (reverse("portal:money_hold", args=[hold.pk]), f"/published/{case.number}/"),
        (reverse("portal:published_case", args=[case.number]), f"/money/for/case/{case.pk}/"),
        (reverse("portal:money_subject", args=["case", case.pk]), kept),
        (reverse("portal:money_hold", args=[hold.pk]), f"/money/lines/{line.code}/"),
    ]  # fmt: skip
    for address, link in steps:
        assert link in client.get(address).content.decode(), address


def test_what_the_picture_draws_balances(client, town, spent):
    picture = client.get(reverse("portal:money")).context["picture"]
    into, out_of = {}, {}
    for link in picture.figures["links"]:
        into[link["target"]] = into.get(link["target"], 0) + link["value"]
        out_of[link["source"]] = out_of.get(link["source"], 0) + link["value"]
    between = into.keys() & out_of.keys()
    assert {key: into[key] for key in between} == {key: out_of[key] for key in between}
    assert sum(out_of[key] for key in out_of.keys() - into.keys()) == picture.whole.at_hand
    assert picture.whole.spent == 50_000


def test_the_flow_costs_the_same_queries_for_one_and_for_three_lines(client, town, spent):
    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("portal:money"))
        return len(caught)

    one = queries()
    for number in range(2):
        other = made.donation_line(town.purpose, code=f"more-{number}")
        services.receive(other, amount=1, key=other.code, by=town.system, at=timezone.now())
    count_entries()
    assert queries() == one


def test_a_donor_is_named_only_as_wished(client, town, spent):
    page = client.get(reverse("portal:money_donations")).content.decode()
    assert "not named, as the donor wished" in page
    assert "not shown" in page
    line = Line.objects.get(code="gifts")
    made.received(line, key="2", donor_name="王公开", name_shown=True, at=timezone.now())
    page = client.get(reverse("portal:money_donations")).content.decode()
    assert "王公开" in page
    assert "1,000.00 yuan in all" in page


def test_a_donor_finds_the_gift_with_number_and_code_only(client, town, spent):
    gift, address = spent["gift"], reverse("portal:money_my_donation")
    wrong = client.post(address, {"number": gift.number, "code": "WRONG"})
    assert (wrong.status_code, "陈大文" in wrong.content.decode()) == (422, False)
    right = client.post(address, {"number": gift.number.lower(), "code": gift.code})
    assert "伍佰元整" in right.content.decode()
    paper = client.post(address, {"number": gift.number, "code": gift.code, "receipt": "1"})
    assert paper["Content-Type"] == "application/pdf"
    for _again in range(10):
        client.post(address, {"number": gift.number, "code": "WRONG"})
    assert client.post(address, {"number": gift.number, "code": gift.code}).status_code == 429


def test_anybody_asks_and_finds_the_number_of_the_question(client, town, spent):
    address = reverse("portal:money_ask")
    sent = {"body": town.office.code, "text": "为什么这么贵？", "line": town.line.code}
    answer = client.post(address, sent)
    assert answer.url == reverse("portal:money_asked")
    question = Question.objects.get(text="为什么这么贵？")
    assert (question.line, question.state) == (town.line, "asked")
    assert question.number in client.get(answer.url).content.decode()
    assert client.get(reverse("portal:money_question", args=[question.number])).status_code == 404
    for _again in range(5):
        last = client.post(address, sent)
    assert last.status_code == 429


def test_an_overdue_answer_and_an_overdue_report_are_red(client, town, spent):
    late = timezone.now() - datetime.timedelta(days=60)
    question = services.ask(town.office, text="旧问题", at=late)
    services.release_question(question, public_text="旧问题", by=UserFactory(), at=late)
    assert "1 question is overdue" in client.get(reverse("portal:money_questions")).content.decode()
    other = made.donation_line(town.purpose, body=town.office, code="late-gifts")
    services.make_project(
        other, name="迟", about="迟", begins=late.date() - datetime.timedelta(days=90),
        by=town.system, at=late,
    )  # fmt: skip
    assert "report overdue since" in client.get(reverse("portal:money_donations")).content.decode()


def test_a_failed_check_and_its_freeze_are_public(client, town, spent):
    services.freeze(reason="geheim: line 7", by=town.system, at=timezone.now())
    page = client.get(reverse("portal:money_proofs")).content.decode()
    assert "A check failed" in page
    assert "geheim" not in page


def test_pay_of_few_people_is_not_published(client, town):
    at = timezone.now()
    few, many = made.pay_grade(level=1), made.pay_grade(level=2)
    month = timezone.localdate().replace(day=1)
    for grade, people in ((few, 2), (many, 3)):
        paid = services.Paid(people=people, pay=people * 4_000_00, benefits=0)
        row = services.enter_pay(
            town.office, grade, month=month, paid=paid, by=UserFactory(), at=at
        )
        services.check_actual(row, by=UserFactory(), at=at)
    rows = client.get(reverse("portal:money_standards")).context["pay"]
    assert [(row["people"], row["each"], row["gap"]) for row in rows] == [
        (None, None, None), (3, 4_000_00, -2_500_00),
    ]  # fmt: skip


def test_heads_stand_before_deputies_and_workers(client, town):
    at, month = timezone.now(), timezone.localdate().replace(day=1)
    for post in ("deputy", "worker", "head"):
        row = services.enter_pay(
            town.office, made.pay_grade(post=post), month=month, by=UserFactory(), at=at,
            paid=services.Paid(people=3, pay=3 * 5_000_00, benefits=0),
        )  # fmt: skip
        services.check_actual(row, by=UserFactory(), at=at)
    rows = client.get(reverse("portal:money_standards")).context["pay"]
    assert [row["grade"].post for row in rows] == ["head", "deputy", "worker"]


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.key)
def test_every_data_set_has_the_columns_that_are_explained(client, town, spent, one):
    names = [column.name for column in one.columns]
    text = body_of(client.get(reverse("portal:money_download", args=[one.key, "csv"]))).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == names
    assert {len(row) for row in rows} == {len(names)}
    objects = json.loads(
        body_of(client.get(reverse("portal:money_download", args=[one.key, "json"])))
    )
    assert len(objects) == len(rows) - 1
    assert objects or one in (
        *OF_CONSULTATION,
        *OF_MUTUAL,
        *OF_DUTIES,
        *OF_TRAINING,
    )  # this town has money and cases
    assert [list(row) for row in objects] == [names] * len(objects)


def test_a_cell_that_begins_like_a_formula_is_text(client, town, spent):
    services.change_line(town.line, name="=1+1", by=town.system, at=timezone.now())
    text = body_of(client.get(reverse("portal:money_download", args=["lines", "csv"]))).decode()
    assert "'=1+1" in text


@pytest.mark.parametrize(
    "address",
    ["/money/?year=x", "/money/statements/x/2026-13/", "/money/lines/x/?cursor=x"],
)
def test_an_address_that_cannot_be_is_no_error_of_ours(client, address):
    assert client.get(address).status_code in {400, 404}
