"""What is looked up while somebody types: the category and the place of a matter."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from grids import locate
from grids.addresses import find_in_text
from grids.locate import Place
from grids.models import Level, Territory
from grids.scopes import scopes_of
from organizations.models import User
from routing import suggest
from routing.models import Category, FilingStandard, ServiceItem
from routing.suggest import Suggestion

MOST = 8


@dataclass(frozen=True, slots=True)
class CategoryAnswer:
    """`found` are offered, `chosen` is what was chosen, `standards` its conditions, `items` what
    one may apply for under it."""

    chosen: Category | None
    found: Sequence[Category]
    standards: Sequence[FilingStandard]
    standard: int | None
    items: Sequence[ServiceItem]
    by_text: bool
    is_asked: bool
    suggested: Mapping[int, Suggestion]

    @property
    def offered(self) -> list[tuple[Category, Suggestion | None]]:
        """Each category with what its words said, where words were asked."""
        return [(category, self.suggested.get(category.pk)) for category in self.found]


class CategoryAsked(forms.Form):
    typed = forms.CharField(required=False, max_length=60)
    text = forms.CharField(required=False)
    category = forms.ModelChoiceField(Category.objects.small_classes(), required=False)
    standard = forms.IntegerField(required=False)

    def answer(self, *, on: datetime.date) -> CategoryAnswer:
        self.full_clean()
        given = self.cleaned_data
        chosen, typed, text = given.get("category"), given.get("typed"), given.get("text")
        suggested = {} if typed else _suggested(text)
        keys = _typed(typed) if typed else list(suggested)
        rest = [category for category in _categories(keys) if category != chosen]
        return CategoryAnswer(
            chosen=chosen,
            found=[chosen, *rest] if chosen else rest,
            standards=_standards(chosen, on=on),
            standard=given.get("standard"),
            items=_items(chosen, on=on),
            by_text=not typed and bool(rest),
            is_asked=bool(typed or text),
            suggested=suggested,
        )


def _typed(typed: str) -> list[int]:
    return [known.id for known in suggest.find_categories(typed, MOST)]


def _suggested(text: str | None) -> dict[int, Suggestion]:
    found = suggest.suggest_categories(text) if text else []
    return {suggestion.category_id: suggestion for suggestion in found}


def _categories(keys: Sequence[int]) -> list[Category]:
    found = Category.objects.in_bulk(keys)
    return [found[key] for key in keys]


def _standards(category: Category | None, *, on: datetime.date) -> Sequence[FilingStandard]:
    return list(category.standards.valid_on(on).order_by("rank")) if category else []


def _items(category: Category | None, *, on: datetime.date) -> Sequence[ServiceItem]:
    return list(category.service_items.valid_on(on).order_by("code")) if category else []


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """The place as territories from the largest to the smallest, and communities to choose from."""

    names: Sequence[Territory]
    choices: Sequence[Territory]
    chosen: Territory | None
    point: tuple[float, float] | None
    nowhere: bool

    @property
    def is_known(self) -> bool:
        """Whether it says enough to look for what lies nearby."""
        return self.point is not None or self.grid_id is not None

    @property
    def grid_id(self) -> int | None:
        return next((t.pk for t in self.names if t.level == Level.GRID), None)


class PlaceAsked(forms.Form):
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    address = forms.CharField(required=False, max_length=200)
    territory: forms.ModelChoiceField = forms.ModelChoiceField(
        Territory.objects.all(), required=False
    )

    def answer(self) -> PlaceAnswer:
        self.full_clean()
        given = self.cleaned_data
        point = _point(given)
        chosen, address = given.get("territory"), given.get("address") or ""
        if point:
            place = locate.locate(*point)
        elif chosen:
            place = Place.of(chosen)
        else:
            place = find_in_text(address)
        return PlaceAnswer(
            names=_named(place),
            choices=[] if point else _communities(place, address),
            chosen=chosen,
            point=point,
            nowhere=bool(point) and place is None,
        )


def _point(given: Mapping[str, Any]) -> tuple[float, float] | None:
    lon, lat = given.get("lon"), given.get("lat")
    return None if lon is None or lat is None else (lon, lat)


def _named(place: Place | None) -> list[Territory]:
    if place is None:
        return []
    keys = [key for key in (place.town_id, place.community_id, place.grid_id) if key]
    found = Territory.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _communities(place: Place | None, address: str) -> list[Territory]:
    """A town alone: its communities. Nothing known: communities whose name holds what was typed."""
    communities = Territory.objects.at_level(Level.COMMUNITY).order_by("code")
    if place and place.community_id is None and place.town_id:
        return list(communities.filter(parent=place.town_id))
    if place is None and address.strip():
        return list(communities.filter(name__contains=address.strip())[:MOST])
    return []


def town_of(user: User, *, on: datetime.date) -> Territory | None:
    """The town in which a person works, for the map that they begin with; None: the whole city."""
    for scope in scopes_of(user, on=on):
        keys = scope.towns or scope.communities or scope.grids
        territory = Territory.objects.filter(pk=min(keys)).first() if keys else None
        if territory is not None:
            return Territory.objects.filter(pk=Place.of(territory).town_id or 0).first()
    return None
