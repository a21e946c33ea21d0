"""A database role that may only read and append still does all that the services do."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from funding import services
from tests.funding.conftest import SUBJECT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles"),
]

RIGHTS = Path(settings.BASE_DIR) / "funding/migrations/sql/web_role.postgresql.sql"
MAKE = """
CREATE ROLE gongzhi_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO gongzhi_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO gongzhi_web;
"""


@pytest.fixture
def as_web(line, clerk):
    """The rest of the test acts as the web role; it goes away with the test's transaction."""
    with connection.cursor() as cursor:
        connection.check_constraints()
        cursor.execute(MAKE.replace("gongzhi_web", "gongzhi_web_under_test"))
        cursor.execute(RIGHTS.read_text().replace("gongzhi_web", "gongzhi_web_under_test"))
        cursor.execute("SET ROLE gongzhi_web_under_test")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_web_role_does_all_that_services_do(line, repairs, clerk, at, as_web, buckets):
    who = {"by": clerk, "at": at}
    hold = services.reserve(line, amount=300_00, purpose=repairs, subject=SUBJECT, key="r", **who)
    services.top_up(hold, amount=10_00, key="t", **who)
    services.settle(hold, actual=200_00, key="s", **who)
    services.pay(hold, amount=50_00, key="p", **who)
    services.change_line(line, name="改名", **who)
    assert buckets(line) == (1_000_00, 800_00, 0, 150_00, 50_00)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_line SET available = available + 1, received = received + 1",
        "UPDATE funding_hold SET open = 0",
        "UPDATE funding_entry SET amount = 1",
        "DELETE FROM funding_posting",
        "TRUNCATE funding_entry CASCADE",
        "ALTER TABLE funding_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER funding_entry_apply ON funding_entry",
        "SET session_replication_role = replica",
        "DROP FUNCTION funding_refuse",
    ],
)
def test_the_web_role_cannot_go_past_the_triggers(as_web, statement):
    with (
        pytest.raises(Error, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
