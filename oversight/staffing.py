"""Who works where: posts held, joined and left in a year, places that nobody has filled again."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count as HowMany
from django.db.models import QuerySet

from lib.roles import Role
from organizations.models import Body, Post
from oversight.board import BodyLoad, loads
from oversight.tables import per_cent

YEAR = datetime.timedelta(days=365)
Place = tuple[int, str]  # a body and a role in it


@dataclass(frozen=True, slots=True)
class Staff:
    """One body. `vacant`: posts that ended within a year beyond those that began, by role."""

    body: Body
    held: int
    joined: int
    left: int
    vacant: tuple[tuple[str, int], ...]
    load: BodyLoad | None

    @property
    def turnover(self) -> str:
        """Left within a year ÷ the mean of posts then and now; “—” where there was none."""
        then = self.held - self.joined + self.left
        mean = (then + self.held) / 2
        return per_cent(self.left / mean if mean else None)

    @property
    def vacancies(self) -> int:
        return sum(number for _role, number in self.vacant)


def staff_of(bodies: QuerySet[Body], *, on: datetime.date) -> list[Staff]:
    """Every body that has or had people within a year; a fixed number of queries."""
    posts = Post.objects.filter(body__in=bodies)
    since = on - YEAR
    held = _counted(posts.valid_on(on))
    joined = _counted(posts.filter(valid_from__gt=since, valid_from__lte=on))
    left = _counted(posts.filter(valid_to__gt=since, valid_to__lte=on))
    found = {one.body.pk: one for one in loads(bodies, on=on)}
    rows = Body.objects.filter(pk__in={body for body, _role in held | left}).order_by("code")
    return [_staff(row, held, joined, left, found.get(row.pk)) for row in rows]


def _counted(posts: QuerySet[Post]) -> Counter[Place]:
    rows = posts.order_by().values_list("body", "role").annotate(number=HowMany("pk"))
    return Counter({(body, role): number for body, role, number in rows})


def _staff(
    body: Body,
    held: Counter[Place],
    joined: Counter[Place],
    left: Counter[Place],
    load: BodyLoad | None,
) -> Staff:
    vacant = (left - joined).items()
    return Staff(
        body, _sum(held, body), _sum(joined, body), _sum(left, body),
        tuple((str(Role(role).label), number) for (key, role), number in vacant if key == body.pk),
        load,
    )  # fmt: skip


def _sum(counted: Counter[Place], body: Body) -> int:
    return sum(number for (key, _role), number in counted.items() if key == body.pk)
