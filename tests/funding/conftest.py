import datetime

import pytest

from funding import services
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.organizations import UserFactory

AT = datetime.datetime(2026, 3, 2, 2, 30, tzinfo=datetime.UTC)
SUBJECT = ("cases.task", "17")


@pytest.fixture
def at():
    return AT


@pytest.fixture
def clerk(db):
    return UserFactory()


@pytest.fixture
def repairs(db):
    return PurposeFactory(code="repairs", name="市政维修", name_en="Municipal repairs")


@pytest.fixture
def line(repairs):
    """A line with 1,000.00 yuan for repairs."""
    return LineFactory(name="市政维修预算", name_en="Repairs", purposes=[repairs], free=1_000_00)


@pytest.fixture
def reserved(line, repairs, clerk, at):
    """300.00 yuan of the line, kept for a task."""
    return services.reserve(
        line, amount=300_00, purpose=repairs, subject=SUBJECT, key="reserve:17", by=clerk, at=at
    )


@pytest.fixture
def buckets():
    """What is stored now: (received, available, reserved, payable, spent) of a line."""

    def read(line):
        line.refresh_from_db()
        return line.received, line.available, line.reserved, line.payable, line.spent

    return read


@pytest.fixture
def parts():
    """What is stored now: (amount, open, payable, paid) of a hold."""

    def read(hold):
        hold.refresh_from_db()
        return hold.amount, hold.open, hold.payable, hold.paid

    return read
