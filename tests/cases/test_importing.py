"""Files of matters: every row becomes a case or is rejected with its reason; nothing twice."""

import csv
import datetime
import json
import os
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services
from cases.models import Case, CaseEvent, NumberBlock
from cases.services.history import verify_history
from cases.services.importing import (
    BadFile,
    BadMapping,
    Row,
    import_rows,
    read_mapping,
    read_rows,
    writing,
)
from tests.factories.cases import MONDAY, later

ROOT = Path(settings.BASE_DIR)
DATA = Path(os.environ.get("GONGZHI_DATA", ROOT.parent / "shared" / "data"))
MAPPING = {
    "system": "hotline",
    "number": "编号",
    "channel": {"column": "来源", "map": {"热线": "hotline", "网站": "web"}},
    "title": "标题",
    "text": "内容",
    "category": {"column": "类别", "map": {"井盖": "cover", "": ""}},
    "created_at": {"column": "时间", "formats": ["%Y-%m-%d %H:%M", "%Y/%m/%d"]},
    "reporter_phone": "电话",
    "place": [
        {"point": {"lon": "经度", "lat": "纬度"}},
        {"territory": {"column": "社区", "by": "name"}},
        {"address": {"column": "内容"}},
    ],
}
COLUMNS = ["编号", "来源", "标题", "内容", "类别", "时间", "电话", "经度", "纬度", "社区"]
GOOD = {
    "编号": "1",
    "来源": "热线",
    "标题": "井盖不见了",
    "内容": "路口的井盖不见了",
    "类别": "井盖",
    "时间": "2026-11-20 08:30",
    "电话": "13812345678",
    "经度": "114.05",
    "纬度": "22.85",
    "社区": "",
}


@pytest.fixture
def mapping(tmp_path):
    def make(**changes):
        file = tmp_path / "mapping.json"
        said = {**MAPPING, **changes}
        file.write_text(json.dumps({name: said[name] for name in said if said[name] is not None}))
        return file

    return make


@pytest.fixture
def bring(town, mapping):
    """Import rows that differ from the good one; the outcomes as (number, result, reason)."""

    def run(*rows, at=MONDAY, dry_run=False, **changes):
        said = read_mapping(mapping(**changes))
        lines = [Row(number, {**GOOD, **row}) for number, row in enumerate(rows, start=2)]
        outcomes = import_rows(lines, said, by=town.system, at=at, dry_run=dry_run)
        return [(row.origin_number, row.result, row.reason) for row in outcomes]

    return run


def test_a_row_becomes_a_case_that_waits_for_the_router(town, bring):
    assert bring({}) == [("1", "imported", "")]
    case = Case.objects.get()
    assert (case.origin_system, case.origin_number, case.channel) == ("hotline", "1", "hotline")
    assert (case.state, case.route_at, case.category) == ("filed", MONDAY, town.small)
    assert (case.grid, case.place_origin, case.reporter.phone) == (
        town.grid,
        "point",
        "13812345678",
    )
    assert case.created_at == datetime.datetime(2026, 11, 20, 0, 30, tzinfo=datetime.UTC)
    assert case.number == "20261123000001"
    services.route_waiting(at=MONDAY)
    assert Case.objects.get().state == "dispatched"
    assert list(verify_history()) == []


def test_what_residents_wrote_waits_for_the_clerk(bring):
    bring({"来源": "网站"})
    assert Case.objects.get().state == "submitted"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"编号": ""}, "number"),
        ({"来源": "传真"}, "传真"),
        ({"内容": "", "标题": ""}, "matter"),
        ({"类别": "别的"}, "别的"),
        ({"时间": "昨天"}, "昨天"),
        ({"时间": "2027-01-01 00:00"}, "future"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_its_reason(bring, settings, row, reason):
    settings.LANGUAGE_CODE = "en"
    [bad, good] = bring(row, {"编号": "2"})
    assert (bad[1], reason in bad[2], good[1]) == ("rejected", True, "imported")
    assert Case.objects.count() == 1


def test_places_are_tried_in_the_order_of_the_mapping(town, bring):
    nowhere = {"经度": "", "纬度": "x"}
    bring(
        {"编号": "1"},
        {"编号": "2", **nowhere, "社区": "梅塘社区"},
        {"编号": "3", **nowhere, "内容": "黄江镇的路灯"},
        {"编号": "4", **nowhere, "社区": "没有的社区"},
    )
    found = Case.objects.order_by("origin_number")
    assert list(found.values_list("place_origin", "town", "community")) == [
        ("point", town.place.pk, town.community.pk),
        ("chosen", town.place.pk, town.community.pk),
        ("address", town.place.pk, None),
        ("", None, None),
    ]


def test_a_mapping_may_want_a_place(bring):
    nowhere = {"经度": "", "纬度": "", "社区": ""}
    [(number, result, _reason)] = bring(nowhere, require_place=True)
    assert (number, result, Case.objects.count()) == ("1", "rejected", 0)


def test_shifted_coordinates_are_set_right(town, bring):
    bring({}, place=[{"point": {"lon": "经度", "lat": "纬度", "crs": "gcj02"}}])
    case = Case.objects.get()
    assert 0.004 < 114.05 - case.lon < 0.008


def test_the_same_import_again_changes_nothing(bring):
    bring({"编号": "1"}, {"编号": "2"})
    assert bring({"编号": "1"}, {"编号": "2"}, {"编号": "3"}) == [
        ("1", "known", ""),
        ("2", "known", ""),
        ("3", "imported", ""),
    ]
    assert Case.objects.count() == 3


def test_a_number_that_stands_twice_in_the_file_comes_once(bring):
    assert [result for _n, result, _r in bring({}, {})] == ["imported", "known"]


def test_a_dry_run_says_the_same_and_writes_nothing(bring):
    assert bring({}, {"编号": ""}, dry_run=True)[0] == ("1", "imported", "")
    assert (Case.objects.count(), NumberBlock.objects.count()) == (0, 0)


def test_a_chunk_is_written_whole_or_not_at_all(bring, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 2)
    store, seen = writing._store, []

    def fail_second(drafts, reader):
        store(drafts, reader)
        seen.append(len(drafts))
        if len(seen) == 2:
            raise RuntimeError("power")

    monkeypatch.setattr(writing, "_store", fail_second)
    rows = [{"编号": str(number)} for number in range(5)]
    with pytest.raises(RuntimeError):
        bring(*rows)
    assert (Case.objects.count(), CaseEvent.objects.count()) == (2, 2)
    monkeypatch.undo()
    results = [result for _number, result, _reason in bring(*rows)]
    assert results == ["known", "known", "imported", "imported", "imported"]


def test_a_chunk_costs_the_same_statements_for_one_row_and_for_fifty(bring):
    counts = []
    for count in (1, 50):
        rows = [{"编号": f"{count}-{number}"} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            bring(*rows)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


# -- Files ---------------------------------------------------------------------------------------


def written(path, rows, **options):
    with path.open("w", newline="", **options) as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        lines.writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_any_usual_encoding_are_read(tmp_path, encoding):
    file = written(tmp_path / "a.csv", [GOOD], encoding=encoding)
    [row] = read_rows(file)
    assert (row.number, row.cells, row.fault) == (2, GOOD, "")


def test_a_spreadsheet_is_read_like_a_text_file(tmp_path, town, mapping):
    book = openpyxl.Workbook()
    book.active.append(COLUMNS)
    moment = datetime.datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001 -- cells have no zone
    book.active.append(
        [1.0, "热线", "井盖", "井盖不见了", "井盖", moment, None, 114.05, 22.85, None]
    )
    book.active.append([None] * 10)
    file = tmp_path / "a.xlsx"
    book.save(file)
    rows = read_rows(file)
    said = read_mapping(mapping())
    [outcome] = import_rows(rows, said, by=town.system, at=MONDAY)
    case = Case.objects.get()
    assert (outcome.result, outcome.origin_number, case.grid) == ("imported", "1", town.grid)
    assert case.created_at == datetime.datetime(2026, 11, 20, 0, 30, tzinfo=datetime.UTC)


def test_a_row_with_too_many_cells_is_rejected_and_an_empty_one_passed_over(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2,3\n\n , \n4,5\n")
    assert [(row.number, bool(row.fault)) for row in read_rows(file)] == [(2, True), (5, False)]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.csv", b"a,a\n"), ("a.xlsx", b"x")]
)
def test_files_that_are_no_tables_are_refused(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(BadFile):
        list(read_rows(file))
    with pytest.raises(BadFile):
        list(read_rows(tmp_path / "nothing.csv"))


def test_a_file_that_lacks_a_column_is_refused(town, mapping):
    said = read_mapping(mapping())
    with pytest.raises(BadFile, match="编号"):
        list(import_rows([Row(2, {"别的": "1"})], said, by=town.system, at=MONDAY))


@pytest.mark.parametrize(
    "changes",
    [
        {"system": None},
        {"text": None},
        {"unknown": "x"},
        {"title": {"column": "a", "constant": "b"}},
        {"title": {"colum": "a"}},
        {"title": {"column": "a", "replace": [["(", ""]]}},
        {"title": 3},
        {"created_at": {"column": "a", "zone": "Moon/Crater"}},
        {"place": [{"point": {"lon": "a"}}]},
        {"place": [{"point": {"lon": "a", "lat": "b", "crs": "mars"}}]},
        {"place": [{"star": "a"}]},
        {"place": [{"territory": {"column": "a", "by": "colour"}}]},
    ],
)
def test_a_mapping_that_cannot_be_understood_is_refused(mapping, changes):
    with pytest.raises(BadMapping):
        read_mapping(mapping(**changes))


def test_what_is_no_mapping_is_refused(tmp_path):
    for name, content in (("a.yaml", ": :"), ("b.yaml", "- a"), ("c.json", "{")):
        (tmp_path / name).write_text(content)
        with pytest.raises(BadMapping):
            read_mapping(tmp_path / name)


@pytest.mark.parametrize("name", sorted((ROOT / "cases" / "mappings").glob("*.yaml")), ids=str)
def test_the_examples_are_understood(name):
    assert read_mapping(name).system


def test_the_command_writes_a_report(town, mapping, tmp_path, capsys):
    file = written(tmp_path / "a.csv", [GOOD, {**GOOD, "编号": ""}], encoding="utf-8")
    report = tmp_path / "report.csv"
    call_command("import_cases", file, mapping=mapping(), report=report, by=town.worker.username)
    with report.open(encoding="utf-8-sig") as lines:
        rows = [(row["row"], row["result"], row["number"]) for row in csv.DictReader(lines)]
    case = Case.objects.get()
    assert rows == [("2", "imported", case.number), ("3", "rejected", "")]
    assert case.logged_by == town.worker
    with pytest.raises(CommandError):
        call_command("import_cases", file, mapping=mapping(), report=report, by="nobody")
    with pytest.raises(CommandError):
        call_command("import_cases", tmp_path / "b.csv", mapping=mapping(), report=report)


# -- Real files ----------------------------------------------------------------------------------


def real(*parts):
    file = DATA.joinpath(*parts)
    if not file.is_file():
        pytest.skip(f"The file is not part of the project; none at {file}.")
    return file


@pytest.mark.django_db
def test_new_yorks_requests_land_in_the_districts_that_they_record():
    districts = real("city311", "nyc_community_districts_orig.geojson")
    requests = real("city311", "nyc_311_animal.csv")
    call_command(
        "import_territory",
        districts,
        level="town",
        name_property="BoroCD",
        code_property="BoroCD",
        verbosity=0,
    )
    mapping = read_mapping(ROOT / "cases" / "mappings" / "nyc_311.yaml")
    recorded = mapping.places[1].reading
    rows = list(read_rows(requests))
    system = services.intake.User.objects.system()
    outcomes = list(import_rows(iter(rows), mapping, by=system, at=MONDAY))
    assert {outcome.result for outcome in outcomes} == {"imported"}
    found = dict(Case.objects.values_list("origin_number", "town__code"))
    codes = {
        str(row.cells["Unique Key"]): recorded.text(row.cells)
        for row in rows
        if row.cells["Latitude"]
    }
    with_district = {key: code for key, code in codes.items() if code.isdigit()}
    landed = sum(found[key] == code for key, code in with_district.items())
    assert (len(rows), len(with_district), landed) == (5895, 5836, 5802)
    again = import_rows(iter(rows[:600]), mapping, by=system, at=later(days=1))
    assert {outcome.result for outcome in again} == {"known"}
    assert Case.objects.count() == 5895


@pytest.mark.django_db
def test_posts_of_dongguans_residents_all_come_in():
    posts = real("dongguan", "residents_posts.csv")
    mapping = read_mapping(ROOT / "cases" / "mappings" / "dongguan_posts.yaml")
    system = services.intake.User.objects.system()
    outcomes = list(import_rows(read_rows(posts), mapping, by=system, at=MONDAY))
    assert {outcome.result for outcome in outcomes} == {"imported"}
    assert Case.objects.filter(state="submitted").count() == 1372
    first = Case.objects.get(origin_number="169906")
    assert first.title == "强烈建议866路公交车在塘厦初级中学附近增加停靠站点"
    assert first.created_at.year == 2017
