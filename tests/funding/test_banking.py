"""Files to and from the bank, and which movement is which payment."""

import datetime
import io

import openpyxl
import pytest

from funding import services
from funding.models import BankRow, BankStatement, Instruction, Match
from funding.workflow import State
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import money
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db

HEADER = ["交易日期", "流水号", "借方发生额(元)", "贷方发生额(元)", "账户余额", "对方户名", "附言"]


@pytest.fixture
def office(line):
    return money.make_office(line)


def csv_of(*rows, header=HEADER, encoding="utf-8"):
    lines = ["账户明细,,,,,,", ",".join(header), *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode(encoding)


def two_rows(reference="", out="300.00"):
    return csv_of(
        ["2026-03-03", "S1", "", "1000.00", "5000.00", "财政局", "拨款"],
        ["2026-03-04", "S2", out, "", "4700.00", "黄江市政工程有限公司", reference],
    )


@pytest.fixture
def bring_in(office, at):
    def brought(content, name="三月.csv"):
        statement = services.read_statement(content, name=name)
        return services.bring_in(statement, office.account, by=office.payer, at=at)

    return brought


def test_a_statement_is_read_in_both_encodings_and_as_a_spreadsheet():
    book = openpyxl.Workbook()
    book.active.append(["东莞农商银行"])
    book.active.append(HEADER)
    day = datetime.datetime(2026, 3, 3)  # noqa: DTZ001 -- as a spreadsheet keeps a day
    book.active.append([day, "S1", None, 1000, 5000, "财政局", "拨款"])
    book.active.append(["20260304", "S2", "300.00", "", "4,700.00", "黄江市政工程有限公司", "x"])
    file = io.BytesIO()
    book.save(file)
    text = two_rows("x")
    for content in (text, text.decode().encode("gb18030"), file.getvalue()):
        read = services.read_statement(content, name="f")
        assert read.faults == []
        assert (read.opening, read.closing) == (4_000_00, 4_700_00)
        assert [(line.day.day, line.signed) for line in read.lines] == [(3, 1_000_00), (4, -300_00)]


def test_the_newest_first_is_read_as_well():
    rows = two_rows().decode().splitlines()
    turned = "\n".join([rows[0], rows[1], rows[3], rows[2]]).encode()
    read = services.read_statement(turned, name="f")
    assert (read.faults, read.opening) == ([], 4_000_00)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", "日期,金额\n1,2".encode(), b"PK\x03\x04garbage", csv_of()],
)
def test_what_is_no_statement_is_refused(content):
    with pytest.raises(services.BadStatement):
        services.read_statement(content, name="f")


def test_rows_that_do_not_add_up_are_named_and_bring_in_nothing(bring_in):
    faulty = csv_of(
        ["2026-03-03", "S1", "", "1000.00", "5000.00", "", ""],
        ["2026-03-04", "S2", "300.00", "", "4600.00", "", ""],
    )
    assert len(services.read_statement(faulty, name="f").faults) == 1
    both = csv_of(["2026-03-03", "S1", "1.00", "1.00", "5000.00", "", ""])
    for content in (faulty, both):
        with pytest.raises(services.BadStatement):
            bring_in(content)
    assert BankStatement.objects.count() == 0


def test_the_same_file_or_movement_is_not_brought_in_twice(bring_in):
    bring_in(two_rows())
    for content in (two_rows(), two_rows("anders")):
        with pytest.raises(services.BadStatement):
            bring_in(content)
    assert BankRow.objects.count() == 2


def test_a_match_pays_what_was_ordered_and_stands_one_to_one(office, bring_in, at, buckets):
    payment = money.ordered(office)
    bring_in(two_rows(payment.reference))
    into, out = BankRow.objects.order_by("serial")
    assert services.suggestions(into) == []
    assert services.suggestions(out) == [payment]
    services.match_payment(out, payment, by=office.payer, at=at)

    payment.refresh_from_db()
    assert (payment.state, payment.application.state) == ("paid", State.PAID)
    assert buckets(office.line) == (1_000_00, 700_00, 0, 0, 300_00)
    assert list(BankRow.objects.unmatched()) == [into]
    with pytest.raises(services.AlreadyMatched):
        services.match_payment(out, money.paid(office, amount=300_00), by=office.payer, at=at)


def test_our_reference_is_suggested_before_the_payee(office, bring_in, at):
    first, second = money.ordered(office), money.ordered(office)
    bring_in(two_rows(second.reference))
    out = BankRow.objects.get(direction="out")
    assert services.suggestions(out) == [second, first]


def test_another_amount_or_direction_is_no_match(office, bring_in, at):
    payment = money.paid(office, amount=200_00)
    bring_in(two_rows())
    for row in BankRow.objects.all():
        assert services.suggestions(row) == []
        with pytest.raises(services.AlreadyMatched):
            services.match_payment(row, payment, by=office.payer, at=at)


def test_a_match_is_undone_with_a_reason_and_made_again(office, bring_in, at):
    payment = money.paid(office)
    bring_in(two_rows())
    out = BankRow.objects.get(direction="out")
    match = services.match_payment(out, payment, by=office.payer, at=at)
    with pytest.raises(NotYours):
        services.undo_match(match, by=office.payer, at=at, because="错")
    with pytest.raises(RuleViolation):
        services.undo_match(match, by=office.checker, at=at, because=" ")
    services.undo_match(match, by=office.checker, at=at, because="另一笔")
    with pytest.raises(WrongState):
        services.undo_match(match, by=office.checker, at=at, because="x")
    services.match_payment(out, payment, by=office.payer, at=at)
    assert (Match.objects.count(), Match.objects.standing().count()) == (2, 1)


def test_what_came_in_is_matched_with_its_receipt(office, bring_in, at):
    bring_in(two_rows())
    into = BankRow.objects.get(direction="in")
    asked = services.instruct(
        Instruction.Kind.RECEIVE, office.line, amount=1_000_00, reason="拨款", key="r",
        account=office.account, by=office.maker, at=at,
    )  # fmt: skip
    services.match_receipt(into, asked, by=office.checker, at=at)
    assert list(BankRow.objects.unmatched().values_list("direction", flat=True)) == ["out"]


def test_strangers_touch_no_account(office, at):
    statement = services.read_statement(two_rows(), name="f")
    for person in (PostFactory().person, office.head):
        with pytest.raises(NotYours):
            services.bring_in(statement, office.account, by=person, at=at)


def test_the_file_for_the_bank_holds_no_formulas(office):
    payment = money.ordered(office, payee_name="=HYPERLINK(1)")
    text = services.payment_file([payment])
    assert text.splitlines()[1] == (
        f"{payment.reference},'=HYPERLINK(1),6222020200112233445,东莞银行,300.00,"
        f"{payment.reference} 沙井盖更换"
    )
