"""Volunteers from files: every row is registered, known, or rejected with its reason."""

import csv
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from organizations.models import User
from organizations.services import residents
from tests.factories import volunteers as made
from tests.factories.organizations import SkillFactory
from tests.factories.residents import ResidentFactory
from volunteers.models import Volunteer

HEADING = ["姓名", "手机号", "身份证号", "社区", "技能", "党员", "同意"]


@pytest.fixture
def rows(place):
    """One good row; others by what is wrong with them."""
    skill = SkillFactory(name="急救")
    del skill

    def row(name="何小勇", phone="13500000001", number=None, community="梅塘社区", **more):
        number = made.identity("19900101") if number is None else number
        return [name, phone, number, community, more.get("skills", "急救"),
                more.get("party", "是"), more.get("agreed", "是")]  # fmt: skip

    return row


def write_csv(path, rows, heading=HEADING, encoding="utf-8-sig"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


def run(path, **options):
    """Rows of the report."""
    report = path.with_suffix(".report.csv")
    call_command("import_volunteers", str(path), report=report, verbosity=0, **options)
    with report.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_row_waits_for_review_with_what_it_says(tmp_path, rows, capsys):
    said = run(write_csv(tmp_path / "x.csv", [rows()]))
    volunteer = Volunteer.objects.get()
    assert said == [{"row": "2", "result": "imported", "reason": "", "number": volunteer.number}]
    assert (volunteer.state, volunteer.name, volunteer.is_party_member) == (
        "waiting", "何小勇", True,
    )  # fmt: skip
    assert volunteer.skills.get().skill.name == "急救"
    assert residents.resident_of("13500000001") == volunteer.person
    assert "1" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_both_encodings_and_spreadsheets_are_read(tmp_path, rows, encoding):
    run(write_csv(tmp_path / "x.csv", [rows()], encoding=encoding))
    book = openpyxl.Workbook()
    for line in (HEADING, rows(name="李娟", phone="13500000002")):
        book.active.append(line)
    book.save(tmp_path / "x.xlsx")
    assert [row["result"] for row in run(tmp_path / "x.xlsx")] == ["imported"]
    assert sorted(row.name for row in Volunteer.objects.all()) == ["何小勇", "李娟"]


def test_every_row_that_is_wrong_says_why_and_the_others_come(tmp_path, rows, settings):
    settings.LANGUAGE_CODE = "en"
    ResidentFactory(phone="13500000009", full_name="别人")
    wrong = {
        "no valid identity number": rows(number="441900199001010010"),
        "Below 18": rows(number=made.identity("20120101")),
        "no mobile number": rows(phone="123"),
        "no community": rows(community="没有社区"),
        "no skill": rows(skills="急救、飞行"),
        "Without your consent": rows(agreed="否"),
        "Write your name": rows(name=""),
        "another name": rows(phone="13500000009"),
    }
    said = run(write_csv(tmp_path / "x.csv", [*wrong.values(), rows()]))
    for reason, row in zip(wrong, said, strict=False):
        assert row["result"] == "rejected"
        assert reason in row["reason"]
    assert said[-1]["result"] == "imported"
    assert Volunteer.objects.count() == 1
    assert User.objects.filter(is_resident=True).count() == 2


def test_a_file_may_be_read_again(tmp_path, rows):
    file = write_csv(tmp_path / "x.csv", [rows()])
    run(file)
    assert [row["result"] for row in run(file)] == ["known"]
    assert Volunteer.objects.count() == 1


def test_two_rows_of_one_number_are_one_person(tmp_path, rows):
    number = made.identity("19900101")
    same = [rows(number=number), rows(number=number, phone="13500000002")]
    said = run(write_csv(tmp_path / "x.csv", same))
    assert [row["result"] for row in said] == ["imported", "known"]


def test_a_dry_run_says_the_same_and_writes_nobody(tmp_path, rows):
    file = write_csv(tmp_path / "x.csv", [rows(), rows(phone="1")])
    said = run(file, dry_run=True)
    assert [row["result"] for row in said] == ["imported", "rejected"]
    assert not Volunteer.objects.exists()
    assert not User.objects.filter(is_resident=True).exists()


def test_an_organiser_confirms_whom_they_reviewed_before_in_the_own_place(tmp_path, rows, place):
    file = write_csv(
        tmp_path / "x.csv", [rows(), rows(phone="13500000002", community="鸡啼岗社区")]
    )
    said = run(file, by=place.organizer.username, confirmed=True)
    assert [row["result"] for row in said] == ["imported", "rejected"]
    assert Volunteer.objects.get().state == "active"


def test_a_mapping_names_other_headings(tmp_path, rows):
    heading = ["志愿者", "电话", "证件", "居住地", "会什么", "政治面貌", "授权"]
    fields = ["name", "phone", "identity", "community", "skills", "party", "agreed"]
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(dict(zip(fields, heading, strict=True))), encoding="utf-8")
    file = write_csv(tmp_path / "x.csv", [rows()], heading=heading)
    assert [row["result"] for row in run(file, mapping=mapping)] == ["imported"]
    with pytest.raises(CommandError, match="姓名"):
        run(file)


@pytest.mark.parametrize("text", ["[]", "{nobody: x}", "{", "name: [1"])
def test_a_mapping_that_is_none_is_refused(tmp_path, rows, text):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        run(write_csv(tmp_path / "x.csv", [rows()]), mapping=mapping)


def test_a_file_that_is_none_is_refused(tmp_path, rows):
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "bad.xlsx").write_text("x", encoding="utf-8")
    for name in ("empty.csv", "bad.xlsx", "missing.csv"):
        with pytest.raises(CommandError):
            run(tmp_path / name)
    with pytest.raises(CommandError):
        run(write_csv(tmp_path / "x.csv", [rows()]), by="nobody")


def test_the_report_names_nobody(tmp_path, rows):
    number = made.identity("19900101")
    file = write_csv(tmp_path / "x.csv", [rows(number=number), rows(name="", phone="13500000002")])
    run(file)
    text = (tmp_path / "x.report.csv").read_text(encoding="utf-8-sig")
    for planted in (number, "何小勇", "13500000001", "13500000002"):
        assert planted not in text
