"""Teams of the demo's grids: parts, rosters of some weeks, and whose names residents read."""

import datetime

from django.utils import timezone

from grids.models import (
    DutyShift,
    Level,
    PostTerritory,
    PublicCard,
    ShiftKind,
    TeamMember,
    Territory,
)
from grids.models.teams import TeamRole
from grids.services.rosters import unsaved_shift
from lib.roles import Role
from organizations.models import Post
from portal.demo.invention import Inventor

_WEEKS = 4
# A worker has two free days of seven, the next one others.
_FREE_DAYS = 2
# (part, works for, telephone) of the people who serve all grids of a community.
_OF_COMMUNITY = (
    (TeamRole.POLICE, "派出所", "0769-83361110"),
    (TeamRole.LEGAL, "司法所", "0769-83361148"),
    (TeamRole.MEDICAL, "社区卫生服务站", "0769-83361120"),
)


def staff(inventor: Inventor, *, since: datetime.date, at: datetime.datetime) -> None:
    """Everybody who walks a grid has a part and shifts; each community its police and advisers."""
    walks = list(
        PostTerritory.objects.filter(post__role=Role.GRID_WORKER, territory__level=Level.GRID)
        .order_by("pk")
        .values_list("post_id", "territory_id")
    )
    TeamMember.objects.bulk_create(
        [
            TeamMember(territory_id=grid, post_id=post, role=TeamRole.FULL_TIME, valid_from=since)
            for post, grid in walks
        ],
        batch_size=500,
    )
    TeamMember.objects.bulk_create(_of_communities(inventor, since), batch_size=500)
    posts = list(Post.objects.filter(pk__in={post for post, _grid in walks}).order_by("pk"))
    _roster(posts, at)
    _consents(posts, at)


def _of_communities(inventor: Inventor, since: datetime.date) -> list[TeamMember]:
    divided = Territory.objects.at_level(Level.COMMUNITY).filter(children__level=Level.GRID)
    return [
        TeamMember(
            territory=community, role=role, name=inventor.name()[0], house=house, phone=phone,
            shows_name=role == TeamRole.POLICE, valid_from=since,
        )
        for community in divided.distinct().order_by("code")
        for role, house, phone in _OF_COMMUNITY
    ]  # fmt: skip


def _roster(posts: list[Post], at: datetime.datetime) -> None:
    today = timezone.localdate(at)
    monday = today - datetime.timedelta(days=today.weekday())
    kind = ShiftKind.objects.valid_on(today).get(code="day")
    DutyShift.objects.bulk_create(
        [
            unsaved_shift(post, kind, monday + datetime.timedelta(days=day))
            for place, post in enumerate(posts)
            for day in range(7 * _WEEKS)
            if (day + place) % 7 >= _FREE_DAYS
        ],
        batch_size=500,
    )


def _consents(posts: list[Post], at: datetime.datetime) -> None:
    """Two of three agree that residents read their names."""
    PublicCard.objects.bulk_create(
        [
            PublicCard(post=post, shows_name=bool(place % 3), phone="0769-83360000", changed_at=at)
            for place, post in enumerate(posts)
        ],
        batch_size=500,
    )
