"""What public lists of consultation may be narrowed by."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from consultation.commitment_workflow import State as Promised
from consultation.models import Commitment, Consultation, Form, ProjectCall
from consultation.project_workflow import CallState
from consultation.workflow import State


class ConsultationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices)
    form = django_filters.ChoiceFilter(  # type: ignore[assignment]  # the name in the address
        "blueprint__form", choices=Form.choices
    )
    community = django_filters.CharFilter("community__code")
    town = django_filters.CharFilter("town__code")

    class Meta:
        model = Consultation
        fields: list[str] = []


class CommitmentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Promised.choices)
    owner = django_filters.CharFilter("owner__code")
    community = django_filters.CharFilter("community__code")
    consultation = django_filters.CharFilter("consultation__number")
    is_overdue = django_filters.BooleanFilter(method="filter_is_overdue")

    class Meta:
        model = Commitment
        fields: list[str] = []

    def filter_is_overdue(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:  # noqa: FBT001 -- django-filter calls it so
        late = Commitment.objects.overdue(on=timezone.localdate()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class ProjectCallFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=CallState.choices)
    community = django_filters.CharFilter("community__code")
    town = django_filters.CharFilter("town__code")

    class Meta:
        model = ProjectCall
        fields: list[str] = []
