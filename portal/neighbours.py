"""Who looks after a place: its grid, the workers of the grid, the community's own body."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from grids.locate import Place
from grids.models import BodyTerritory, PostTerritory, Territory
from lib.roles import Role
from organizations.models import Body, Post
from organizations.models.bodies import Nature


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`workers` may be empty: a grid without a worker is shown as such."""

    town: Territory | None
    community: Territory | None
    grid: Territory | None
    workers: Sequence[Post]
    bodies: Sequence[Body]


def neighbours_of(place: Place, *, on: datetime.date) -> Neighbours:
    """Three queries. Workers are those of the grid; where it has none, those of the community."""
    keys = [place.town_id, place.community_id, place.grid_id]
    known = Territory.objects.in_bulk([key for key in keys if key is not None])
    return Neighbours(
        town=known.get(place.town_id),
        community=known.get(place.community_id),
        grid=known.get(place.grid_id),
        workers=_workers(place, on),
        bodies=_bodies(place, on),
    )


def _workers(place: Place, on: datetime.date) -> list[Post]:
    rows = (
        PostTerritory.objects.valid_on(on)
        .filter(
            territory__in=[key for key in (place.grid_id, place.community_id) if key],
            post__role=Role.GRID_WORKER,
            post__in=Post.objects.valid_on(on),
        )
        .select_related("post__person", "post__body")
        .order_by("post__person__full_name", "post_id")
    )
    found = list(rows)
    own = [row.post for row in found if row.territory_id == place.grid_id]
    return own or [row.post for row in found]


def _bodies(place: Place, on: datetime.date) -> list[Body]:
    rows = (
        BodyTerritory.objects.valid_on(on)
        .filter(territory=place.community_id, body__kind__nature=Nature.COMMUNITY)
        .select_related("body")
        .order_by("body_id")
    )
    return [row.body for row in rows]
