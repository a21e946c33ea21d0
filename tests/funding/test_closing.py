"""A closed month stays as it is; what was wrong is put right in an open one."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from funding import services
from funding.models import Instruction, PeriodClose
from lib.errors import NotYours
from tests.factories import money

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
IN_FEBRUARY = datetime.datetime(2026, 2, 10, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture
def office(line):
    return money.make_office(line)


def test_a_closed_month_takes_no_more_entries(office, at, buckets):
    body = office.line.body
    services.close_month(body, FEBRUARY, by=office.checker, at=at)
    with pytest.raises(IntegrityError, match="the month is closed"), transaction.atomic():
        services.receive(office.line, amount=1, key="late", by=office.maker, at=IN_FEBRUARY)
    # By the city's clock it is March already.
    services.receive(
        office.line, amount=1, key="in time", by=office.maker,
        at=datetime.datetime(2026, 2, 28, 16, 0, tzinfo=datetime.UTC),
    )  # fmt: skip
    assert buckets(office.line)[0] == 1_000_01


def test_what_was_wrong_in_a_closed_month_is_reversed_in_an_open_one(office, at, buckets):
    posting = services.receive(
        office.line, amount=50_00, key="wrong", by=office.maker, at=IN_FEBRUARY
    )
    services.close_month(office.line.body, FEBRUARY, by=office.checker, at=at)
    asked = services.instruct(
        Instruction.Kind.REVERSE, office.line, amount=50_00, reason="重复入账", reverses=posting,
        key="r", by=office.maker, at=at,
    )  # fmt: skip
    services.carry_out(asked, by=office.checker, at=at)
    assert buckets(office.line) == (1_000_00, 1_000_00, 0, 0, 0)


def test_it_keeps_how_each_line_stood(office, at):
    closed = services.close_month(office.line.body, FEBRUARY, by=office.checker, at=at)
    office.line.refresh_from_db()
    assert closed.lines == [
        {
            "line": office.line.pk, "code": office.line.code, "version": 1,
            "head": office.line.head, "received": 1_000_00, "available": 1_000_00,
            "reserved": 0, "payable": 0, "spent": 0,
        }
    ]  # fmt: skip


@pytest.mark.parametrize("month", [datetime.date(2026, 3, 1), datetime.date(2026, 2, 2)])
def test_only_a_whole_month_that_is_over_is_closed(office, at, month):
    with pytest.raises(services.CannotClose):
        services.close_month(office.line.body, month, by=office.checker, at=at)


def test_months_are_closed_in_order_and_once(office, at):
    body = office.line.body
    services.close_month(body, FEBRUARY, by=office.checker, at=at)
    for month in (JANUARY, FEBRUARY):
        with pytest.raises(services.CannotClose):
            services.close_month(body, month, by=office.checker, at=at)
    assert PeriodClose.objects.count() == 1


def test_the_next_month_to_close_is_the_one_after_the_last(office, at):
    body = office.line.body
    assert services.month_to_close(body, at=at) == FEBRUARY
    services.close_month(body, FEBRUARY, by=office.checker, at=at)
    assert services.month_to_close(body, at=at) is None
    later = at + datetime.timedelta(days=60)
    assert services.month_to_close(body, at=later) == datetime.date(2026, 3, 1)


def test_a_reviewer_closes(office, at):
    for person in (office.maker, office.payer, office.secretary):
        with pytest.raises(NotYours):
            services.close_month(office.line.body, FEBRUARY, by=person, at=at)
