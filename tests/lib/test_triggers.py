import pytest
from django.db import Error, connection, transaction
from django.db.migrations.state import ProjectState

from lib.triggers import append_only, drop_triggers, triggers_of

pytestmark = pytest.mark.django_db

NAMES = {
    "postgresql": {"funding_posting_append_only", "funding_posting_no_truncate"},
    "sqlite": {
        "funding_posting_no_update", "funding_posting_no_delete", "funding_posting_no_replace",
    },
}  # fmt: skip


def apply(operation, way="forwards"):
    run, state = getattr(operation, f"database_{way}"), ProjectState()
    with connection.schema_editor(atomic=connection.vendor == "postgresql") as editor:
        run("funding", editor, state, state)
    assert "apps" not in vars(state)  # to draw all tables would cost seconds


@pytest.mark.django_db(transaction=True)
def test_triggers_can_be_dropped_and_made_again_any_number_of_times():
    operation = append_only("funding_posting")
    try:
        apply(drop_triggers("funding_posting"))
        assert triggers_of(connection, "funding_posting") == set()
        for _ in range(2):
            apply(operation)
            assert triggers_of(connection, "funding_posting") == NAMES[connection.vendor]
        apply(operation, "backwards")
        assert triggers_of(connection, "funding_posting") == set()
    finally:
        apply(operation)


def test_a_table_without_triggers_has_none():
    assert triggers_of(connection, "organizations_skill") == set()
    assert triggers_of(connection, "no_such_table") == set()


@pytest.fixture
def table_of_words():
    """Columns named like words of SQL, a key of two of them, and a key over an expression."""
    number = "serial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE words_row (id {number} PRIMARY KEY, "order" text, "limit" text)'
        )
        cursor.execute('CREATE UNIQUE INDEX words_pair ON words_row ("order", "limit")')
        cursor.execute('CREATE UNIQUE INDEX words_lower ON words_row (lower("limit"))')
    yield "words_row"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE words_row")


def refused(sql):
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return True


@pytest.mark.django_db(transaction=True)
def test_columns_named_like_words_of_sql_and_keys_over_expressions_are_no_hindrance(table_of_words):
    apply(append_only(table_of_words))
    insert = f'INSERT INTO {table_of_words} (id, "order", "limit") VALUES'
    with connection.cursor() as cursor:
        cursor.execute(f"{insert} (1, 'a', 'b')")
        cursor.execute(f"{insert} (2, 'a', 'c')")
    assert refused(f"UPDATE {table_of_words} SET \"order\" = 'z'")
    assert refused(f"DELETE FROM {table_of_words}")
    assert refused(f"{insert} (3, 'a', 'B')")  # the key over an expression
    if connection.vendor == "sqlite":
        for same in ("(1, 'x', 'y')", "(4, 'a', 'b')"):
            assert refused(insert.replace("INSERT", "INSERT OR REPLACE", 1) + same)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id, "order", "limit" FROM {table_of_words} ORDER BY id')
        assert cursor.fetchall() == [(1, "a", "b"), (2, "a", "c")]
