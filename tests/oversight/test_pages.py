"""Pages of numbers: each number opens its cases; nobody sees beyond their posts."""

import csv
import datetime
import io
import re
from html import unescape
from urllib.parse import parse_qs as parameters

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cases.models import Case
from oversight.figures import numbers_of
from oversight.measures import RATES, total
from oversight.models import Count
from oversight.periods import Kind, Period, period_of
from oversight.services import count_all
from oversight.subjects import reach_of, subjects_of
from tests.factories import cases as make
from tests.factories.cases import later

pytestmark = pytest.mark.django_db
NOVEMBER = Period(Kind.MONTH, datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))
PAGE = reverse("oversight:indicators")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(later(days=1), tick=False):
        yield


@pytest.fixture
def counted(town):
    make.closed(town)
    make.handling(town)
    count_all()
    return town


def behind(town, measure, **asked):
    given = {
        "of": "body",
        "key": town.office.pk,
        "measure": measure,
        "first": "2026-11-01",
        "last": "2026-11-30",
    }
    return {**given, **asked}


def test_numbers_rates_and_definitions_stand_on_the_page(client, counted):
    client.force_login(counted.dispatcher)
    html = client.get(PAGE, {"of": "body", "group": "closing"}).content.decode()
    assert counted.office.name in html
    assert "100.0 %" in html
    assert 'data-chart="#trend"' in html


@pytest.mark.parametrize(("measure", "cases"), [("dispatched", 2), ("closed", 1), ("rework", 0)])
def test_a_number_opens_its_very_cases(client, counted, measure, cases):
    client.force_login(counted.dispatcher)
    answer = client.get(reverse("oversight:cases"), behind(counted, measure))
    assert len(answer.context["page"].rows) == cases


def test_what_stands_overdue_opens_its_cases_too(client, counted):
    with time_machine.travel(later(days=30), tick=False):
        client.force_login(counted.dispatcher)
        asked = behind(counted, "to_handle", part="standing", last="2026-12-31")
        answer = client.get(reverse("oversight:cases"), asked)
    assert [row.measure for row in answer.context["page"].rows] == ["overdue_unhandled"]


def test_who_has_no_post_finds_no_numbers(client, counted):
    client.force_login(counted.resident)
    assert client.get(PAGE).status_code == 404
    assert client.get(reverse("oversight:file", args=["csv"])).status_code == 404


def test_a_head_sees_the_own_department_and_no_other(client, counted):
    reach = reach_of(counted.head, on=later().date())
    assert [one.name for one in subjects_of(reach, "body")] == [str(counted.office)]
    client.force_login(counted.head)
    other = behind(counted, "dispatched", key=counted.elsewhere.pk)
    assert client.get(reverse("oversight:cases"), other).status_code == 404


def test_files_hold_every_number_and_what_it_means(client, counted):
    client.force_login(counted.dispatcher)
    answer = client.get(reverse("oversight:file", args=["csv"]), {"of": "body"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1])
    book = client.get(reverse("oversight:file", args=["xlsx"]), {"of": "body"})
    assert len(load_workbook(io.BytesIO(book.content)).worksheets) == 2


def test_everybody_reads_a_few_numbers(client, counted):
    html = client.get(reverse("oversight:public")).content.decode()
    assert "2026-11" in html
    assert "50.0 %" in html  # one of two is overdue and still open
    assert "—" in html


def test_every_number_of_everybody_opens_its_cases_and_names_the_published(client, counted):
    html = client.get(reverse("oversight:public")).content.decode()
    links = {unescape(link) for link in re.findall(r'href="(/numbers/\?[^"]*)"', html)}
    assert {parameters(link.partition('?')[2])["measure"][0] for link in links} == {
        "reported", "filed", "closed", "overdue_unclosed", "to_close",
    }  # fmt: skip
    reported = next(link for link in links if "measure=reported" in link)
    assert len(client.get(reported).context["rows"]) == 2
    closed = next(link for link in links if "measure=closed" in link)
    page = client.get(closed).content.decode()
    case = Case.objects.get(state="closed")
    assert reverse("portal:published_case", args=[case.number]) in page
    Case.objects.filter(pk=case.pk).update(publicity="closed")
    hidden = client.get(closed)
    assert len(hidden.context["rows"]) == 1
    assert case.number not in hidden.content.decode()


@pytest.mark.parametrize(
    "changed", [{"measure": "supervised"}, {"of": "person"}, {"first": "x"}, {"key": ""}]
)
def test_in_public_nothing_else_is_opened(client, counted, changed):
    asked = {"of": "all", "key": 0, "measure": "filed", "first": "2026-11-01", "last": "2026-11-30"}
    assert client.get(reverse("oversight:public"), asked).status_code == 200
    assert client.get(reverse("oversight:public"), asked | changed).status_code == 404


def test_the_api_says_the_same(client, counted):
    client.force_login(counted.dispatcher)
    answer = client.get("/api/v1/oversight/indicators/", {"of": "body"}).json()
    (office,) = answer["subjects"][-1:]
    assert (office["numbers"]["dispatched"], office["rates"]["closing_rate"]) == (2, 0.5)
    assert office["rates"]["solved_rate"] is None


def test_the_page_costs_the_same_for_few_and_for_many(client, counted):
    client.force_login(counted.dispatcher)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"of": "body"}).status_code == 200
        return len(queries)

    client.get(PAGE)
    one = cost()
    for _case in range(3):
        make.filed(counted)
    count_all()
    assert cost() == one


def test_nothing_below_the_line_is_no_rate():
    assert RATES["closing_rate"].of({}) is None
    assert RATES["closing_rate"].of({"deferred": 3}) is None


def test_overdue_open_cases_count_against_closing_in_time():
    numbers = {"closed_on_time": 3, "closed_late": 1, "overdue_unclosed": 2, "deferred": 5}
    assert RATES["closing_on_time_rate"].of(numbers) == 3 / 6
    assert RATES["closing_rate"].of(numbers) == 4 / 6


def test_a_sum_is_the_sum_of_its_parts():
    assert total(("to_handle",), {"handled_late": 1, "overdue_unhandled": 2}) == 3


@pytest.mark.parametrize(
    ("period", "months", "ranges"),
    [
        (("2026-11-01", "2026-11-30"), 1, 0),
        (("2026-11-05", "2026-11-20"), 0, 1),
        (("2026-10-15", "2026-12-10"), 1, 2),
        (("2026-01-01", "2026-12-31"), 12, 0),
        (("2026-12-31", "2027-01-01"), 0, 1),
    ],
)
def test_a_period_is_whole_months_and_the_days_besides(period, months, ranges):
    days = [datetime.date.fromisoformat(day) for day in period]
    asked = Period(Kind.CUSTOM, *days)
    assert (len(asked.months()), len(asked.ranges())) == (months, ranges)


@pytest.mark.parametrize(
    ("kind", "before"), [("day", "2026-05-14"), ("month", "2026-04-01"), ("quarter", "2026-01-01"),
                         ("year", "2025-01-01")]
)  # fmt: skip
def test_each_period_knows_the_one_before(kind, before):
    day = datetime.date(2026, 5, 15)
    assert period_of(kind, day).before().first.isoformat() == before
    assert period_of(kind, day).before().after() == period_of(kind, day)


def test_days_and_months_add_up_to_the_same(counted):
    whole = numbers_of("all", [0], NOVEMBER, now=later(days=1))[0]
    Count.objects.filter(span="month").delete()
    parts = [
        Period(Kind.CUSTOM, datetime.date(2026, 11, 1), datetime.date(2026, 11, 22)),
        Period(Kind.CUSTOM, datetime.date(2026, 11, 23), datetime.date(2026, 11, 29)),
    ]
    found = [numbers_of("all", [0], part, now=later(days=1))[0] for part in parts]
    assert whole["reported"] == sum(one["reported"] for one in found) == 2


def test_a_wrong_question_is_answered_with_what_is_wrong(client, counted):
    client.force_login(counted.dispatcher)
    answer = client.get(PAGE, {"period": "custom", "first": "2026-12-01", "last": "2026-11-01"})
    assert answer.status_code == 200
    assert answer.context["asked"].form.errors
