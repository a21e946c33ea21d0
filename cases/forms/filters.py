"""What the list of cases can be narrowed by."""

import datetime
from dataclasses import dataclass
from typing import Any, cast

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Channel, Urgency
from cases.models.queries import CaseQuerySet
from cases.workflow import ENDED, Desk, State
from grids.models import Level, Territory
from grids.scopes import communities_of
from lib.roles import Role
from organizations.models import User
from routing.models import Category

DESKS = [choice for choice in Desk.choices if choice[0]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on; `without` is the query string of the list without it."""

    label: str
    value: str
    without: str


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label=_("Number, words, address or place"),
        widget=forms.TextInput({"type": "search"}),
    )
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"))
    desk = django_filters.ChoiceFilter(choices=DESKS, label=_("Waits for"))
    urgency = django_filters.ChoiceFilter(choices=Urgency.choices, label=_("Urgency"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    category = django_filters.ModelChoiceFilter(
        queryset=Category.objects.small_classes().order_by("code"), label=_("Category")
    )
    town = django_filters.ModelChoiceFilter(
        queryset=Territory.objects.at_level(Level.TOWN).order_by("code"), label=_("Town")
    )
    community = django_filters.ModelChoiceFilter(
        queryset=Territory.objects.none(), label=_("Community")
    )
    overdue = django_filters.ChoiceFilter(
        method="late", choices=[("yes", _("Overdue"))], label=_("Time left")
    )
    since = django_filters.DateFilter(
        "created_at", "date__gte", label=_("Since"), widget=forms.DateInput({"type": "date"})
    )
    until = django_filters.DateFilter(
        "created_at", "date__lte", label=_("Until"), widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(
        self, *args: Any, user: User, at: datetime.datetime, whole: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.whole = at, whole
        # The city has hundreds: offered are those that one of the reader's posts reaches.
        community: Any = self.filters["community"]
        community.queryset = communities_of(user, Role.values, on=localdate(at)).order_by("code")

    @property
    def cases(self) -> CaseQuerySet:
        return cast("CaseQuerySet", self.qs)

    def search(self, queryset: CaseQuerySet, _name: str, value: str) -> CaseQuerySet:
        return queryset.searched(value, whole=self.whole)

    def late(self, queryset: CaseQuerySet, _name: str, _value: str) -> CaseQuerySet:
        return queryset.filter(handle_due_at__lt=self.at).exclude(state__in=ENDED)

    def chips(self) -> list[Chip]:
        """The filters that are on, each with the way to take it off."""
        return [
            Chip(str(self.filters[name].label), self._shown(name), self._without(name))
            for name in self.filters
            if self.form.is_valid() and self.form.cleaned_data.get(name)
        ]

    def _shown(self, name: str) -> str:
        value = self.form.cleaned_data[name]
        choices = dict(getattr(self.form.fields[name], "_choices", None) or [])
        return str(choices.get(value, value))

    def _without(self, name: str) -> str:
        query = QueryDict(mutable=True)
        query.update(cast("dict[str, Any]", self.data))
        query.pop(name, None)
        query.pop("cursor", None)
        return query.urlencode()
