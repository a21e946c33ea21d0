"""How far a person's posts reach: role × body subtree × territory subtree.

Every `visible_to` is made of these; nothing else decides what a post may see.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from grids.models import AreaMembership, BodyTerritory, Level, PostTerritory, Roll, Territory
from grids.models.rolls import READERS, RollQuerySet
from grids.models.territory import TerritoryQuerySet
from organizations.models import Body, Post, User

_REMEMBERED = "_scopes_by_day"
_GIVEN = ("territory__level", "territory_id")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one post reaches: keys of bodies (its own and all below) and of territories.

    `everywhere`: the post covers the whole city, so also what has no place yet. Otherwise the
    three sets name the territories given, each with everything inside it; all empty = nothing.
    """

    post_id: int
    role: str
    body_id: int
    body_ids: frozenset[int]
    everywhere: bool = False
    towns: frozenset[int] = frozenset()
    communities: frozenset[int] = frozenset()
    grids: frozenset[int] = frozenset()

    def covers(self, *, town: int | None, community: int | None, grid: int | None) -> bool:
        """Whether a place (primary keys, as in `grids.locate.Place`) lies within."""
        return (
            self.everywhere
            or town in self.towns
            or community in self.communities
            or grid in self.grids
        )


def scopes_of(user: User | AnonymousUser, *, on: datetime.date) -> tuple[Scope, ...]:
    """One scope per post that `user` holds on that day. At most five queries, once per object."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    remembered: dict[datetime.date, tuple[Scope, ...]] = user.__dict__.setdefault(_REMEMBERED, {})
    if on not in remembered:
        remembered[on] = _read(user, on)
    return remembered[on]


def within(scope: Scope, *, prefix: str = "") -> Q:
    """A filter over the columns town, community and grid of a table (behind `prefix`)."""
    if scope.everywhere:
        return ~Q(pk__in=[])  # everything, also where others are added: an empty Q adds nothing
    found = Q(pk__in=[])
    for column, keys in (
        ("town", scope.towns),
        ("community", scope.communities),
        ("grid", scope.grids),
    ):
        if keys:
            found |= Q(**{f"{prefix}{column}__in": sorted(keys)})
    return found


def in_reach(
    user: User | AnonymousUser, roles: Collection[str], *, on: datetime.date, prefix: str = ""
) -> Q:
    """A filter: what lies where `user` holds one of these roles on that day."""
    found = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role in roles:
            found |= within(scope, prefix=prefix)
    return found


def rolls_visible_to(
    user: User | AnonymousUser, *, on: datetime.date, roles: Collection[str] = READERS
) -> RollQuerySet:
    """Rolls of the communities that one of these roles of `user` reaches."""
    return Roll.objects.filter(community__in=communities_of(user, roles, on=on))


def communities_of(
    user: User | AnonymousUser, roles: Collection[str], *, on: datetime.date
) -> TerritoryQuerySet:
    """Communities that one of these roles of `user` reaches."""
    rows: TerritoryQuerySet = Territory.objects.at_level(Level.COMMUNITY)
    found = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role not in roles:
            continue
        if scope.everywhere:
            return rows
        found |= Q(pk__in=sorted(scope.communities)) | Q(parent__in=sorted(scope.towns))
    reached: TerritoryQuerySet = rows.filter(found)
    return reached


def _read(user: User, on: datetime.date) -> tuple[Scope, ...]:
    posts = Post.objects.held_by(user, on=on).filter(body__in=Body.objects.valid_on(on))
    return scopes_of_posts(posts, on=on)


def scopes_of_posts(posts: Iterable[Post], *, on: datetime.date) -> tuple[Scope, ...]:
    """One scope for each of these posts that hold on that day; at most five queries for all."""
    posts = list(posts)
    if not posts:
        return ()
    bodies = _Bodies(on)
    given = _territories_of(posts, bodies, on)
    members = _members_of_areas(given, on)
    return tuple(
        Scope(
            post_id=post.pk,
            role=post.role,
            body_id=post.body_id,
            body_ids=bodies.below(post.body_id),
            **_reach(given[post.pk], members),
        )
        for post in sorted(posts, key=lambda post: post.pk)
    )


class _Bodies:
    """The tree of the day's bodies, read in one query."""

    def __init__(self, on: datetime.date) -> None:
        self._parents = dict(Body.objects.valid_on(on).values_list("pk", "parent_id"))
        self._children = defaultdict(list)
        for body, parent in self._parents.items():
            self._children[parent].append(body)

    def all(self) -> set[int]:
        return set(self._parents)

    def below(self, body: int) -> frozenset[int]:
        found, waiting = set(), [body]
        while waiting:
            found.add(waiting[-1])
            waiting.extend(self._children.get(waiting.pop(), ()))
        return frozenset(found)

    def upwards(self, body: int | None) -> Iterator[int]:
        while body is not None:
            yield body
            body = self._parents.get(body)


# A territory given: its level and primary key.
_Given = tuple[str, int]


def given_to_body(body: int, *, on: datetime.date) -> frozenset[int]:
    """Keys of the territories that a body answers for: its own, else those of the next above."""
    given = _given_to_bodies({body}, _Bodies(on), on)
    return frozenset(key for _level, key in given[body])


def bodies_answering(territories: Collection[int], *, on: datetime.date) -> set[int]:
    """Keys of the bodies that answer for one of these, themselves or by the next body above."""
    bodies = _Bodies(on)
    given = _given_to_bodies(bodies.all(), bodies, on)
    return {body for body, rows in given.items() if any(key in territories for _level, key in rows)}


def _territories_of(
    posts: Iterable[Post], bodies: _Bodies, on: datetime.date
) -> Mapping[int, list[_Given]]:
    """Per post what it was given itself, else what its body answers for."""
    own: dict[int, list[_Given]] = defaultdict(list)
    rows = PostTerritory.objects.of_posts([post.pk for post in posts], on=on)
    for post, *given in rows.values_list("post", *_GIVEN):
        own[post].append((given[0], given[1]))
    homes = {post.pk: post.body_id for post in posts if post.pk not in own}
    by_body = _given_to_bodies(set(homes.values()), bodies, on)
    return own | {post: by_body[home] for post, home in homes.items()}


def _given_to_bodies(
    homes: set[int], bodies: _Bodies, on: datetime.date
) -> Mapping[int, list[_Given]]:
    lines = {body for home in homes for body in bodies.upwards(home)}
    rows: dict[int, list[_Given]] = defaultdict(list)
    if lines:
        for body, *given in BodyTerritory.objects.of_bodies(lines, on=on).values_list(
            "body", *_GIVEN
        ):
            rows[body].append((given[0], given[1]))
    nearest = {
        home: next((body for body in bodies.upwards(home) if body in rows), None) for home in homes
    }
    return {home: rows[body] if body is not None else [] for home, body in nearest.items()}


def _members_of_areas(
    given: Mapping[int, list[_Given]], on: datetime.date
) -> Mapping[int, set[int]]:
    areas = {key for rows in given.values() for level, key in rows if level == Level.AREA}
    members: dict[int, set[int]] = defaultdict(set)
    if areas:
        rows = AreaMembership.objects.filter(area__in=areas).valid_on(on)
        for area, town in rows.values_list("area_id", "town_id"):
            members[area].add(town)
    return members


def _reach(given: Iterable[_Given], members: Mapping[int, set[int]]) -> dict[str, Any]:
    keys: dict[str, set[int]] = defaultdict(set)
    for level, key in given:
        keys[level].add(key)
    of_areas = {town for area in keys[Level.AREA] for town in members[area]}
    return {
        "everywhere": bool(keys[Level.CITY]),
        "towns": frozenset(keys[Level.TOWN] | of_areas),
        "communities": frozenset(keys[Level.COMMUNITY]),
        "grids": frozenset(keys[Level.GRID]),
    }
