"""Who holds a role where a topic or a consultation lies: the nearest first."""

import datetime
from collections import defaultdict
from collections.abc import Collection

from consultation.models import Consultation, Topic
from grids.models import AreaMembership, BodyTerritory, Level, PostTerritory, Territory
from grids.scopes import Scope, scopes_of
from organizations.models import Body, Post, User


def holders(
    place: Topic | Consultation, roles: Collection[str], *, on: datetime.date, wide: bool = False
) -> list[User]:
    """People with one of `roles` whose posts reach `place`; of the community alone where somebody
    there holds one, unless `wide`."""
    where = {"town": place.town_id, "community": place.community_id, "grid": place.grid_id}
    near: dict[int, User] = {}
    far: dict[int, User] = {}
    lies_in = list(filter(None, where.values())) or _the_city()
    for person in _candidates(lies_in, roles, on):
        scopes = [s for s in scopes_of(person, on=on) if s.role in roles and s.covers(**where)]
        if scopes:
            far[person.pk] = person
        if any(_is_of_the_community(scope, place) for scope in scopes):
            near[person.pk] = person
    chosen = far if wide or not near else near
    return [chosen[key] for key in sorted(chosen)]


def _the_city() -> list[int]:
    """What belongs to no town belongs to the whole city."""
    return list(Territory.objects.at_level(Level.CITY).values_list("pk", flat=True))


def _is_of_the_community(scope: Scope, place: Topic | Consultation) -> bool:
    return place.community_id in scope.communities or place.grid_id in scope.grids


def _candidates(territories: list[int], roles: Collection[str], on: datetime.date) -> list[User]:
    """Holders of posts that may reach one of the territories: given to the post, to its body, or
    to a body above one that has no territory of its own."""
    posts = Post.objects.valid_on(on).filter(role__in=roles, person__is_active=True)
    rows = PostTerritory.objects.valid_on(on)
    given = rows.filter(territory__in=territories).values_list("post", flat=True)
    bodies = _bodies(territories, on)
    found = posts.filter(body__in=bodies) | posts.filter(pk__in=list(given))
    return list({post.person_id: post.person for post in found.select_related("person")}.values())


def _bodies(territories: list[int], on: datetime.date) -> set[int]:
    own: dict[int, set[int]] = defaultdict(set)
    for body, territory in BodyTerritory.objects.valid_on(on).values_list("body", "territory"):
        own[body].add(territory)
    wanted = {*territories, *_of_the_city(territories)}
    children: dict[int | None, list[int]] = defaultdict(list)
    for body, parent in Body.objects.valid_on(on).values_list("pk", "parent_id"):
        children[parent].append(body)
    found, waiting = set(), [body for body, keys in own.items() if keys & wanted]
    while waiting:
        body = waiting.pop()
        found.add(body)
        waiting.extend(each for each in children[body] if each not in own and each not in found)
    return found


def _of_the_city(territories: list[int]) -> set[int]:
    """Everything above the territories: the city, and areas that a town belongs to."""
    rows = Territory.objects.filter(pk__in=territories)
    above = set(rows.values_list("parent", flat=True)) | set(
        rows.values_list("parent__parent", flat=True)
    )
    areas = AreaMembership.objects.filter(town__in=territories).values_list("area", flat=True)
    return {key for key in (*above, *areas) if key is not None}
