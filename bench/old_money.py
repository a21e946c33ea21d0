"""A ledger of many years out of the demo's, copied inside PostgreSQL."""

from typing import Any

from bench.archive import Table, copied, step_of
from bench.machine import say

# Copies go back in time as those of cases do, and on with their lines' numbers. Their hashes are
# those of what they were copied from: nothing here recomputes them.
TABLES = (
    Table(
        "funding_posting",
        "true",
        {"id": "funding_posting"},
        {
            "key": "key || ':{k}'",
            "reverses_id": "reverses_id - {k} * {step[funding_posting]}",
        },
    ),
    Table(
        "funding_entry",
        "true",
        {"id": "funding_entry", "posting_id": "funding_posting"},
        {"number": "number + {k} * {step[number]}"},
    ),
)


def multiply(connection: Any, *, entries: int) -> None:
    """Copy the ledger's entries until there are about so many."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(number) FROM funding_entry")
        known, most = cursor.fetchone()
        copies = max(0, entries // known - 1)
        steps = {table.name: step_of(cursor, table.name) for table in TABLES} | {"number": most}
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
    for table in TABLES:
        say(f"  {table.name} × {copies}")
        for k in range(1, copies + 1):
            with connection, connection.cursor() as cursor:
                cursor.execute(copied(cursor, table, k, steps))
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE funding_line SET version = newest FROM"
            " (SELECT line_id, max(number) AS newest FROM funding_entry GROUP BY 1) AS found"
            " WHERE line_id = funding_line.id"
        )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
