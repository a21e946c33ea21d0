"""Migration operations that make the database itself refuse to rewrite history.

Both may be repeated: they replace what is there. SQLite loses a table's triggers when a migration
rebuilds it (AddField, AlterField …), and cannot rename the rebuilt table while another table's
trigger names it. So a migration that rebuilds such a table begins with `drop_triggers` and ends
with `append_only` and `triggers_from` again; a test asks for every trigger after all migrations.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from lib.tables import Statements

_POSTGRES = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""
_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
# INSERT OR REPLACE deletes the old row without asking its delete triggers.
_SQLITE_NO_REPLACE = (
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)


def append_only(table: str) -> Operation:
    """Refuse UPDATE and DELETE on `table`; also TRUNCATE (PostgreSQL) and REPLACE (SQLite)."""

    def forwards(editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRES.format(table=table))
            return
        drop_triggers_of(editor.connection, [table], named=f"{table}_no_")
        for verb in ("update", "delete"):
            editor.execute(_SQLITE.format(table=table, verb=verb))
        same = _same_row(editor.connection, table)
        editor.execute(_SQLITE_NO_REPLACE.format(table=table, same=same))

    return Statements(forwards, _dropping([table]))


def triggers_from(folder: Path, subject: str, *, tables: list[str]) -> Operation:
    """Run `<subject>.postgresql.sql` or `.sqlite.sql`, which create triggers of `tables`."""

    def forwards(editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        script = (folder / f"{subject}.{vendor}.sql").read_text(encoding="utf-8")
        if vendor == "postgresql":
            editor.execute(script, params=None)  # a % stands for itself
            return
        for statement in _statements(script):
            editor.execute(statement, params=None)

    return Statements(forwards, _dropping(tables))


def drop_triggers(*tables: str) -> Operation:
    """Drop every trigger of `tables`, before a migration rebuilds one of them."""
    return Statements(_dropping(list(tables)), lambda _editor: None)


def triggers_of(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    """Names of the enabled triggers on `table`; those of foreign keys are left out."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT tgname FROM pg_trigger "
            "WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled <> 'D'"
        )
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        return {name for (name,) in cursor.fetchall()}


def drop_triggers_of(connection: BaseDatabaseWrapper, tables: list[str], named: str = "") -> None:
    """Drop the triggers of `tables` whose names begin with `named`."""
    quoted = connection.ops.quote_name
    for table in tables:
        on = f" ON {quoted(table)}" if connection.vendor == "postgresql" else ""
        for name in sorted(triggers_of(connection, table)):
            if name.startswith(named):
                with connection.cursor() as cursor:
                    cursor.execute(f"DROP TRIGGER {quoted(name)}{on}")


def _dropping(tables: list[str]) -> Callable[[BaseDatabaseSchemaEditor], None]:
    def drop(editor: BaseDatabaseSchemaEditor) -> None:
        drop_triggers_of(editor.connection, tables)

    return drop


def _same_row(connection: BaseDatabaseWrapper, table: str) -> str:
    """SQL condition: a row that equals NEW in a unique key of `table`.

    Keys over expressions name no column: they are left to their index, which refuses a copy itself.
    """
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA index_list({quoted(table)})")
        unique = [row[1] for row in cursor.fetchall() if row[2]]
        keys = [["id"]]
        for index in unique:
            cursor.execute(f"PRAGMA index_info({quoted(index)})")
            keys.append([row[2] for row in cursor.fetchall()])
    columns = [[quoted(name) for name in key] for key in keys if None not in key]
    return " OR ".join(" AND ".join(f"{name} = NEW.{name}" for name in key) for key in columns)


def _statements(script: str) -> Iterator[str]:
    """The statements of an SQLite script; a trigger's body holds semicolons of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
