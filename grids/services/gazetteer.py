"""Which territory a feature of a file means, and where it may lie."""

import datetime
from collections import defaultdict

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.models import Boundary, Level, Territory

# How much of an outline may lie outside its parent's: files are drawn at different scales.
_TOLERATED_OUTSIDE = 0.05
# Division codes grow by three digits per level: 6 city, 9 town, 12 community, 15 grid.
_DIGITS_OF_PARENT = {Level.TOWN: 6, Level.COMMUNITY: 9, Level.GRID: 12}


class UnknownTerritory(ValueError):
    """A feature cannot be matched; the message is translated and says why."""


class Gazetteer:
    """The territories of one level (inside `parent`, if given) by code and by name."""

    def __init__(self, level: str, *, parent: Territory | None, day: datetime.date) -> None:
        self._level, self._parent, self._day = level, parent, day
        self._by_code: dict[str, Territory] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._outlines: dict[int, BaseGeometry | None] = {}
        self._parents = {
            territory.code: territory
            for territory in Territory.objects.valid_on(day).exclude(level=level)
        }
        known = Territory.objects.at_level(level).valid_on(day).select_related("parent")
        for territory in known:
            self._add(territory)

    def _add(self, territory: Territory) -> None:
        self._by_code[territory.code] = territory
        if self._parent is None or territory.parent_id == self._parent.pk:
            for name in {territory.name, territory.short_name, *territory.aliases} - {""}:
                self._by_name[name].add(territory.code)

    def find(self, *, code: str, name: str) -> Territory | None:
        """The territory meant; None: it is new (it has a code). Raises UnknownTerritory."""
        if code:
            self._refuse_other_level(code)
            return self._by_code.get(code)
        if not name:
            raise UnknownTerritory(_("it has neither code nor name"))
        codes = self._by_name.get(name, set())
        if len(codes) > 1:
            raise UnknownTerritory(
                _("several territories are named %(name)s: give the code") % {"name": name}
            )
        if not codes:
            raise UnknownTerritory(
                _("no territory is named %(name)s, and it has no code") % {"name": name}
            )
        return self._by_code[next(iter(codes))]

    def _refuse_other_level(self, code: str) -> None:
        if code in self._parents:
            raise UnknownTerritory(
                _("the code %(code)s belongs to a territory of another level") % {"code": code}
            )

    def parent_for(self, code: str) -> Territory | None:
        """What a new territory lies in: the parent given, else by the beginning of its code."""
        if self._parent is not None:
            return self._parent
        digits = _DIGITS_OF_PARENT.get(Level(self._level))
        parent = self._parents.get(code[:digits]) if digits and len(code) == digits + 3 else None
        if parent is None and self._level == Level.GRID:
            raise UnknownTerritory(
                _("no community is known whose code begins the code %(code)s") % {"code": code}
            )
        return parent

    def refuse_outside(self, outline: BaseGeometry, parent: Territory | None) -> None:
        """Schematic outlines of parents bind nobody; surveyed ones do."""
        around = self._outline_of(parent) if parent is not None else None
        if around is None:
            return
        outside = shapely.difference(outline, around).area / outline.area
        if outside > _TOLERATED_OUTSIDE:
            raise UnknownTerritory(
                _("%(share)d %% of it lies outside %(parent)s")
                % {"share": round(outside * 100), "parent": parent}
            )

    def _outline_of(self, parent: Territory) -> BaseGeometry | None:
        if parent.pk not in self._outlines:
            drawn = Boundary.objects.filter(territory=parent, is_schematic=False)
            boundary = drawn.valid_on(self._day).first()
            self._outlines[parent.pk] = (
                shapely.geometry.shape(boundary.geometry) if boundary else None
            )
        return self._outlines[parent.pk]
