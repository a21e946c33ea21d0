"""Adding to counts: one statement for many rows, each raised by its own amounts."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection

from oversight.measures import FLOWS
from oversight.models import Count

KEY = ("kind", "key", "span", "start")
# Both engines take at least 32,000 values in one statement.
ROWS_AT_ONCE = 32_000 // (len(KEY) + len(FLOWS))
Row = tuple[Any, ...]


def add_to_counts(amounts: Mapping[Row, int]) -> None:
    """`amounts` by (kind, key, span, start, measure), below zero to take away.

    INSERT … ON CONFLICT DO UPDATE adds inside the statement; Django's own upsert can only replace.
    """
    rows: dict[Row, dict[str, int]] = defaultdict(dict)
    for (*key, measure), amount in amounts.items():
        if amount:
            rows[tuple(key)][measure] = amount
    ordered = sorted(rows.items())
    for first in range(0, len(ordered), ROWS_AT_ONCE):
        _add(ordered[first : first + ROWS_AT_ONCE])


def _add(rows: list[tuple[Row, dict[str, int]]]) -> None:
    used = [code for code in FLOWS if any(code in amounts for _key, amounts in rows)]
    zero = [code for code in FLOWS if code not in used]
    table = Count._meta.db_table
    raised = ", ".join(f"{code} = {table}.{code} + excluded.{code}" for code in used)
    row = f"({', '.join(['%s'] * (len(KEY) + len(used)))}{', 0' * len(zero)})"
    statement = (
        f"INSERT INTO {table} ({', '.join((*KEY, *used, *zero))}) "  # noqa: S608 -- names of columns, no value
        f"VALUES {', '.join([row] * len(rows))} "
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {raised}"
    )
    values = [
        value for key, amounts in rows for value in (*key, *(amounts.get(code, 0) for code in used))
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
