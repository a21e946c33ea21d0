"""An archive of many years out of the demo's three months, copied inside PostgreSQL.

Every ended case is copied again and again, each time 92 days earlier, with its history, task, hold,
reporter, photos and assistants. Copies have negative keys, so that the order of keys stays that of
time. Open work stays what it was. Traces and entries of the ledger are not copied.
"""

from dataclasses import dataclass, field
from typing import Any

from bench.machine import say
from oversight.measures import FLOWS

DAYS = 92
_SUBJECTS = (
    ("all", "0"),
    ("area", "town_id"),
    ("area", "community_id"),
    ("area", "grid_id"),
    ("body", "body_id"),
    ("post", "post_id"),
    ("person", "person_id"),
)
_CASE = {"case_id": "cases_case"}


@dataclass(frozen=True, slots=True)
class Table:
    """`keys`: columns that name rows that are copied too; `exact`: what a column becomes."""

    name: str
    only: str
    keys: dict[str, str] = field(default_factory=dict)
    exact: dict[str, str] = field(default_factory=dict)


_OF_CASE = "case_id IN (SELECT id FROM archived)"
TABLES = (
    Table(
        "cases_case",
        "id IN (SELECT id FROM archived)",
        {"id": "cases_case"},
        {
            "number": "to_char(to_date(left(number, 8), 'YYYYMMDD') - {k} * {days}, 'YYYYMMDD')"
            " || substr(number, 9)",
            "client_key": "NULL",
            "origin_number": "''",
        },
    ),
    Table("cases_reporter", _OF_CASE, _CASE),
    Table("cases_caseevent", _OF_CASE, {"id": "cases_caseevent", **_CASE}),
    Table(
        "cases_eventnote",
        "event_id IN (SELECT event.id FROM cases_caseevent AS event"
        " JOIN archived ON archived.id = event.case_id)",
        {"event_id": "cases_caseevent"},
    ),
    Table(
        "funding_hold",
        "id IN (SELECT hold_id FROM cases_task JOIN archived ON archived.id = case_id)",
        {"id": "funding_hold"},
        {"subject_key": "(subject_key::bigint - {k} * {step[cases_case]})::text"},
    ),
    Table("cases_task", _OF_CASE, {"id": "cases_task", "hold_id": "funding_hold", **_CASE}),
    # A photo's key stands in its address, which knows no minus.
    Table(
        "cases_photo",
        _OF_CASE,
        {**_CASE, "task_id": "cases_task"},
        {"id": "id + {k} * {step[cases_photo]}"},
    ),
    Table("cases_casesearch", _OF_CASE, _CASE),
    Table("cases_phonekey", _OF_CASE, _CASE),
    Table("cases_assistant", _OF_CASE, {"id": "cases_assistant", **_CASE}),
    Table("oversight_fact", _OF_CASE, {"id": "oversight_fact", **_CASE}),
    Table("oversight_standing", _OF_CASE, {"id": "oversight_standing", **_CASE}),
)


def multiply(connection: Any, *, cases: int) -> int:
    """Copy until there are about `cases`; how many there are then."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE archived AS SELECT id FROM cases_case"
            " WHERE ended_at IS NOT NULL AND id > 0"
        )
        cursor.execute("ANALYZE archived")
        copies = max(0, cases - _count(cursor, "cases_case")) // _count(cursor, "archived")
        steps = {table: step_of(cursor, table) for table in _copied_keys()}
        indexes = _drop_indexes(cursor)
        # No trigger and no foreign key watches this session: it repeats what they have let in.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'")
    for table in TABLES:
        say(f"  {table.name} × {copies}")
        for k in range(copies, 0, -1):
            with connection, connection.cursor() as cursor:
                cursor.execute(copied(cursor, table, k, steps))
    with connection, connection.cursor() as cursor:
        _count_again(cursor)
        for definition in indexes:
            say(f"  {definition.split(' ON ')[0].lower()}")
            cursor.execute(definition)
        count = _count(cursor, "cases_case")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return count


def _count_again(cursor: Any) -> None:
    """Days and months from the facts that now are there: as they would have been counted."""
    flows = ", ".join(FLOWS)
    sums = ", ".join(f"count(*) FILTER (WHERE measure = '{code}')" for code in FLOWS)
    cursor.execute("TRUNCATE oversight_count")
    for kind, key in _SUBJECTS:
        for span in ("day", "month"):
            cursor.execute(
                f"INSERT INTO oversight_count (kind, key, span, start, {flows})"  # noqa: S608 -- names of ours
                f" SELECT '{kind}', {key}, '{span}', date_trunc('{span}', day)::date, {sums}"
                f" FROM oversight_fact WHERE {key} IS NOT NULL GROUP BY 2, 4"
            )


def _copied_keys() -> set[str]:
    return {"cases_photo", *(target for table in TABLES for target in table.keys.values())}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- names of ours
    count: int = cursor.fetchone()[0]
    return count


def step_of(cursor: Any, table: str) -> int:
    """A round number above all keys of a table."""
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 -- names of ours
    largest: int = cursor.fetchone()[0]
    return (largest // 1000 + 1) * 1000


def _drop_indexes(cursor: Any) -> list[str]:
    """Built anew at the end in a fraction of the time; those of constraints stay."""
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid), indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
        [[table.name for table in TABLES]],
    )
    found = cursor.fetchall()
    for _definition, name in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for definition, _name in found]


def copied(cursor: Any, table: Table, k: int, steps: dict[str, int]) -> str:
    """The statement that writes the `k`-th copy of a table's rows."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " ORDER BY ordinal_position",
        [table.name],
    )
    columns = cursor.fetchall()
    values = [_value(table, name, kind, k, steps) for name, kind in columns]
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    return (
        f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE"  # noqa: S608 -- names of ours
        f" SELECT {', '.join(values)} FROM {table.name} WHERE {_first_key(table)} > 0"
        f" AND {table.only} ORDER BY {_first_key(table)}"
    )


def _first_key(table: Table) -> str:
    return next(iter(table.keys))


def _value(table: Table, name: str, kind: str, k: int, steps: dict[str, int]) -> str:
    if name in table.exact:
        return table.exact[name].format(k=k, days=DAYS, step=steps)
    if name in table.keys:
        return f"{name} - {k * steps[table.keys[name]]}"
    if kind == "date":
        return f"{name} - {k * DAYS}"
    if kind == "timestamp with time zone":
        return f"{name} - interval '{k * DAYS} days'"
    return f'"{name}"'
