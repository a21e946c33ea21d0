import pytest
from django.db import connection, migrations
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
    run = getattr(operation, f"database_{way}")
    with connection.schema_editor(atomic=connection.vendor == "postgresql") as editor:
        run("funding", editor, ProjectState(), ProjectState())


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


def test_the_operations_are_migration_operations():
    assert isinstance(append_only("x"), migrations.RunPython)
