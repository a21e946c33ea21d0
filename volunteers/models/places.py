"""Where something belongs: columns that scopes of posts filter by."""

import datetime
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.locate import Place
from grids.scopes import Scope, scopes_of
from organizations.models import User


class Placed(models.Model):
    """Abstract: in a town, mostly also in a community and a grid of it."""

    town = models.ForeignKey("grids.Territory", models.PROTECT, related_name="+")
    community = models.ForeignKey(
        "grids.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("community"),
    )
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def place(self) -> Place:
        return Place(self.town_id, self.community_id, self.grid_id)


def town_of(place: Place) -> int:
    """The town in which a community lies; every community lies in one."""
    if place.town_id is None:
        raise ValueError("this place lies in no town")
    return place.town_id


def reaches(
    user: User | AnonymousUser, roles: Collection[str], row: Any, *, on: datetime.date
) -> bool:
    """The same for one row."""
    return any(_covers(scope, row) for scope in scopes_of(user, on=on) if scope.role in roles)


def _covers(scope: Scope, row: Any) -> bool:
    return scope.covers(town=row.town_id, community=row.community_id, grid=row.grid_id)
