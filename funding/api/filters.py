"""What lists of the ledger may be narrowed by."""

import datetime

import django_filters
from django.db.models import QuerySet

from funding.models import Hold, Line


class LineFilter(django_filters.FilterSet):
    source = django_filters.CharFilter("source__code")
    body = django_filters.CharFilter("body__code")
    purpose = django_filters.CharFilter("purposes__purpose__code")
    valid_on = django_filters.DateFilter(method="filter_valid_on")

    class Meta:
        model = Line
        fields: list[str] = []

    def filter_valid_on(self, rows: QuerySet, _name: str, value: datetime.date) -> QuerySet:
        return rows.filter(pk__in=Line.objects.valid_on(value))


class HoldFilter(django_filters.FilterSet):
    line = django_filters.CharFilter("line__code")
    is_open = django_filters.BooleanFilter(method="filter_is_open")

    class Meta:
        model = Hold
        fields = ["subject_kind", "subject_key"]

    def filter_is_open(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:  # noqa: FBT001 -- django-filter calls it so
        return rows.filter(open__gt=0) if value else rows.filter(open=0)
