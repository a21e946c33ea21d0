"""Keyset pages: next and previous by the last row seen, so that page 5,000 costs what page 1 costs.

An order is a tuple of field names, `-` for descending, that ends in a unique field. No field of it
may be NULL (a NULL compares with nothing). Cursors are opaque: the values of one row in URL-safe
base64, checked by the fields themselves when they come back.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)
FORWARD, BACKWARD = "n", "p"
LARGEST = 200


class BadCursor(ValueError):
    """The cursor is not one that we made for this order."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows of one page; `next` and `previous` are cursors, or None at the ends."""

    rows: list[M]
    next: str | None
    previous: str | None

    def __bool__(self) -> bool:
        return bool(self.rows)


def page(
    queryset: QuerySet[M], *, order: Sequence[str] = ("-pk",), size: int = 50, cursor: str = ""
) -> Page[M]:
    """One page of `queryset` in one query. Raises BadCursor, ValueError (ordered by a relation)."""
    _demand_columns(queryset.model, order)
    direction, values = _read(cursor, order, queryset.model) if cursor else (FORWARD, [])
    names = list(order) if direction == FORWARD else [_turned(name) for name in order]
    rows = queryset.order_by(*names)
    if values:
        rows = rows.filter(_beyond(names, values))
    size = max(1, min(size, LARGEST))
    found = _first(rows, size + 1)
    more, found = len(found) > size, found[:size]
    if direction == BACKWARD:
        found.reverse()
        before, after = more, True
    else:
        before, after = bool(values), more
    return Page(
        found,
        next=_written(FORWARD, found[-1], order) if after and found else None,
        previous=_written(BACKWARD, found[0], order) if before and found else None,
    )


def _demand_columns(model: type[Model], order: Sequence[str]) -> None:
    """A relation has no value that a cursor could carry: its column has, or a field behind it."""
    for name in order:
        path = name.removeprefix("-")
        field = _named(model, path)
        if field is not None and field.is_relation and path.rpartition("__")[2] == field.name:
            raise ValueError(path)


def _first(rows: QuerySet[M], count: int) -> list[M]:
    """The first rows; a queryset that knows a shorter way to them has `first_rows`."""
    found: list[M] = rows.first_rows(count) if hasattr(rows, "first_rows") else list(rows[:count])
    return found


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(names: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b, c) after these values, each field in its own direction."""
    beyond, equal = Q(), Q()
    for name, value in zip(names, values, strict=True):
        field, lookup = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        beyond |= equal & Q((f"{field}__{lookup}", value))
        equal &= Q((field, value))
    # Implied by the rest, but only with it does a planner walk the index from here.
    first, lookup = (names[0][1:], "lte") if names[0].startswith("-") else (names[0], "gte")
    return Q((f"{first}__{lookup}", values[0])) & beyond


def _written(direction: str, row: Model, order: Sequence[str]) -> str:
    values = [_value(row, name.removeprefix("-")) for name in order]
    text = json.dumps([direction, *values], cls=_Exact, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class _Exact(DjangoJSONEncoder):
    """Moments with their microseconds: a cut moment would repeat or lose rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _read(cursor: str, order: Sequence[str], model: type[Model]) -> tuple[str, list[Any]]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, *values = json.loads(text)
        if direction not in {FORWARD, BACKWARD} or len(values) != len(order):
            raise BadCursor(cursor)
        return direction, [
            _parsed(model, name.removeprefix("-"), value)
            for name, value in zip(order, values, strict=True)
        ]
    except (binascii.Error, ValueError, TypeError, ValidationError) as error:
        raise BadCursor(cursor) from error


def _parsed(model: type[Model], path: str, value: Any) -> Any:
    """The value as its field reads it; an annotated column as it is, or as the moment it was."""
    if value is None or isinstance(value, list | dict):
        raise BadCursor(path)
    field = _field(model, path)
    if field is not None:
        return field.to_python(value)
    return (isinstance(value, str) and parse_datetime(value)) or value


def _field(model: type[Model], path: str) -> Field | None:
    """The column behind a path: of a relation, what it points at."""
    field = _named(model, path)
    found: Field | None = getattr(field, "target_field", field)
    return found


def _named(model: type[Model], path: str) -> Any:
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if field is not None and field.is_relation:
            model = field.related_model
    return field
