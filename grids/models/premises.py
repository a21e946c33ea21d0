"""Premises and key places: points with a kind, so that a grid knows what it has to look after."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class PremisesKind(models.TextChoices):
    DWELLING = "dwelling", _("Dwellings")
    RENTAL = "rental", _("Rented dwellings")
    SHOP = "shop", _("Shop, small premises")
    RESTAURANT = "restaurant", _("Restaurant")
    FACTORY = "factory", _("Factory")
    OFFICE = "office", _("Office")
    SCHOOL = "school", _("School")
    HOSPITAL = "hospital", _("Hospital")
    CROWD = "crowd", _("Where crowds meet")
    DANGEROUS = "dangerous", _("Dangerous goods")
    OTHER = "other", _("Other")


class PremisesQuerySet(DatedQuerySet):
    def counted_by_grid(self, *, on: datetime.date) -> dict[int, dict[str, int]]:
        """Per grid how many premises, key places and households stand in it, in one query."""
        rows = (
            self.valid_on(on)
            .exclude(grid=None)
            .order_by()
            .values("grid")
            .annotate(
                number=Count("pk"),
                places=Count("pk", filter=Q(is_key=True)),
                living=Sum("households"),
            )
            .values_list("grid", "number", "places", "living")
        )
        return {
            grid: {"premises": number, "key": key, "households": households or 0}
            for grid, number, key, households in rows
        }

    def with_names(self) -> Self:
        return self.select_related("grid", "community")


class Premises(Dated):
    """A building or business at a point (WGS-84). No names of people: `name` is what the sign says.

    `grid` and `community` follow from the point by today's borders, and are found again when
    borders change.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=PremisesKind)
    is_key = models.BooleanField(_("key place"), default=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    households = models.PositiveIntegerField(_("households"), default=0)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    town = models.ForeignKey(Territory, models.SET_NULL, null=True, blank=True, related_name="+")
    community = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    grid = models.ForeignKey(Territory, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PremisesQuerySet.as_manager()

    class Meta:
        verbose_name = _("premises")
        verbose_name_plural = _("premises")
        constraints = [
            ends_after_it_begins("premises_end_after_they_begin"),
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="premises_stand_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name
