"""Gifts: four eyes, the donor's wish in the database, receipt, reports in time, lists of others."""

import datetime
import io
import os
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from funding import services
from funding.documents import donation_receipt, receipt_rows
from funding.models import Donation, DonationList, LinePurpose, ListedDonation
from funding.services.donation_lists import BadList, KnownList, import_list, read_list
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import public_money as made
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).parents[3] / "shared" / "data"))
SHEETS = DATA / "donations"


@pytest.fixture
def meals(db):
    return PurposeFactory(code="meals", name="长者用餐", name_en="Meals")


@pytest.fixture
def gifts(meals):
    return made.donation_line(meals)


def test_a_gift_becomes_money_when_another_person_finds_it_on_the_account(gifts, meals, buckets):
    clerk, reviewer = UserFactory(), UserFactory()
    gift = made.recorded(gifts, by=clerk, purpose=meals)
    assert (gift.state, gift.number, buckets(gifts)) == ("recorded", "", (0, 0, 0, 0, 0))
    with pytest.raises(NotYours):
        services.confirm_donation(gift, by=clerk, at=made.AT)
    gift = services.confirm_donation(gift, by=reviewer, at=made.AT)
    assert (gift.state, gift.number) == ("received", "JZ2026000001")
    assert buckets(gifts) == (500_00, 500_00, 0, 0, 0)
    with pytest.raises(WrongState):
        services.confirm_donation(gift, by=reviewer, at=made.AT)


def test_the_same_key_answers_with_the_first_gift_and_refuses_another(gifts):
    clerk = UserFactory()
    first = made.recorded(gifts, by=clerk)
    assert made.recorded(gifts, by=clerk) == first
    with pytest.raises(RuleViolation, match="“gift:1”"):
        made.recorded(gifts, by=clerk, amount=1)


def test_a_gift_goes_to_a_line_that_serves_its_wish_alone(gifts, meals):
    other = PurposeFactory()
    with pytest.raises(services.NotForThisWish):
        made.recorded(made.donation_line(meals, other), purpose=meals)
    with pytest.raises(services.NotADonationLine):
        made.recorded(LineFactory(purposes=[meals]))
    with pytest.raises(RuleViolation):
        made.recorded(gifts, donor_name=" ")


@pytest.mark.parametrize("state", ["recorded", "received"])
def test_the_database_keeps_the_wish_of_a_donor(gifts, meals, state):
    getattr(made, state)(gifts, purpose=meals)
    other = made.donation_line(PurposeFactory()).purposes.get().purpose
    with pytest.raises(IntegrityError, match="donor wished another"), transaction.atomic():
        LinePurpose.objects.create(line=gifts, purpose=other)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_donation SET amount = amount + 1",
        "UPDATE funding_donation SET number = 'x'",
        "UPDATE funding_donation SET donor_name = '别人'",
        "UPDATE funding_donation SET name_shown = NOT name_shown",
        "UPDATE funding_donation SET purpose_id = NULL",
        "DELETE FROM funding_donation",
    ],
)
def test_a_received_gift_is_not_rewritten(gifts, meals, statement):
    made.received(gifts, purpose=meals)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_donor_may_be_forgotten_and_may_take_consent_back(gifts):
    gift = made.received(gifts, name_shown=True)
    assert gift.public_name == "陈大文"
    gift = services.hide_donor(gift, by=UserFactory(), at=made.AT)
    assert gift.public_name == ""
    Donation.objects.filter(pk=gift.pk).update(donor_name="", donor_phone="")
    assert Donation.objects.get(pk=gift.pk).amount == 500_00


def test_an_anonymous_gift_keeps_no_name_even_if_one_is_given(gifts):
    gift = made.received(gifts, receipt="anonymous", donor_phone="13800138000", name_shown=True)
    assert (gift.donor_name, gift.donor_phone, gift.public_name) == ("", "", "")


def test_a_receipt_says_what_the_law_wants(gifts, meals):
    gift = made.received(gifts, purpose=meals)
    said = dict(receipt_rows(gift))
    assert said["捐赠人"] == "陈大文"
    assert said["捐赠金额（小写）"] == "¥500.00"
    assert said["捐赠金额（大写）"] == "人民币伍佰元整"
    assert said["指定用途"] == "长者用餐"
    assert said["受赠单位"] == gifts.body.name
    assert said["开具日期"] == "2026年03月02日"
    assert donation_receipt(gift).content.startswith(b"%PDF-")


# -- Reports on use -------------------------------------------------------------------------------


def project(line, **columns):
    values = {"name": "长者饭堂", "about": "为长者供餐", "begins": datetime.date(2026, 1, 31)}
    by = UserFactory()
    return services.make_project(line, by=by, at=made.AT, **{**values, **columns})


def due(on):
    [row] = services.due_reports(on=on)
    return row


def test_use_is_told_every_three_months_and_every_five_days_in_an_emergency(gifts):
    one = project(gifts)
    row = due(datetime.date(2026, 4, 30))
    assert (row.day, row.is_overdue(datetime.date(2026, 4, 30))) == (
        datetime.date(2026, 4, 30), False,
    )  # fmt: skip
    assert due(datetime.date(2026, 5, 1)).is_overdue(datetime.date(2026, 5, 1))
    one.emergency_from = datetime.date(2026, 2, 10)
    one.save()
    row = due(datetime.date(2026, 2, 11))
    assert (row.is_emergency, row.day) == (True, datetime.date(2026, 2, 15))


def test_a_report_carries_the_figures_of_the_ledger_and_the_final_one_ends_it(gifts, meals):
    one = project(gifts)
    made.received(gifts, purpose=meals)
    report = services.report_use(one, text="供餐", is_final=True, by=UserFactory(), at=made.AT)
    assert report.figures == {
        "donated": 500_00, "gifts": 1, "spent": 0, "kept": 0, "free": 500_00,
    }  # fmt: skip
    assert due(datetime.date(2030, 1, 1)).day is None
    with pytest.raises(RuleViolation):
        services.report_use(one, text="再报", by=UserFactory(), at=made.AT)


# -- Published lists ------------------------------------------------------------------------------

ROWS = [
    ["", "某年捐款信息"],
    ["", "", "", "单位：元"],
    ["序号", "捐赠日期", "捐赠(单位/姓名）", "捐赠金额（元）", "备注"],
    [1, "2020.01.22", "王宽", 100, ""],
    [2, "2020-01-23", "某某公司", 0.45, "口罩"],
    ["", "合计", "", 100.45, ""],
]


def as_xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows):
    return "\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")


def test_a_list_is_read_to_the_fen_and_recognised_in_another_format():
    sheet = read_list(as_xlsx(ROWS), "名单.xlsx")
    assert (sheet.title, len(sheet.gifts), sheet.total) == ("某年捐款信息", 2, 100_45)
    kept = import_list(sheet, file_name="名单.xlsx", by=UserFactory(), at=made.AT)
    assert list(kept.listed.order_by("position").values_list("donor", "amount", "note")) == [
        ("王宽", 100_00, ""), ("某某公司", 45, "口罩"),
    ]  # fmt: skip
    with pytest.raises(KnownList):
        import_list(read_list(as_csv(ROWS), "b.csv"), file_name="b", by=UserFactory(), at=made.AT)
    assert DonationList.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda rows: rows[5].__setitem__(3, 100.46), []),
        (lambda rows: rows.pop(), []),
        (lambda rows: rows.pop(2), []),
        (lambda rows: rows[3].__setitem__(1, "昨天"), ["第 4 行：“昨天”不是日期"]),
        (lambda rows: rows[4].__setitem__(3, 0.455), ["第 5 行：0.455 不是整分"]),
        (lambda rows: rows[4].__setitem__(2, " "), ["第 5 行：没有捐赠人"]),
    ],
)
def test_a_list_that_does_not_agree_with_itself_is_refused_whole(change, reasons):
    rows = [list(row) for row in ROWS]
    change(rows)
    with pytest.raises(BadList) as refused:
        read_list(as_xlsx(rows), "x.xlsx")
    assert refused.value.rows == reasons


def test_a_damaged_file_is_a_refusal():
    for name in ("x.xls", "x.xlsx", "x.txt"):
        with pytest.raises(BadList):
            read_list(b"nothing", name)


def test_the_command_takes_each_file_whole_or_not_at_all(tmp_path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.csv"
    good.write_bytes(as_xlsx(ROWS))
    bad.write_bytes(b"nothing")
    call_command("import_donations", good, "--dry-run", stdout=io.StringIO())
    assert DonationList.objects.count() == 0
    with pytest.raises(CommandError, match=r"bad\.csv"):
        call_command("import_donations", good, bad, stdout=io.StringIO(), stderr=io.StringIO())
    assert (DonationList.objects.count(), ListedDonation.objects.count()) == (1, 2)


@pytest.mark.skipif(not SHEETS.is_dir(), reason="the five published sheets are not on this machine")
def test_five_published_sheets_agree_with_their_own_totals():
    read = {}
    for number in range(1, 6):
        path = SHEETS / f"hubei__donate0{number}.xls"
        sheet = read_list(path.read_bytes(), path.name)
        read[number] = (len(sheet.gifts), sheet.total, sheet.fingerprint)
    assert {number: row[:2] for number, row in read.items()} == {
        1: (60, 3_482_232_11), 2: (1633, 38_422_322_24), 3: (1995, 153_967_316_14),
        4: (1995, 153_967_316_14), 5: (6661, 80_516_593_00),
    }  # fmt: skip
    assert read[3] == read[4]
    assert len({row[2] for row in read.values()}) == 4
