"""What lists of categories and duties may be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from routing.models import Category, DutyEntry
from routing.suggest import find_categories

_MOST_FOUND = 200


class CategoryFilter(django_filters.FilterSet):
    large = django_filters.CharFilter("parent__code", help_text="Code of the large class.")
    q = django_filters.CharFilter(
        method="find", help_text="Chinese, pinyin initials, English or code."
    )

    class Meta:
        model = Category
        fields = ["is_emergency", "files_automatically", "publicity"]

    def find(self, rows: QuerySet[Category], _name: str, typed: Any) -> QuerySet[Category]:
        found = find_categories(str(typed), _MOST_FOUND, on=timezone.localdate())
        return rows.filter(pk__in=[known.id for known in found])


class DutyFilter(django_filters.FilterSet):
    """All by code."""

    territory = django_filters.CharFilter("territory__code")
    category = django_filters.CharFilter("category__code")
    lead = django_filters.CharFilter("lead__code")

    class Meta:
        model = DutyEntry
        fields = ["origin"]
