"""How fast one process routes a backlog, and how fast the same rows could be written at all."""

import time
from contextlib import closing
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg2.extras import execute_values

from bench.machine import Databases
from cases.models import Case
from cases.services import route_waiting
from cases.services.routing import LARGE_BATCH, ROUTED_FIELDS

# Inserted by the router, in the order in which it writes them; and how a row names its case.
INSERTED = {
    "funding_posting": "subject_key::bigint",
    "funding_hold": "subject_key::bigint",
    "funding_entry": "(SELECT subject_key::bigint FROM funding_posting WHERE id = posting_id)",
    "cases_task": "case_id",
    "cases_caseevent": "case_id",
    "cases_routingtrace": "case_id",
    "cases_assistant": "case_id",
    "organizations_message": "subject_key::bigint",
}
# A hold begins empty; its entry fills it.
EMPTIED = {"funding_hold": ("amount", "open", "payable", "paid")}
Rows = dict[int, list[tuple[Any, ...]]]


def route() -> dict[str, Any]:
    """Route all that waits. A first call on nothing warms what a worker keeps in memory."""
    waiting = list(Case.objects.to_route(timezone.now()).values_list("pk", flat=True))
    route_waiting(at=timezone.now(), limit=1)
    begun, cpu, routed, batches = time.perf_counter(), time.process_time(), 1, 0
    while looked_at := route_waiting(at=timezone.now()):
        routed += looked_at
        batches += 1
    seconds = time.perf_counter() - begun
    return {
        "rate": (routed - 1) / seconds,
        "seconds": seconds,
        "cpu_seconds": time.process_time() - cpu,
        "routed": routed,
        "matched": Case.objects.filter(pk__in=waiting, lead_post__isnull=False).count(),
        "batches": batches,
    }


def write_again(*, routed: str, fresh: str) -> dict[str, Any]:
    """Write into the database `fresh` what the router wrote into `routed`, by hand-made SQL."""
    databases = Databases()
    with closing(databases.open(routed)) as source, closing(databases.open(fresh)) as target:
        with source, source.cursor() as cursor, target, target.cursor() as before:
            work = Work(cursor, before)
        begun = time.perf_counter()
        for batch in range(work.batches):
            with target, target.cursor() as cursor:
                work.write(cursor, batch)
        seconds = time.perf_counter() - begun
    return {"rate": len(work.cases) / seconds, "seconds": seconds, "rows": work.rows}


class Work:
    """All rows that a routed database has beyond a fresh one, by the router's transactions."""

    def __init__(self, routed: Any, fresh: Any) -> None:
        routed.execute("SELECT case_id FROM cases_routingtrace WHERE id > %s ORDER BY id", [
            _largest(fresh, "cases_routingtrace")
        ])  # fmt: skip
        self.cases = [case for (case,) in routed.fetchall()]
        self.batches = -(-len(self.cases) // LARGE_BATCH)
        self._batch_of = {case: n // LARGE_BATCH for n, case in enumerate(self.cases)}
        self.inserted: dict[str, tuple[list[str], Rows]] = {
            table: self._new_rows(routed, table, _largest(fresh, table)) for table in INSERTED
        }
        self.columns = ["id", *(_column(name) for name in ROUTED_FIELDS)]
        self.changed = self._changed(routed)
        self.points = self._points(routed)
        self.rows = len(self.cases) + sum(
            len(rows) for _names, batches in self.inserted.values() for rows in batches.values()
        )

    def _new_rows(self, cursor: Any, table: str, above: int) -> tuple[list[str], Rows]:
        cursor.execute(
            f"SELECT {INSERTED[table]}, * FROM {table} WHERE id > {above} ORDER BY id"  # noqa: S608 -- names of ours
        )
        names = [column.name for column in cursor.description][1:]
        rows: Rows = {}
        for case, *row in cursor.fetchall():
            for column in EMPTIED.get(table, ()):
                row[names.index(column)] = 0
            rows.setdefault(self._batch_of[case], []).append(tuple(row))
        return names, rows

    def _changed(self, cursor: Any) -> Rows:
        names = ", ".join(self.columns)
        cursor.execute(f"SELECT {names} FROM cases_case WHERE id = ANY(%s)", [self.cases])  # noqa: S608 -- names of ours
        rows: Rows = {}
        for row in cursor.fetchall():
            rows.setdefault(self._batch_of[row[0]], []).append(row)
        return rows

    def _points(self, cursor: Any) -> Rows:
        cursor.execute("SELECT case_id, post_id, points FROM cases_task WHERE case_id = ANY(%s)", [
            self.cases
        ])  # fmt: skip
        sums: dict[int, dict[int, list[int]]] = {}
        for case, post, points in cursor.fetchall():
            given = sums.setdefault(self._batch_of[case], {}).setdefault(post, [0, 0])
            given[0] += points
            given[1] += 1
        return {
            batch: [(post, *given) for post, given in sorted(posts.items())]
            for batch, posts in sums.items()
        }

    def write(self, cursor: Any, batch: int) -> None:
        """One transaction of the router, as few statements as can be."""
        for table, (names, rows) in self.inserted.items():
            quoted = ", ".join(f'"{name}"' for name in names)
            if batch in rows:
                execute_values(
                    cursor,
                    f"INSERT INTO {table} ({quoted}) OVERRIDING SYSTEM VALUE VALUES %s",  # noqa: S608 -- names of ours
                    rows[batch],
                    page_size=10_000,
                )
        assigned = ", ".join(f"{name} = v.{name}" for name in self.columns[1:])
        execute_values(
            cursor,
            f"UPDATE cases_case AS c SET {assigned} FROM (VALUES %s) AS v"  # noqa: S608 -- names of ours
            f" ({', '.join(self.columns)}) WHERE c.id = v.id",
            self.changed[batch],
            template=_typed(self.columns),
            page_size=10_000,
        )
        execute_values(
            cursor,
            "INSERT INTO routing_load (post_id, points, tasks, last_given_at) VALUES %s"
            " ON CONFLICT (post_id) DO UPDATE SET points = routing_load.points + excluded.points,"
            " tasks = routing_load.tasks + excluded.tasks, last_given_at = excluded.last_given_at",
            [(*row, timezone.now()) for row in self.points.get(batch, [])],
            page_size=10_000,
        )
        cursor.execute(
            "UPDATE grids_changecounter SET value = value + 1, stamp = gen_random_uuid()"
            " WHERE subject = 'lines'"
        )


def _column(name: str) -> str:
    columns = {field.name: field.column for field in Case._meta.concrete_fields}
    return str(columns[name])


def _typed(columns: list[str]) -> str:
    """A row of VALUES in which every value has the type of its column: a NULL alone has none."""
    fields = {field.column: field for field in Case._meta.concrete_fields}
    casts = [
        f"%s::{field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}"
        for field in (fields[column] for column in columns)
    ]
    return f"({', '.join(casts)})"


def _largest(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 -- names of ours
    largest: int = cursor.fetchone()[0]
    return largest
