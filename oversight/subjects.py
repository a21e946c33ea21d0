"""Whose numbers a person may read: areas, bodies, posts and people within reach of their posts."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from cases.models.queries import OVERSEES_TERRITORY
from grids.models import BodyTerritory, Level, Territory
from grids.scopes import scopes_of
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User
from oversight.models.facts import ALL, AREA, BODY, PERSON, POST

# They look after the work of other bodies; everybody else sees areas and what is their own.
SEES_BODIES = COMMITTEE | {
    Role.SUPERVISOR,
    Role.ASSESSOR,
    Role.DISPATCHER,
    Role.DUTY_OFFICER,
}
READERS = OVERSEES_TERRITORY | {Role.DEPARTMENT_HEAD}
LEVELS = {"town": Level.TOWN, "community": Level.COMMUNITY, "grid": Level.GRID}
# What tables are made of, and the column by which a standing belongs to it.
KINDS = {
    ALL: (ALL, ""),
    "town": (AREA, "town"),
    "community": (AREA, "community"),
    "grid": (AREA, "grid"),
    BODY: (BODY, "body"),
    POST: (POST, "post"),
    PERSON: (PERSON, "person"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """`of` is a key of KINDS."""

    of: str
    key: int
    name: str

    @property
    def kind(self) -> str:
        return KINDS[self.of][0]


@dataclass(slots=True)
class Reach:
    """The territories and bodies that a person's posts open, and the person."""

    person: int
    everywhere: bool = False
    towns: set[int] = field(default_factory=set)
    communities: set[int] = field(default_factory=set)
    grids: set[int] = field(default_factory=set)
    bodies: set[int] = field(default_factory=set)
    sees_bodies: bool = False

    @property
    def is_empty(self) -> bool:
        places = self.everywhere or self.towns or self.communities or self.grids
        return not (places or self.bodies)


def reach_of(user: User, *, on: datetime.date) -> Reach:
    reach = Reach(user.pk)
    for scope in scopes_of(user, on=on):
        if scope.role in OVERSEES_TERRITORY:
            reach.everywhere = reach.everywhere or scope.everywhere
            reach.towns |= scope.towns
            reach.communities |= scope.communities
            reach.grids |= scope.grids
            reach.sees_bodies = reach.sees_bodies or scope.role in SEES_BODIES
        elif scope.role == Role.DEPARTMENT_HEAD:
            reach.bodies |= scope.body_ids
    return reach


def _inside(reach: Reach) -> Q:
    """Territories within reach, of any level."""
    if reach.everywhere:
        return Q()
    return (
        Q(pk__in=reach.towns | reach.communities | reach.grids)
        | Q(parent__in=reach.towns | reach.communities)
        | Q(parent__parent__in=reach.towns)
    )


def _territories(reach: Reach, of: str) -> QuerySet[Territory]:
    return Territory.objects.filter(_inside(reach), level=LEVELS[of]).order_by("code")


def _bodies(reach: Reach) -> QuerySet[Body]:
    """Bodies that answer for a territory within reach, and one's own."""
    mine = Q(pk__in=reach.bodies)
    if reach.sees_bodies:
        inside = Territory.objects.filter(_inside(reach))
        covering = BodyTerritory.objects.filter(territory__in=inside).values("body")
        mine |= Q(pk__in=covering) | Q(parent__in=covering)
    return Body.objects.filter(mine).order_by("code")


def subjects_of(reach: Reach, of: str, *, keys: set[int] | None = None) -> list[Subject]:
    """All subjects of a kind within reach (of `keys`, those among them), in their order."""
    if of == ALL:
        return [Subject(ALL, 0, "")] if reach.everywhere else []
    rows: QuerySet = _rows(reach, of)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    if of == POST:
        return [Subject(of, post.pk, f"{post.body} · {post.title}") for post in rows]
    return [Subject(of, row.pk, str(row)) for row in rows]


def _rows(reach: Reach, of: str) -> QuerySet:
    if of in LEVELS:
        return _territories(reach, of)
    if of == BODY:
        return _bodies(reach)
    posts = Post.objects.filter(Q(body__in=_bodies(reach)) | Q(person=reach.person))
    if of == POST:
        return posts.with_names().order_by("body__code", "pk")
    return User.objects.filter(pk__in=posts.values("person")).order_by("pk")


def root_of(reach: Reach) -> Subject | None:
    """The widest subject within reach: whose totals stand on top of the page."""
    if reach.everywhere:
        return Subject(ALL, 0, "")
    for of, keys in (
        ("town", reach.towns),
        (BODY, reach.bodies),
        ("community", reach.communities),
        ("grid", reach.grids),
    ):
        found = subjects_of(reach, of, keys={min(keys)}) if keys else []
        if found:
            return found[0]
    return None
