"""A city's archive comes in as history, and the numbers are exactly what the file implies."""

import csv
import datetime
import os
import zoneinfo
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from cases.models import Case, CaseEvent, Task
from cases.services.history import make_daily_root, verify_history
from cases.services.importing import import_rows, read_mapping, read_rows
from funding.models import Hold
from grids.models import Level
from organizations.models import Body, Message, User
from oversight.figures import numbers_of
from oversight.measures import total
from oversight.periods import Kind, Period, period_of
from oversight.services import count_all, disagreements
from routing.models import Category
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyKindFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)
DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).parents[3] / "shared" / "data"))
NEW_YORK = DATA / "city311" / "nyc_311_animal.csv"
MAPPING = Path(__file__).parents[2] / "cases" / "mappings" / "nyc_311_history.yaml"
HEADER = "Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,"
HEADER += "Location Type,Resolution Description,Incident Address,City,Open Data Channel Type,"
HEADER += "Due Date,Community Board,Longitude,Latitude\n"
JUNE = Period(Kind.CUSTOM, datetime.date(2020, 6, 1), datetime.date(2020, 6, 30))


def row(number, *, closed="", due="", created="06/01/2020 09:00:00 AM", agency="DOHMH"):
    return f"{number},{created},{closed},{agency},Health,Rats,Seen,Yard,,,,PHONE,{due},,,\n"


def archive(tmp_path, *rows, **more):
    file = tmp_path / "archive.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    BodyKindFactory()
    given = {"by": User.objects.system(), "at": NOW, "create_missing": True, **more}
    return list(import_rows(read_rows(file), read_mapping(MAPPING), **given))


def test_a_closed_row_arrives_closed_with_its_own_times(tmp_path):
    (outcome,) = archive(
        tmp_path, row(1, closed="06/03/2020 10:00:00 AM", due="06/05/2020 09:00:00 AM")
    )
    case = Case.objects.get()
    assert (outcome.result, case.state, case.is_history) == ("imported", "closed", True)
    assert case.ended_at - case.created_at == datetime.timedelta(days=2, hours=1)
    assert (case.lead_body.code, case.category.name) == ("DOHMH", "Rats")
    moves = CaseEvent.objects.filter(case=case).values_list("move", "at")
    assert list(moves) == [("take_over", case.created_at), ("closed_elsewhere", case.ended_at)]
    empty = (Task, Hold, Message)
    assert [model.objects.count() for model in empty] == [0, 0, 0]
    assert case.route_at is None
    assert list(verify_history()) == []


def test_what_the_archive_leaves_open_lies_on_its_departments_desk(tmp_path):
    archive(tmp_path, row(1), row(2, agency=""))
    cases = Case.objects.order_by("id")
    assert [(case.state, case.desk) for case in cases] == [("filed", "head")] * 2
    assert cases[0].desk_body == Body.objects.get(code="DOHMH")


def test_each_row_that_cannot_be_history_says_why(tmp_path):
    outcomes = archive(
        tmp_path,
        row(1, closed="05/01/2020 10:00:00 AM"),
        row(2, closed="06/01/2030 10:00:00 AM"),
        row(3, due="tomorrow"),
    )
    assert [one.result for one in outcomes] == ["rejected"] * 3
    assert all(one.reason for one in outcomes)


def test_bodies_and_kinds_are_made_on_request_only(tmp_path):
    (outcome,) = archive(tmp_path, row(1), create_missing=False)
    assert outcome.result == "rejected"
    assert not Body.objects.exists()


def test_a_trial_run_makes_nothing(tmp_path):
    (outcome,) = archive(tmp_path, row(1), dry_run=True)
    assert outcome.result == "imported"
    assert [model.objects.count() for model in (Case, Body, Category)] == [0, 0, 0]


def test_published_roots_of_those_days_stay_what_they_were(tmp_path):
    make_daily_root(datetime.date(2020, 6, 1), at=NOW)
    archive(tmp_path, row(1))
    assert list(verify_history()) == []


def test_in_time_late_without_limit_and_overdue_are_told_apart(tmp_path):
    archive(
        tmp_path,
        row(1, closed="06/03/2020 10:00:00 AM", due="06/05/2020 09:00:00 AM"),
        row(2, closed="06/07/2020 10:00:00 AM", due="06/05/2020 09:00:00 AM"),
        row(3, closed="06/03/2020 10:00:00 AM"),
        row(4, due="06/05/2020 09:00:00 AM"),
        row(5, due="07/05/2020 09:00:00 AM"),
    )
    count_all()
    numbers = numbers_of("all", [0], JUNE, now=NOW)[0]
    told = ("reported", "filed", "closed", "closed_on_time", "closed_late", "closed_unlimited")
    assert [total((code,), numbers) for code in (*told, "overdue_unclosed")] == [
        5,
        5,
        3,
        1,
        1,
        1,
        1,
    ]
    assert list(disagreements(at=NOW)) == []


# -- New York ---------------------------------------------------------------------------------


def moment(text):
    zone = zoneinfo.ZoneInfo("America/New_York")
    read = datetime.datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 -- zone follows
    return read.replace(tzinfo=zone) if text else None


def told_by_the_file():
    """Counted by hand from the file: by year (of the city's clock) and by borough's district."""
    with NEW_YORK.open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            times = (line["Created Date"], line["Due Date"], line["Closed Date"])
            created, due, closed = (moment(text) if text else None for text in times)
            if closed is None or closed >= created:
                yield line["Community Board"], created, due, closed


@pytest.mark.skipif(not NEW_YORK.exists(), reason="the city's file is not here")
def test_new_yorks_numbers_are_what_its_file_implies(tmp_path):
    BodyKindFactory()
    city = TerritoryFactory(city=True, code="NYC")
    town = TerritoryFactory(town=True, parent=city, code="queens")
    queens = TerritoryFactory(level=Level.COMMUNITY, parent=town, code="411", name="Queens 11")
    given = {"by": User.objects.system(), "at": NOW, "create_missing": True}
    outcomes = Counter(
        one.result for one in import_rows(read_rows(NEW_YORK), read_mapping(MAPPING), **given)
    )
    assert outcomes == {"imported": 5893, "rejected": 2}
    count_all()
    rows = list(told_by_the_file())
    for year in (2015, 2020, 2024):
        period = period_of(Kind.YEAR, datetime.date(year, 6, 1))
        assert shown("all", 0, period) == implied(rows, year)
        here = [one for one in rows if one[0] == "11 QUEENS"]
        assert shown("community", queens.pk, period) == implied(here, year)
        assert (
            shown("body", Body.objects.get(code="DOHMH").pk, period)[1:] == implied(rows, year)[1:]
        )


def shown(of, key, period):
    numbers = numbers_of(of, [key], period, now=NOW)[key]
    codes = ("reported", "closed", "closed_on_time", "closed_late", "overdue_unclosed")
    return [total((code,), numbers) for code in codes]


def implied(rows, year):
    first = datetime.datetime(year, 1, 1, tzinfo=timezone.get_default_timezone())
    end = datetime.datetime(year + 1, 1, 1, tzinfo=timezone.get_default_timezone())
    ended = [
        (due, closed) for _area, _made, due, closed in rows if closed and first <= closed < end
    ]
    return [
        sum(first <= created < end for _area, created, _due, _closed in rows),
        len(ended),
        sum(due is not None and closed <= due for due, closed in ended),
        sum(due is not None and closed > due for due, closed in ended),
        sum(
            due is not None and due < end and (closed is None or closed >= end)
            for _area, _created, due, closed in rows
        ),
    ]
