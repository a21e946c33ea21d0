"""Rolls of owners and households: files, versions, and claims of those who stand in them."""

import datetime
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from grids.models import Claim, Dwelling, Entitled, Roll
from grids.services import rolls
from grids.services.roll_files import BadRoll, read_roll
from lib.errors import RuleViolation
from organizations.identity import Level, level_of
from organizations.services import residents
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import UserFactory
from tests.factories.residents import ResidentFactory
from tests.races import at_once

AT = datetime.datetime(2026, 11, 2, 2, tzinfo=datetime.UTC)
HEADING = "房号,建筑面积,姓名,身份证后四位,人数"
LINES = (
    "1栋101,89.45,张三丰,001X,",
    "1栋101,89.45,李四,1234,",
    "1栋102,120.00,王五,4321,",
    "1栋103,60.5,,,2",
)


@pytest.fixture
def community(db):
    return TerritoryFactory(community=True, name="梅塘社区")


@pytest.fixture
def clerk(db):
    return UserFactory(full_name="陈静")


def csv_of(*lines, heading=HEADING):
    return "\n".join([heading, *lines]).encode()


def brought(community, clerk, *lines, at=AT, dry_run=False, kind="owners"):
    options = rolls.RollOptions(community, kind, "富康花园", dry_run=dry_run)
    file = read_roll(csv_of(*(lines or LINES)), name="roll.csv")
    return rolls.import_roll(file, options, by=clerk, at=at)


def test_a_roll_holds_dwellings_areas_and_places(community, clerk):
    report = brought(community, clerk)

    assert (report.dwellings, report.entitled, report.area) == (3, 5, 269_95)
    said = Dwelling.objects.order_by("number").values_list("number", "area")
    assert list(said) == [("1栋101", 89_45), ("1栋102", 120_00), ("1栋103", 60_50)]
    names = Entitled.objects.order_by("dwelling__number", "place")
    assert list(names.values_list("masked_name", flat=True)) == ["张*丰", "李*", "王*", "", ""]


def test_nothing_of_a_person_can_be_read_from_the_tables(community, clerk):
    brought(community, clerk)
    stored = repr([list(model.objects.values()) for model in (Roll, Dwelling, Entitled)])
    assert [word for word in ("张三丰", "李四", "王五", "001X", "4321") if word in stored] == []


def test_a_whole_identity_number_is_cut(community, clerk):
    brought(community, clerk, "1,10,张三,11010519491231002X,")
    roll = Roll.objects.get()
    assert Entitled.objects.get().digest == rolls.person_digest(roll.salt, "张三", "002X")


def test_the_dry_run_says_the_same_and_writes_nothing(community, clerk):
    tried = brought(community, clerk, dry_run=True)
    assert Roll.objects.count() == 0
    done = brought(community, clerk)
    tried.roll = done.roll
    assert tried == done


@pytest.mark.parametrize(
    ("line", "number", "word"),
    [
        (",89.45,张三,1234,", 2, "The dwelling is missing."),
        ("1,x,张三,1234,", 2, "x is no area in square metres."),
        ("1,0,张三,1234,", 2, "Give the area in square metres with at most two decimals."),
        ("1,1.234,张三,1234,", 2, "Give the area in square metres with at most two decimals."),
        ("1,10,张三,12,", 2, "Give the last four characters of the identity number."),
        ("1,10,,1234,", 2, "The name is missing."),
        ("1,10,,,0", 2, "The number of entitled people is a whole number from 1 to 20."),
        ("1,10,,,", 2, "Nobody is entitled here: give a name, or the number of people."),
        ("1,,张三,1234,", 2, "A roll of owners needs the area of each dwelling."),
    ],
)
def test_each_bad_line_is_named_with_its_reason(community, clerk, line, number, word, settings):
    settings.LANGUAGE_CODE = "en"
    report = brought(community, clerk, line, "2,10,王五,4321,")
    assert [(one.number, one.reason) for one in report.refused] == [(number, word)]
    assert Roll.objects.count() == 0


@pytest.mark.parametrize(
    "second",
    ["1栋101,90.00,李四,1234,", "1栋101,89.45,张三丰,001X,", "1栋101,89.45,李四,1234,1"],
)
def test_lines_of_a_dwelling_must_agree(community, clerk, second):
    assert len(brought(community, clerk, LINES[0], second).refused) == 1


def test_the_same_from_a_spreadsheet(community, clerk):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(HEADING.split(","))
    book.active.append(["1栋101", 89.45, "张三丰", "001X", None])
    book.active.append(["1栋102", 120, "王五", 4321, None])
    book.save(out)
    file = read_roll(out.getvalue(), name="roll.xlsx")
    assert [(row.dwelling, row.area, row.identity) for row in file.rows] == [
        ("1栋101", 89_45, "001X"),
        ("1栋102", 120_00, "4321"),
    ]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", b"PK\x03\x04 broken", b"\xff\xff\xff"])
def test_what_is_no_roll_is_refused(content):
    with pytest.raises(BadRoll):
        read_roll(content, name="x.csv")


def test_a_new_version_ends_the_one_before_and_says_what_changed(community, clerk):
    brought(community, clerk)
    later = AT + datetime.timedelta(days=1)
    report = brought(
        community, clerk, LINES[0], LINES[1], "1栋102,121.00,王五,4321,", "2栋1,50,赵六,1111,",
        at=later,
    )  # fmt: skip

    assert (report.added, report.changed, report.removed) == (["2栋1"], ["1栋102"], ["1栋103"])
    assert report.unchanged == 1
    versions = Roll.objects.order_by("version").values_list("version", "until")
    assert list(versions) == [(1, later), (2, None)]


def code_of(roll, clerk, dwelling):
    return dict(rolls.print_codes(roll, by=clerk, at=AT))[dwelling]


def claimed(roll, printed, person, **other):
    said = {"dwelling": "1栋101", "name": "张三丰", "identity": "001x", "code": printed, **other}
    return rolls.claim(roll, rolls.Letter(**said), by=person, at=AT)


def test_who_knows_name_digits_and_code_claims_the_place(community, clerk):
    roll, person = brought(community, clerk).roll, UserFactory()
    code = code_of(roll, clerk, "1栋101")
    held = claimed(roll, f" {code[:4].lower()}-{code[4:]} ", person)
    assert (held.person, held.entitled.masked_name, held.how) == (person, "张*丰", "code")
    assert list(Entitled.objects.claimed_by(person)) == [held.entitled]
    assert claimed(roll, code, person) == held  # a second press changes nothing


@pytest.mark.parametrize(
    "wrong",
    [{"name": "张三"}, {"identity": "0011"}, {"code": "AAAAAAAA"}, {"dwelling": "9栋999"}],
)
def test_one_wrong_word_and_nothing_is_claimed(community, clerk, wrong):
    roll = brought(community, clerk).roll
    code = code_of(roll, clerk, "1栋101")
    with pytest.raises(RuleViolation) as refusal:
        claimed(roll, code, UserFactory(), **wrong)
    assert refusal.value.code == "not_in_the_roll"
    assert Claim.objects.count() == 0


def test_five_wrong_tries_lock_the_dwelling_until_a_new_code(community, clerk):
    roll, person = brought(community, clerk).roll, UserFactory()
    code = code_of(roll, clerk, "1栋101")
    for _try in range(5):
        with pytest.raises(RuleViolation):
            claimed(roll, "AAAAAAAA", person)
    with pytest.raises(RuleViolation) as refusal:
        claimed(roll, code, person)
    assert refusal.value.code == "locked"
    assert claimed(roll, code_of(roll, clerk, "1栋101"), person)


def test_a_place_has_one_claimant(community, clerk):
    roll = brought(community, clerk).roll
    code = code_of(roll, clerk, "1栋101")
    held = claimed(roll, code, UserFactory())
    with pytest.raises(RuleViolation) as refusal:
        claimed(roll, code, UserFactory())
    assert refusal.value.code == "claimed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            entitled=held.entitled, person=clerk, how="code", by=clerk, at=AT
        )  # fmt: skip


def test_a_clerk_confirms_others_but_not_himself(community, clerk):
    place = brought(community, clerk).roll.dwellings.get(number="1栋103").entitled.first()
    with pytest.raises(RuleViolation) as refusal:
        rolls.confirm_claim(place, clerk, by=clerk, at=AT)
    assert refusal.value.code == "own_place"
    person = UserFactory()
    held = rolls.confirm_claim(place, person, by=clerk, at=AT)
    assert (held.person, held.by, held.how) == (person, clerk, "clerk")
    rolls.end_claim(held, reason="认错人", by=clerk, at=AT)
    assert Entitled.objects.claimed_by(person).count() == 0


def test_claims_of_those_who_stay_go_on_in_a_new_version(community, clerk):
    roll, stays, goes = brought(community, clerk).roll, UserFactory(), UserFactory()
    codes = dict(rolls.print_codes(roll, by=clerk, at=AT))
    claimed(roll, codes["1栋101"], stays)
    claimed(roll, codes["1栋102"], goes, dwelling="1栋102", name="王五", identity="4321")
    report = brought(community, clerk, LINES[0], "1栋102,120,钱七,2222,", at=AT)
    assert (report.claims_kept, report.claims_ended) == (1, 1)
    assert [place.dwelling.roll for place in Entitled.objects.claimed_by(stays)] == [report.roll]
    assert Entitled.objects.claimed_by(goes).count() == 0


def test_who_loses_a_place_loses_it_in_every_version(community, clerk):
    roll, person = brought(community, clerk).roll, ResidentFactory()
    claimed(roll, code_of(roll, clerk, "1栋101"), person)
    brought(community, clerk, *LINES[:2], "1栋102,120,钱七,2222,")
    assert Claim.objects.filter(person=person, ended_at=None).count() == 2
    held = Claim.objects.filter(person=person, entitled__dwelling__roll__until=None).get()
    rolls.end_claim(held, reason="认错人", by=clerk, at=AT)
    assert Claim.objects.filter(person=person, ended_at=None).count() == 0
    assert level_of(person, at=AT) != Level.VERIFIED


def test_the_command_imports_and_names_what_it_refuses(community, tmp_path, capsys):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(csv_of(*LINES))
    bad.write_bytes(csv_of("1,x,张三,1234,"))
    said = {"community": community.code, "name": "富康花园"}
    call_command("import_roll", good, dry_run=True, **said)
    assert Roll.objects.count() == 0
    call_command("import_roll", good, **said)
    assert Roll.objects.get().dwellings.count() == 3
    with pytest.raises(CommandError):
        call_command("import_roll", bad, **said)
    assert Roll.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("import_roll", good, community="nowhere", name="x")
    capsys.readouterr()


@pytest.mark.django_db(transaction=True)
def test_of_processes_that_claim_one_place_one_gets_it(community, clerk):
    roll = brought(community, clerk).roll
    place = roll.dwellings.get(number="1栋103").entitled.first()
    people = [UserFactory() for _ in range(4)]

    def worker(number):
        try:
            rolls.confirm_claim(place, people[number], by=clerk, at=AT)
        except RuleViolation as refusal:
            return refusal.code
        return "done"

    assert sorted(at_once(4, worker)) == ["claimed", "claimed", "claimed", "done"]


def test_a_resident_reads_and_leaves_the_places_and_is_confirmed_by_them(community, clerk):
    roll, person = brought(community, clerk).roll, ResidentFactory()
    code = code_of(roll, clerk, "1栋101")
    claimed(roll, code, person)
    assert level_of(person, at=AT) == Level.VERIFIED
    assert [row["dwelling"] for row in residents.export(person, at=AT)["rolls"]] == ["1栋101"]
    residents.erase(person, at=AT)
    assert Claim.objects.filter(ended_at=None).count() == 0
