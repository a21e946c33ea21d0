"""Numbers follow history: each event counts once, to the right place, body, post and person."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services as cases
from grids.models import Level
from oversight import tasks
from oversight.models import Count, Fact, Standing
from oversight.services import count_all, count_events, disagreements
from tests.factories import cases as make
from tests.factories.cases import later
from tests.factories.grids import TerritoryFactory

pytestmark = pytest.mark.django_db


def counted(kind="all", key=0, span="month"):
    """What is not zero."""
    row = Count.objects.filter(kind=kind, key=key, span=span).values().first() or {}
    left_out = {"id", "kind", "key", "span", "start"}
    return {name: value for name, value in row.items() if value and name not in left_out}


def test_a_closed_case_counts_at_every_step(town):
    make.closed(town)
    assert count_all() == 1
    assert counted() == {
        "reported": 1,
        "accepted": 1,
        "filed": 1,
        "dispatched": 1,
        "handled_on_time": 1,
        "passed": 1,
        "closed_on_time": 1,
    }
    assert counted("area", town.grid.pk) == counted()
    assert counted("body", town.office.pk) == {
        "dispatched": 1,
        "handled_on_time": 1,
        "closed_on_time": 1,
    }
    assert counted("person", town.verifier.pk) == {"passed": 1}
    assert counted("person", town.worker.pk) == {"reported": 1, "accepted": 1, "filed": 1}
    assert not Standing.objects.exists()


def test_nothing_is_counted_twice(town):
    make.closed(town)
    count_all()
    before = counted(), Fact.objects.count()
    assert count_events() == 0
    assert (counted(), Fact.objects.count()) == before


def test_a_corrected_place_takes_its_numbers_along(town):
    case = make.returned(town)
    count_all()
    other = TerritoryFactory(
        level=Level.COMMUNITY, parent=town.place, name="别处社区", name_en="Elsewhere"
    )
    cases.correct(case, by=town.dispatcher, at=later(hours=2), territory=other)
    count_all()
    assert counted("area", town.community.pk) == {}
    assert counted("area", other.pk)["reported"] == 1
    assert list(disagreements(at=later(days=1))) == []


def test_what_is_overdue_stands_without_anybody_counting_it(town):
    case = make.handling(town)
    count_all()
    due = case.handle_due_at
    standing = Standing.objects.filter(measure="overdue_unhandled", body=town.office)
    assert standing.at(due - datetime.timedelta(minutes=1)).count() == 0
    assert standing.at(due + datetime.timedelta(minutes=1)).count() == 1


def test_work_handled_late_was_overdue_until_it_was_confirmed(town):
    case = make.handling(town)
    due = case.handle_due_at
    late = due + datetime.timedelta(days=3)
    cases.report(case, result="已换", actual=1, by=town.handler, at=late)
    cases.confirm(case, by=town.head, at=late + datetime.timedelta(hours=1))
    count_all()
    assert counted("body", town.office.pk)["handled_late"] == 1
    standing = Standing.objects.get(measure="overdue_unhandled")
    assert (standing.since, standing.until) == (due, late + datetime.timedelta(hours=1))
    assert list(disagreements(at=late)) == []


def test_a_day_and_its_month_say_the_same(town):
    make.closed(town)
    count_all()
    assert counted(span="day") == counted(span="month")


def test_counting_costs_the_same_queries_for_one_case_and_for_three(
    town, django_assert_num_queries
):
    make.filed(town)
    with CaptureQueriesContext(connection) as one:
        count_all()
    for _case in range(3):
        make.filed(town)
    with django_assert_num_queries(len(one)):
        count_all()


def test_everything_counted_anew_is_the_same(town, capsys):
    make.closed(town)
    make.rework(town)
    count_all()
    before = counted()
    call_command("recount_indicators")
    assert counted() == before
    call_command("recount_indicators", "--check")


def test_the_check_names_a_wrong_number(town):
    make.closed(town)
    count_all()
    Count.objects.filter(kind="all").update(closed_late=2)
    with pytest.raises(CommandError):
        call_command("recount_indicators", "--check")


def test_the_clock_counts(town):
    make.filed(town)
    assert tasks.count_events() == 1
    assert tasks.count_events() == 0
