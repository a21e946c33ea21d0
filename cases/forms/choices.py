"""Choices of people, lines, categories and places, with what one must know to choose."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Self

from django import forms
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cases.models import Case, Photo
from funding.models import Line
from grids.models import Level, Territory
from grids.models.territory import TerritoryQuerySet
from grids.scopes import scopes_of
from lib.roles import Role
from organizations.models import Post, User
from routing.models import Category

HANDLES = (Role.HANDLER, Role.GRID_WORKER, Role.COMMUNITY_WORKER)
GIVES_MONEY = (
    Role.DEPARTMENT_HEAD,
    Role.FINANCE_MAKER,
    Role.FINANCE_CHECKER,
    Role.FINANCE_PAYER,
    Role.PARTY_SECRETARY,
    Role.COMMITTEE_MEMBER,
)


class PostField(forms.ModelChoiceField):
    """A person with what lies on them: “Li Wei · 6 of 10 points”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Post.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        load = getattr(obj, "load", None)
        return _("%(person)s · %(points)d of %(capacity)d points") % {
            "person": obj.person,
            "points": load.points if load else 0,
            "capacity": obj.capacity,
        }

    @staticmethod
    def of_body(body: int | None, *, on: datetime.date) -> QuerySet[Post]:
        """Who can handle a case in a body, the least loaded first."""
        posts = Post.objects.valid_on(on).filter(body=body, role__in=HANDLES)
        return posts.select_related("person", "load").order_by(
            F("load__points").asc(nulls_first=True), "pk"
        )


class LineField(forms.ModelChoiceField):
    """A budget line with what is left on it: “Town budget 2026 · 12,000.00 free”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Line.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        yuan = f"{obj.available / 100:,.2f}"
        return _("%(line)s · %(yuan)s yuan free") % {"line": obj, "yuan": yuan}

    @staticmethod
    def for_case(case: Case, body: int | None, *, on: datetime.date) -> QuerySet[Line]:
        """Lines of a body that may pay for the purpose of the case, in the order of the sources."""
        lines = Line.objects.valid_on(on).filter(body=body)
        if case.standard and case.standard.purpose_id:
            lines = lines.filter(purposes__purpose=case.standard.purpose_id)
        return lines.with_names().order_by("source__rank", "pk")

    @staticmethod
    def given_by(user: User, *, on: datetime.date) -> QuerySet[Line]:
        """Lines whose money this person may give."""
        scopes = [scope for scope in scopes_of(user, on=on) if scope.role in GIVES_MONEY]
        bodies = {body for scope in scopes for body in scope.body_ids}
        lines = Line.objects.valid_on(on).filter(body__in=bodies)
        return lines.with_names().order_by("source__rank", "pk")


class ShownPhotosField(forms.ModelMultipleChoiceField):
    """Photos of a case to tick, each beside its picture."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Photo.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        picture = '<img src="{}" alt="" class="photo-choice" loading="lazy"> {}'
        return format_html(
            picture, reverse("cases:thumbnail", args=[obj.pk]), obj.get_kind_display()
        )


class GroupedIterator(forms.models.ModelChoiceIterator):
    """Choices under the name of their parent: large class, town."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for parent, rows in groupby(self.queryset, key=lambda row: row.parent):
            yield (str(parent or ""), [self.choice(row) for row in rows])


class GroupedField(forms.ModelChoiceField):
    iterator = GroupedIterator

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)

    @classmethod
    def of_categories(cls, **kwargs: Any) -> Self:
        rows = Category.objects.small_classes().select_related("parent")
        return cls(rows.order_by("parent__code", "code"), **kwargs)

    @classmethod
    def of_places(cls, **kwargs: Any) -> Self:
        return cls(Territory.objects.none(), **kwargs)


def places_near(case: Case) -> TerritoryQuerySet:
    """Communities and grids of the case's town; without one, the communities of the city."""
    rows: TerritoryQuerySet = Territory.objects.select_related("parent").order_by(
        "parent__code", "code"
    )
    if case.town_id is None:
        return rows.at_level(Level.COMMUNITY)
    inside = Q(parent=case.town_id) | Q(parent__parent=case.town_id)
    return rows.filter(inside, level__in=[Level.COMMUNITY, Level.GRID])
