"""Tests empty tables and corrupt ledgers; the database refuses both, so it looks away meanwhile."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_triggers(using=connection):
    """Within, append-only tables can be changed and emptied through this connection."""
    if using.vendor == "postgresql":
        with using.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            with using.cursor() as cursor:
                cursor.execute("SET session_replication_role = origin")
        return
    with using.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with using.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)
