"""Boards, the duty room's screen, staff and the monthly report: all of it read from counts."""

import datetime
import io
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from fpdf import FPDF
from openpyxl import load_workbook

from lib.roles import Role
from organizations.models import Body, Post
from oversight import board, reports
from oversight.models.facts import ALL, BODY
from oversight.periods import Kind, period_of
from oversight.services import count_all
from oversight.staffing import staff_of
from oversight.subjects import Subject
from tests.factories import appraisals as places
from tests.factories import cases as make
from tests.factories.cases import MONDAY, later
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
NOW = later(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    return places.make_place()


@pytest.fixture
def town(place):
    make.closed(place.town)
    make.handling(place.town)
    make.handling(place.town)
    count_all()
    return place.town


def url(name, *args):
    return reverse(f"oversight:{name}", args=args)


def office(town):
    return Subject(BODY, town.office.pk, town.office.name)


def test_the_morning_page_says_what_needs_the_committee(client, place, town):
    client.force_login(place.member)
    answer = client.get(url("morning"))
    assert answer.status_code == 200
    found = {one.label: one.number for one in answer.context["overnight"]}
    assert list(found.values())[:3] == ["3", "3", "1"]
    assert all(one.url.startswith(url("cases")) for one in answer.context["overnight"])
    assert answer.context["loads"][0].body == town.office


def test_hot_topics_of_the_town_stand_on_it(client, place, town):
    case = make.handling(town)
    topic = make.topic_of(case)
    type(topic).objects.update(town=town.place)
    client.force_login(place.member)
    assert list(client.get(url("morning")).context["topics"]) == [topic]


@pytest.mark.parametrize("name", ["morning", "screen", "staffing"])
def test_boards_of_the_committee_are_closed_to_others(client, place, town, name):
    client.force_login(town.handler)
    assert client.get(url(name)).status_code == 403
    client.force_login(place.supervisor)
    assert client.get(url(name)).status_code == 200


def test_the_morning_page_never_reads_case_rows(client, place, town):
    """But for queues, which ask desks what waits on them: work in hand, not the archive."""
    subject = Subject("town", town.place.pk, "")
    month = period_of(Kind.MONTH, NOW.date())
    with CaptureQueriesContext(connection) as seen:
        board.overnight(subject, now=NOW, today=NOW.date())
        board.time_left(subject, now=NOW)
        board.overdue_by_body(subject, now=NOW)
        list(board.loads(Body.objects.all(), on=NOW.date()))
        board.money(place.secretary, on=NOW.date())
        reports.report_of(subject, month, now=NOW)
    assert seen.captured_queries
    assert [one["sql"] for one in seen.captured_queries if '"cases_case"' in one["sql"]] == []


def test_time_left_counts_by_when_limits_pass(town):
    near = {str(one.label): one.number for one in board.time_left(office(town), now=MONDAY)}
    assert sum(map(int, near.values())) == 2
    late = board.time_left(office(town), now=later(days=60))
    assert (late[0].number, late[0].tone, late[0].width) == ("2", "overdue", 100)
    assert late[0].url.startswith(url("cases"))
    assert [one.number for one in late[1:]] == ["0"] * 4


def test_who_is_most_overdue(town):
    assert board.overdue_by_body(Subject(ALL, 0, ""), now=MONDAY) == []
    [one] = board.overdue_by_body(Subject(ALL, 0, ""), now=later(days=60))
    assert (one.label, one.number) == (town.office, "2")


@pytest.mark.parametrize("of", ["town", "community", "grid", "body"])
def test_every_subject_has_a_board(client, place, town, of):
    where = {"town": town.place, "community": town.community, "grid": town.grid,
             "body": town.office}[of]  # fmt: skip
    client.force_login(place.member)
    answer = client.get(url("board", of, where.pk))
    assert answer.status_code == 200
    assert 'data-chart="#trend"' in answer.content.decode()
    client.force_login(town.resident)
    assert client.get(url("board", of, where.pk)).status_code == 404


def test_a_board_beyond_ones_reach_is_hidden(client, place, town):
    other = places.elsewhere(place)
    client.force_login(other.member)
    assert client.get(url("board", "town", town.place.pk)).status_code == 404
    assert client.get(url("board", "nonsense", 1)).status_code == 404
    assert client.get(url("report", "town", town.place.pk, "pdf")).status_code == 404


def test_the_map_shows_areas_with_numbers_and_nothing_of_cases(client, place, town):
    with time_machine.travel(later(days=60), tick=False):
        client.force_login(place.member)
        [point] = client.get(url("board", "community", town.community.pk)).context["points"]
    assert (point["title"], point["tone"]) == (str(town.grid), "overdue")
    assert point["url"] == url("board", "grid", town.grid.pk)
    assert "井盖" not in str(point)


def test_the_screen_is_dark_loads_itself_again_and_names_nobody(client, place, town):
    client.force_login(place.member)
    html = client.get(url("screen")).content.decode()
    assert 'data-reload="60"' in html
    assert "oversight/screen" in html
    for person in (town.handler, town.worker):
        assert person.full_name not in html


def test_boards_cost_the_same_for_one_department_and_for_many(client, place, town):
    client.force_login(place.member)

    def cost():
        client.get(url("morning"))
        with CaptureQueriesContext(connection) as seen:
            client.get(url("morning"))
        return len(seen)

    one = cost()
    for _each in range(3):
        PostFactory(body=places.department(place), role=Role.HANDLER)
    assert cost() == one


# -- Staff -----------------------------------------------------------------------------------------


def test_staff_counts_posts_vacancies_and_turnover(town):
    gone = PostFactory(body=town.office, role=Role.HANDLER)
    Post.objects.filter(pk=gone.pk).update(valid_to=datetime.date(2026, 10, 1))
    PostFactory(body=town.office, role=Role.VERIFIER, valid_from=datetime.date(2026, 9, 1))
    rows = staff_of(Body.objects.filter(pk=town.office.pk), on=NOW.date())
    [one] = rows
    assert (one.held, one.joined, one.left, one.vacancies) == (3, 1, 1, 1)
    assert one.turnover == "33.3 %"
    assert one.load.tasks == 2
    assert one.load.each == "1.0"  # the verifier has room too


def test_a_body_without_work_by_points_has_no_load(town):
    lonely = PostFactory(role=Role.COMMITTEE_MEMBER, capacity=0).body
    [one] = staff_of(Body.objects.filter(pk=lonely.pk), on=NOW.date())
    assert (one.load, one.turnover) == (None, "0.0 %")


# -- Files -----------------------------------------------------------------------------------------


def test_the_monthly_report_as_spreadsheet_has_numbers_and_charts(client, place, town):
    client.force_login(place.member)
    answer = client.get(url("report", "body", town.office.pk, "xlsx"), {"day": "2026-11-23"})
    assert "2026-11.xlsx" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert len(book.worksheets) == 4
    assert [len(sheet._charts) for sheet in book.worksheets][:3] == [0, 1, 1]
    words = {row[0].value for row in book.worksheets[0].iter_rows()}
    assert len(words) > 30


def test_the_monthly_report_as_pdf_is_drawn(client, place, town, monkeypatch):
    drawn = []
    rect = FPDF.rect
    monkeypatch.setattr(FPDF, "rect", lambda *a, **k: (drawn.append(a[3:5]), rect(*a, **k)))
    client.force_login(place.member)
    answer = client.get(url("report", "body", town.office.pk, "pdf"), {"day": "2026-11-23"})
    assert answer.content.startswith(b"%PDF")
    assert len(drawn) > 8
    empty = client.get(url("report", "body", town.office.pk, "pdf"), {"day": "2025-01-01"})
    assert empty.content.startswith(b"%PDF")


def test_the_report_is_of_the_month_before_unless_a_day_is_named(client, place, town):
    client.force_login(place.member)
    answer = client.get(url("report", "town", town.place.pk, "xlsx"))
    assert "2026-10.xlsx" in answer["Content-Disposition"]
    assert client.get(url("report", "town", town.place.pk, "doc")).status_code == 404
    bad = client.get(url("report", "town", town.place.pk, "pdf"), {"day": "2026-13-45"})
    assert bad.status_code == 404


def test_numbers_of_the_report_are_those_of_the_indicators(town):
    made = reports.report_of(office(town), period_of(Kind.MONTH, NOW.date()), now=NOW)
    shown = {str(line.label): line.shown for _label, lines in made.groups for line in lines}
    assert "3" in shown.values()
    assert sum(sum(data) for _name, data in made.series[1:2]) == 0  # filed by people, not bodies


def test_the_file_has_numbers_to_calculate_with(town):
    made = reports.report_of(office(town), period_of(Kind.MONTH, NOW.date()), now=NOW)
    sheet = load_workbook(io.BytesIO(reports.as_xlsx(made))).worksheets[0]
    rows = {
        row[0].value: row[1:4] for row in sheet.iter_rows(min_row=3) if row[1].value is not None
    }
    lines = {str(line.label): line for _label, lines in made.groups for line in lines}
    assert {name: row[0].value for name, row in rows.items()} == {
        name: "—" if line.value is None else line.value for name, line in lines.items()
    }
    kinds = {name: row[0].number_format for name, row in rows.items() if row[0].value != "—"}
    assert set(kinds.values()) == {"0.0%", "#,##0"}


def test_no_table_of_the_paper_takes_the_colour_of_a_bar(town):
    made = reports.report_of(office(town), period_of(Kind.MONTH, NOW.date()), now=NOW)
    pdf = reports._Pages("")
    pdf.set_compression(False)
    pdf.add_page()
    reports._lying(pdf, made.time_left)
    before = len(pdf.pages[1].contents)
    reports._table(pdf, made.headlines)
    drawn = bytes(pdf.pages[1].contents[before:])
    pdf.output()  # closes the files of its fonts
    filled = set(re.findall(rb"((?:[\d.]+ )+r?g) (?:[\d.]+ ){4}re f", drawn))
    assert filled == {b"0.9451 0.9529 0.9647 rg", b"1 1 1 rg"}
    assert drawn.count(b" re f") == 5 * (1 + len(made.headlines))
