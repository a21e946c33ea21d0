"""Change many rows in one statement, each to its own values, and only if nobody else changed it."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field

from cases.models import Case


class Overtaken(Exception):
    """Another process changed one of the rows since they were read; the transaction must end."""


def write_cases(cases: Sequence[Case], fields: Sequence[str], *, versions: Sequence[int]) -> None:
    """Save `fields` of all `cases` where each still has the version that it was read with.

    One UPDATE … FROM (VALUES …): Django's bulk_update builds one CASE per field and row, which
    costs more than the rest of a routing batch, and it cannot compare the version.
    Raises Overtaken.
    """
    if not cases:
        return
    columns = [_field(name) for name in ("id", "version", *fields)]
    row = ", ".join(_placeholder(field) for field in columns)
    # Both engines call the columns of VALUES column1, column2 …; only quoted names are ours.
    assigned = ", ".join(
        f'"{field.column}" = v.column{position}'
        for position, field in enumerate(columns[2:], start=3)
    )
    table = connection.ops.quote_name(Case._meta.db_table)
    statement = (
        f"UPDATE {table} SET {assigned} "  # noqa: S608 -- names of columns, no value
        f"FROM (VALUES {', '.join([f'({row})'] * len(cases))}) AS v "
        f"WHERE {table}.id = v.column1 AND {table}.version = v.column2"
    )
    values = [
        _value(field, given)
        for case, version in zip(cases, versions, strict=True)
        for field, given in zip(columns, _values(case, version, columns), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount != len(cases):
            raise Overtaken


def write_marks(table: str, column: str, marks: Sequence[tuple[int, ...]]) -> None:
    """Set a whole number of many rows, (key, old, new) each, if all still have the old one.

    Raises Overtaken.
    """
    if not marks:
        return
    cast = "::bigint" if connection.vendor == "postgresql" else ""
    row = f"(%s{cast}, %s{cast}, %s{cast})"
    name, mark = connection.ops.quote_name(table), connection.ops.quote_name(column)
    statement = (
        f"UPDATE {name} SET {mark} = v.column3 "  # noqa: S608 -- names of columns, no value
        f"FROM (VALUES {', '.join([row] * len(marks))}) AS v "
        f"WHERE {name}.id = v.column1 AND {name}.{mark} = v.column2"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in marks for value in row])
        if cursor.rowcount != len(marks):
            raise Overtaken


def _field(name: str) -> Field:
    field: Field = Case._meta.get_field(name)  # type: ignore[assignment]  # columns only
    return field


def _placeholder(field: Field) -> str:
    # In VALUES PostgreSQL takes an untyped NULL or text for text.
    if connection.vendor != "postgresql":
        return "%s"
    return (
        f"%s::{field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}"
    )


def _values(case: Case, version: int, columns: Sequence[Field]) -> list[object]:
    return [case.pk, version, *(getattr(case, field.attname) for field in columns[2:])]


def _value(field: Field, given: object) -> Any:
    return field.get_db_prep_save(given, connection=connection)
