"""City → town → community → grid, with codes; functional areas bundle towns for a time."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class Level(models.TextChoices):
    CITY = "city", _("City")
    AREA = "area", _("Functional area")
    TOWN = "town", _("Town or subdistrict")
    COMMUNITY = "community", _("Community")
    GRID = "grid", _("Grid")
    BUILDING = "building", _("Building")


class TerritoryQuerySet(DatedQuerySet, TreeQuerySet):
    def at_level(self, level: str) -> Self:
        return self.filter(level=level)


class Territory(Dated, TreeNode):  # type: ignore[django-manager-missing] # parent is untyped there
    """A piece of the city.

    `code`: division codes of 6 (city), 9 (town) and 12 digits (community, GB/T 10114), grid codes
    of 15 digits (6+3+3+3, numbered from west to east and north to south); imported territories of
    other places keep their own codes. Functional areas hang beside the towns: see `AreaMembership`.
    """

    level = models.CharField(_("level"), max_length=12, choices=Level)
    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)

    objects = TerritoryQuerySet.as_manager()  # type: ignore[django-manager-missing] # its own way

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [ends_after_it_begins("territory_ends_after_it_begins")]
        indexes = [models.Index(fields=["level", "name"], name="territory_level_name")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class AreaMembership(Dated):
    """A town belongs to a functional area for a time (membership has changed before)."""

    area = models.ForeignKey(Territory, models.PROTECT, related_name="member_towns")
    town = models.ForeignKey(Territory, models.PROTECT, related_name="areas")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a functional area")
        verbose_name_plural = _("memberships of functional areas")
        constraints = [
            ends_after_it_begins("area_membership_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["town"],
                condition=Q(valid_to=None),
                name="town_is_in_one_area_now",
            ),
        ]


class BoundaryQuerySet(DatedQuerySet):
    def current(self, *, on: datetime.date) -> Self:
        """Outlines of territories that exist on that day, smallest territory number first."""
        of_living = self.filter(territory__valid_from__lte=on).filter(
            Q(territory__valid_to=None) | Q(territory__valid_to__gt=on)
        )
        return of_living.valid_on(on).order_by("territory_id")

    def at_level(self, level: str) -> Self:
        return self.filter(territory__level=level)

    def inside(self, code: str) -> Self:
        """Outlines of the territory with that code and of the three levels below it."""
        parent = "territory"
        found = Q()
        for _level in range(4):
            found |= Q(**{f"{parent}__code": code})
            parent += "__parent"
        return self.filter(found)

    def touching(self, west: float, south: float, east: float, north: float) -> Self:
        """Outlines whose extent meets the box."""
        return self.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


class Boundary(Dated):
    """A dated outline of a territory: GeoJSON Polygon or MultiPolygon, WGS-84, (lon, lat)."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="boundaries")
    geometry = models.JSONField(_("geometry"))
    area_m2 = models.FloatField(_("area (m²)"))
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    is_schematic = models.BooleanField(_("schematic, not surveyed"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = BoundaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        constraints = [
            ends_after_it_begins("boundary_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["territory"],
                condition=Q(valid_to=None),
                name="one_boundary_now",
            ),
            models.CheckConstraint(
                condition=Q(east__gt=F("west")) & Q(north__gt=F("south")),
                name="boundary_has_extent",
            ),
        ]
