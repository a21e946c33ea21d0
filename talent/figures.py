"""Vacancies, turnover and pay, as figures whose rows can be opened.

What nothing can be divided by is "—".
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from funding.models import PayActual
from organizations.models import Body, Post, User
from talent.models import Establishment, Movement
from talent.models.chain import led_bodies

NOTHING = "—"
Key = tuple[int, str]


def share(part: float, whole: float) -> str:
    """12.5 %; "—" where there is no whole."""
    return f"{part * 100 / whole:.1f} %" if whole else NOTHING


@dataclass(frozen=True, slots=True)
class Staffed:
    """A body and role: how many there should be (None: nobody said), are, came and went.

    Turnover: who left in the period, divided by the mean of those who held a post at its ends.
    """

    body: Body
    role: str
    role_label: str
    places: int | None
    held: int
    held_before: int
    entries: int
    exits: int

    @property
    def vacant(self) -> int:
        return max((self.places or 0) - self.held, 0)

    @property
    def vacancy(self) -> str:
        return share(self.vacant, self.places or 0)

    @property
    def turnover(self) -> str:
        return share(self.exits, (self.held + self.held_before) / 2)


def staffing(user: User, *, first: datetime.date, on: datetime.date) -> list[Staffed]:
    """Rows of the bodies that `user` leads, for the time from `first` to `on`. Six queries."""
    bodies = {body.pk: body for body in Body.objects.filter(pk__in=led_bodies(user, on=on))}
    planned = _planned(bodies, on)
    now, before = _held(bodies, on), _held(bodies, first)
    came, went = _moved(bodies, first, on)
    keys = sorted(
        planned.keys() | now.keys() | before.keys(), key=lambda key: (bodies[key[0]].code, key[1])
    )
    return [
        Staffed(
            bodies[key[0]], key[1], _role_label(key[1]), planned.get(key), now[key], before[key],
            came[key], went[key],
        )
        for key in keys
    ]  # fmt: skip


def _role_label(role: str) -> str:
    return str(dict(Post._meta.get_field("role").flatchoices).get(role, role))


def _planned(bodies: Iterable[int], on: datetime.date) -> dict[Key, int]:
    rows = Establishment.objects.valid_on(on).filter(body__in=list(bodies))
    found = rows.values_list("body", "role", "places")
    return {(body, role): places for body, role, places in found}


def _held(bodies: Iterable[int], on: datetime.date) -> Counter[Key]:
    rows = Post.objects.valid_on(on).filter(body__in=list(bodies))
    return Counter(rows.values_list("body", "role"))


def _moved(
    bodies: Iterable[int], first: datetime.date, on: datetime.date
) -> tuple[Counter[Key], Counter[Key]]:
    rows = Movement.objects.between(first, on + datetime.timedelta(days=1))
    found = rows.filter(post__body__in=list(bodies)).values_list("way", "post__body", "post__role")
    came, went = Counter[Key](), Counter[Key]()
    for way, body, role in found:
        (went if way == Movement.Way.EXIT else came)[body, role] += 1
    return came, went


@dataclass(frozen=True, slots=True)
class Paid:
    """Checked pay and benefits of a body in a year, in fen, beside what the grades plan."""

    body: Body
    months: int
    planned: int
    actual: int

    @property
    def difference(self) -> int:
        return self.actual - self.planned

    @property
    def fulfilled(self) -> str:
        return share(self.actual, self.planned)


def pay(user: User, *, year: int, on: datetime.date) -> list[Paid]:
    """By body, the largest plan first; `months` are months of one person. Two queries."""
    rows = PayActual.objects.visible_to(user, on=on).checked().filter(month__year=year)
    sums: dict[Body, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows.select_related("body", "grade"):
        sum_of = sums[row.body]
        sum_of[0] += row.people
        sum_of[1] += row.people * row.grade.planned
        sum_of[2] += row.pay + row.benefits
    found = [Paid(body, *values) for body, values in sums.items()]
    return sorted(found, key=lambda one: (-one.planned, one.body.pk))
