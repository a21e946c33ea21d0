"""A panel with rows of one catalogue on the page of a row of another (a body's territories)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from lib.registry import Panel
from organizations.catalogues import values
from organizations.catalogues.described import Column, named
from organizations.http import roles_of, signed_in

SHOWN = 30


def related(key: str, *, field: str, code: str = "code", order: int = 100) -> Panel:
    """Rows of catalogue `key` whose `field` is the row shown, ended ones left out.

    A new one begins with that field filled in (`code` is what identifies the row in a form).
    """

    def context(request: HttpRequest, obj: Any) -> dict[str, Any] | None:
        catalogue, roles = named(key), roles_of(request)
        if catalogue is None or not catalogue.is_read_by(roles):
            return None
        today = timezone.localdate()
        rows = catalogue.rows(signed_in(request), today).filter(**{field: obj})
        if catalogue.is_dated:
            rows = rows.going_on_after(today)  # type: ignore[attr-defined] # of DatedQuerySet
        columns = [each for each in values.columns_of(catalogue) if each.value != field]
        return {
            "catalogue": catalogue,
            "columns": columns,
            "lines": _lines(list(rows.order_by(*catalogue.order)[:SHOWN]), columns),
            "may_add": catalogue.is_edited_by(roles),
            "query": f"{field}={getattr(obj, code)}",
        }

    return Panel(key, order, "organizations/_catalogue_related.html", context)


def _lines(rows: list[Any], columns: list[Column]) -> list[tuple[Any, list[values.Cell]]]:
    return [(row, values.cells_of(row, columns)) for row in rows]
