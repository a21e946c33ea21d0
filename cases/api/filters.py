"""Filters of the list of cases."""

from typing import cast

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cases.models import Case, Channel, Urgency
from cases.models.queries import CaseQuerySet
from cases.services import may_search_personal
from cases.workflow import Desk, State


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Words, number, address or place")
    state = django_filters.MultipleChoiceFilter(choices=State.choices)
    desk = django_filters.MultipleChoiceFilter(
        choices=[choice for choice in Desk.choices if choice[0]]
    )
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices)
    urgency = django_filters.MultipleChoiceFilter(choices=Urgency.choices)
    category = django_filters.CharFilter("category__code")
    town = django_filters.CharFilter("town__code")
    community = django_filters.CharFilter("community__code")
    grid = django_filters.CharFilter("grid__code")
    lead_body = django_filters.CharFilter("lead_body__code")
    created_after = django_filters.IsoDateTimeFilter("created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter("created_at", lookup_expr="lt")
    open = django_filters.BooleanFilter("ended_at", lookup_expr="isnull")
    overdue = django_filters.BooleanFilter(method="filter_overdue")

    class Meta:
        model = Case
        fields: list[str] = []

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        user = cast("HttpRequest", self.request).user
        whole = may_search_personal(user, at=timezone.now())
        return cast("CaseQuerySet", rows).searched(value, whole=whole)

    def filter_overdue(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:  # noqa: FBT001 -- django-filter calls it so
        late = Case.objects.overdue(timezone.now()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)
