"""Who looks after a place: its grid, the workers of the grid, the community's own body."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from grids.duty import Duty
from grids.locate import Place
from grids.models import BodyTerritory, PostTerritory, TeamMember, Territory
from grids.models.teams import ORDER, TeamRole, public_name_of
from lib.roles import Role
from organizations.calendars import working_calendar
from organizations.models import Body, Post
from organizations.models.bodies import Nature


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody of the team, as residents may read it."""

    role: str
    name: str
    phone: str
    house: str
    on_duty: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`workers` may be empty: a grid without a worker is shown as such.

    Names are what their people let residents read; `on_duty` says whether somebody is there now.
    """

    town: Territory | None
    community: Territory | None
    grid: Territory | None
    workers: Sequence[Post]
    shown: Sequence["Shown"]
    bodies: Sequence[Body]


def neighbours_of(place: Place, *, at: datetime.datetime) -> Neighbours:
    """Eight queries. Workers are those of the grid; where it has none, those of the community."""
    on = timezone.localdate(at)
    keys = [place.town_id, place.community_id, place.grid_id]
    known = Territory.objects.in_bulk([key for key in keys if key is not None])
    workers = _workers(place, on)
    return Neighbours(
        town=known.get(place.town_id),
        community=known.get(place.community_id),
        grid=known.get(place.grid_id),
        workers=workers,
        shown=_shown(place, workers, at),
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
        .select_related("post__person", "post__body", "post__public_card")
        .order_by("post__person__full_name", "post_id")
    )
    found = list(rows)
    own = [row.post for row in found if row.territory_id == place.grid_id]
    return own or [row.post for row in found]


def _shown(place: Place, workers: Sequence[Post], at: datetime.datetime) -> list[Shown]:
    """The grid's team and its community's, heads first; then workers without a part in it."""
    duty = Duty.load([at], working_calendar())
    places = [key for key in (place.grid_id, place.community_id) if key]
    team = TeamMember.objects.of(places, on=timezone.localdate(at))
    members = sorted(team, key=lambda row: (ORDER[TeamRole(row.role)], row.pk))
    found = [_member(row, duty) for row in members]
    known = {row.post_id for row in members}
    return found + [_worker(post, duty) for post in workers if post.pk not in known]


def _member(row: TeamMember, duty: Duty) -> Shown:
    on_duty = row.post_id is not None and duty.is_on(row.post_id)
    role = str(row.get_role_display())
    return Shown(role, row.public_name, row.public_phone, row.house, on_duty)


def _worker(post: Post, duty: Duty) -> Shown:
    card = getattr(post, "public_card", None)
    name, phone = public_name_of(post), card.phone if card else ""
    return Shown(str(_("Grid worker")), name, phone, "", duty.is_on(post.pk))


def _bodies(place: Place, on: datetime.date) -> list[Body]:
    rows = (
        BodyTerritory.objects.valid_on(on)
        .filter(territory=place.community_id, body__kind__nature=Nature.COMMUNITY)
        .select_related("body")
        .order_by("body_id")
    )
    return [row.body for row in rows]
