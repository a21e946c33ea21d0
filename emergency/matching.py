"""Who is called in which order: workers of the territory, then volunteers by skill and distance."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.timezone import localdate

from emergency.models import Called, CallOut, Order
from emergency.models.orders import FIELD
from emergency.scopes import parts_of
from grids.duty import Duty
from grids.models import Boundary
from grids.scopes import Scope, scopes_of_posts
from lib.coordinates import metres_between
from organizations.calendars import working_calendar
from organizations.models import Post
from volunteers.matching import Need, people_for_need
from volunteers.models import Volunteer
from volunteers.models.people import OF_AGE


@dataclass(frozen=True, slots=True)
class Candidate:
    """Primary keys; `metres` to the assembly point, where it is known."""

    person: int
    volunteer: int | None = None
    metres: int | None = None


def candidates(callout: CallOut, *, at: datetime.datetime) -> Iterator[Candidate]:
    """Whom the call-out may still call, the first to call first; each person once."""
    seen = set(Called.objects.filter(order=callout.order_id).values_list("person", flat=True))
    for one in _all(callout, at):
        if one.person not in seen:
            seen.add(one.person)
            yield one


def _all(callout: CallOut, at: datetime.datetime) -> Iterator[Candidate]:
    if callout.calls_staff:
        yield from _staff(callout.order, at)
    if callout.calls_volunteers:
        yield from _volunteers(callout, at)


def _staff(order: Order, at: datetime.datetime) -> Iterator[Candidate]:
    """Workers of the grids and communities of the territory, who is on duty first."""
    on = localdate(at)
    rows = Post.objects.valid_on(on).filter(role__in=FIELD, person__is_active=True)
    posts = {post.pk: post for post in rows.select_related("person")}
    inside = parts_of(order.territory)
    near = [
        scope.post_id
        for scope in scopes_of_posts(posts.values(), on=on)
        if _works_in(scope, inside)
    ]
    duty = Duty.load([at], working_calendar())
    here = [key for key in near if not duty.is_away(key)]
    for key in sorted(here, key=lambda key: (not duty.is_on(key), key)):
        yield Candidate(posts[key].person_id)


def _works_in(scope: Scope, inside: frozenset[int]) -> bool:
    return bool((scope.grids | scope.communities | scope.towns) & inside)


def _volunteers(callout: CallOut, at: datetime.datetime) -> Iterator[Candidate]:
    order = callout.order
    need = Need(
        place=order.place,
        starts_at=at,
        ends_at=max(order.until, at + datetime.timedelta(minutes=1)),
        skills=frozenset(callout.skills.values_list("pk", flat=True)),
        min_age=OF_AGE,
        is_dangerous=callout.is_dangerous,
    )
    rows = Volunteer.objects.active().filter(person__is_active=True)
    if order.town_id is not None:
        rows = rows.filter(town=order.town_id)
    people = list(rows.with_record().with_offer())
    ways = Ways(people, (callout.point.lon, callout.point.lat), on=localdate(at))
    found = [
        (match.points, ways.metres(match.volunteer), match.volunteer)
        for match in people_for_need(need, people)
    ]
    far = float("inf")
    found.sort(key=lambda row: (-row[0], far if row[1] is None else row[1], row[2].pk))
    for _points, metres, volunteer in found:
        if callout.metres is None or (metres is not None and metres <= callout.metres):
            yield Candidate(volunteer.person_id, volunteer.pk, metres)


class Ways:
    """How far volunteers live from a point: from the middle of their grid, else community."""

    def __init__(
        self, people: Iterable[Volunteer], point: tuple[float, float], *, on: datetime.date
    ) -> None:
        homes = {key for one in people for key in (one.grid_id, one.community_id) if key}
        rows = Boundary.objects.current(on=on).filter(territory__in=homes)
        self._metres = {
            key: round(metres_between(((west + east) / 2, (south + north) / 2), point))
            for key, west, south, east, north in rows.values_list(
                "territory", "west", "south", "east", "north"
            )
        }

    def metres(self, volunteer: Volunteer) -> int | None:
        for key in (volunteer.grid_id, volunteer.community_id):
            if key in self._metres:
                return self._metres[key]
        return None
