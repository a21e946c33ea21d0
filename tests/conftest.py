"""What every test shares."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from config import translations
from config.stack import with_room
from grids.snapshots import forget_all
from lib.worktime import CITY_ZONE
from tests.migrated import Migrated

# The day after `tests.factories.cases.MONDAY`, in working time.
TODAY = datetime.datetime(2026, 11, 24, 10, tzinfo=CITY_ZONE)
ASKING = {"db", "transactional_db", "django_db_setup"}  # fixtures


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # once, not in every process of xdist
        translations.compile_stale()
    config.pluginmanager.register(WithRoom())


class WithRoom:
    """All tests run where calls find room on the stack, as requests and tasks do."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        rest = session.config.pluginmanager.subset_hook_caller("pytest_runtestloop", [self])
        return with_room(lambda: rest(session=session))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What asks the database is marked, so that a second database is asked nothing else."""
    for item in items:
        if item.get_closest_marker("django_db") or ASKING & set(item.fixturenames):
            item.add_marker("database")


@pytest.fixture(autouse=True)
def one_day(request):
    """The clock shows one working day: what passes today passes next year.

    It goes on, and only in this process: tests that start others keep the machine's time.
    """
    if request.node.get_closest_marker("machine_time") or request.node.get_closest_marker("e2e"):
        yield
        return
    with time_machine.travel(TODAY, tick=True):
        yield


@pytest.fixture(autouse=True)
def nothing_counted():
    """Throttles count what one address asks in a minute, and here it is always the same minute."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_territory_remembered():
    """Each test's rows go away: what the process holds in memory of them must go too."""
    forget_all()
    yield
    forget_all()


@pytest.fixture(scope="session", autouse=True)
def tasks():
    """Every task is known, whichever tests run: one that only its name is known of is sent away."""
    from config.celery import app

    app.loader.import_default_modules()


@pytest.fixture(scope="session")
def migrated(django_db_modify_db_settings, django_db_use_migrations):
    """On SQLite: the database as an earlier run has migrated it, if nothing has changed since."""
    if connection.vendor != "sqlite" or not django_db_use_migrations:
        return None
    return Migrated(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """SQLite's stands in a folder that goes with the run: nobody need empty it before or after."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(migrated, django_db_setup, django_db_blocker):
    """The database as a server has it, and a way to empty it between tests that commit."""
    if migrated:
        migrated.done()
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode=WAL")
        connection.ops.sql_flush = flush_of(connection.ops.sql_flush)


def flush_of(sql_flush):
    """Append-only tables refuse to be emptied: only here, between two tests, they must not.

    What Django itself writes after migrating stays, and a table without rows is left alone: most
    tests write to a few of hundreds.
    """

    def around(style, tables, **options):
        filled = holding_rows(set(tables) - {"django_content_type", "auth_permission"})
        statements = sql_flush(style, filled, **options)
        if not statements:
            return []
        if connection.vendor == "postgresql":
            # TRUNCATE makes new files of every table and index: seconds, for a handful of rows.
            name = connection.ops.quote_name
            delete = [f"DELETE FROM {name(table)}" for table in filled]
            return ["SET LOCAL session_replication_role = replica", *delete]
        return without_triggers(filled, statements)

    return around


def holding_rows(tables):
    name = connection.ops.quote_name
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name(table)})" for table in sorted(tables)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def without_triggers(tables, statements):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")
        words = [name for (name,) in cursor.fetchall()]
    rebuilt = [f"INSERT INTO {name} ({name}) VALUES ('rebuild')" for name in words]
    drop = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
    return [*drop, *statements, *rebuilt, *(sql for _name, sql in triggers)]
