"""Search and filters of a catalogue's list, made from its description."""

import datetime
from functools import cache
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.finding import words_in
from organizations.catalogues.described import Catalogue, named

NOW, LATER, PAST, ALL = "now", "later", "past", "all"
HOLDS = [
    (NOW, _("Valid today")),
    (LATER, _("Begins later")),
    (PAST, _("Ended")),
    (ALL, _("All")),
]


class _Filters(django_filters.FilterSet):
    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        """A yes-or-no column says “any” where nothing is asked, not “unknown”."""
        found, options = super().filter_for_lookup(field, lookup_type)
        if found is not django_filters.BooleanFilter:
            return found, options
        choices = [("True", _("Yes")), ("False", _("No"))]
        return django_filters.ChoiceFilter, {**options, "choices": choices}


@cache
def filterset_of(key: str) -> type[django_filters.FilterSet]:
    catalogue = named(key)
    assert catalogue is not None, key  # noqa: S101 -- the view has found it
    parts: dict[str, Any] = {
        "Meta": type("Meta", (), {"model": catalogue.model, "fields": list(catalogue.filters)})
    }
    if catalogue.search:
        parts["q"] = django_filters.CharFilter(label=_("Search"), method="search")
        parts["search"] = _search_in(catalogue.search)
    if catalogue.is_dated:
        parts["holds"] = django_filters.ChoiceFilter(
            label=_("Validity"), choices=HOLDS, method="hold", empty_label=None
        )
        parts["hold"] = _hold
    return type(f"{catalogue.model.__name__}Filters", (_Filters,), parts)


def filtered(catalogue: Catalogue, rows: QuerySet[Any], query: QueryDict) -> Any:
    """The bound filter set. Dated rows show what holds today unless something else is asked."""
    asked = query.copy()
    if catalogue.is_dated and not asked.get("holds"):
        asked["holds"] = NOW
    filters = filterset_of(catalogue.key)(asked, queryset=rows)
    filters.form.order_fields(["q", *catalogue.filters, "holds"])
    return filters


def _search_in(fields: tuple[str, ...]) -> Any:
    def search(_self: Any, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        for word in value.split():
            rows = rows.filter(words_in(word, fields))
        return rows

    return search


def _hold(_self: Any, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
    return holding(rows, value, timezone.localdate())


def holding(rows: QuerySet[Any], value: str, today: datetime.date) -> QuerySet[Any]:
    if value == NOW:
        return rows.filter(valid_from__lte=today).filter(Q(valid_to=None) | Q(valid_to__gt=today))
    if value == LATER:
        return rows.filter(valid_from__gt=today)
    return rows.filter(valid_to__lte=today) if value == PAST else rows
