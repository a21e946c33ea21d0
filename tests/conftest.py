"""What every test shares."""

import pytest
from django.db import connection

from config import translations
from grids.snapshots import forget_all


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # once, not in every process of xdist
        translations.compile_stale()


@pytest.fixture(autouse=True)
def no_territory_remembered():
    """Each test's rows go away: what the process holds in memory of them must go too."""
    forget_all()
    yield
    forget_all()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database as a server has it, and a way to empty it between tests that commit."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode=WAL")
        connection.ops.sql_flush = flush_of(connection.ops.sql_flush)


def flush_of(sql_flush):
    """Append-only tables refuse to be emptied: only here, between two tests, they must not."""

    def around(style, tables, **options):
        statements = sql_flush(style, tables, **options)
        if not statements:
            return []
        if connection.vendor == "postgresql":
            # TRUNCATE makes new files of every table and index: seconds, for a handful of rows.
            name = connection.ops.quote_name
            delete = [f"DELETE FROM {name(table)}" for table in tables]
            return ["SET LOCAL session_replication_role = replica", *delete]
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")
            words = [name for (name,) in cursor.fetchall()]
        rebuilt = [f"INSERT INTO {name} ({name}) VALUES ('rebuild')" for name in words]
        drop = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
        return [*drop, *statements, *rebuilt, *(sql for _name, sql in triggers)]

    return around
