"""What the clock tells of visits."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from grids import visit_notifications
from grids.models import VisitPlan
from grids.models.visit_plans import VISITORS
from grids.scopes import Scope, scopes_of_posts
from lib.roles import Role
from organizations.models import Body, Post


def tell_of_due(*, at: datetime.datetime) -> int:
    """A message to each grid worker with visits due today; how many people have some.

    A dozen queries for a city, however many workers and visits it has.
    """
    on = timezone.localdate(at)
    due = _Due(on)
    counted = {person: due.count(scopes) for person, scopes in _workers(on).items()}
    counts = {person: found for person, found in counted.items() if found[0]}
    visit_notifications.tell_of_due(counts, at=at)
    return len(counts)


def _workers(on: datetime.date) -> dict[int, list[Scope]]:
    """Per person who walks a grid: how far the posts reach that make visits."""
    valid = Post.objects.valid_on(on).filter(
        person__is_active=True, body__in=Body.objects.valid_on(on)
    )
    walkers = valid.filter(role=Role.GRID_WORKER).values("person")
    posts = list(valid.filter(role__in=VISITORS, person__in=walkers))
    people = {post.pk: post.person_id for post in posts}
    found: dict[int, list[Scope]] = defaultdict(list)
    for scope in scopes_of_posts(posts, on=on):
        found[people[scope.post_id]].append(scope)
    return found


@dataclass(frozen=True, slots=True)
class _Heap:
    """Visits that are due in one grid, private ones or the others."""

    is_private: bool
    due: int
    late: int


class _Due:
    """What is due on a day, by place; read in one query."""

    def __init__(self, on: datetime.date) -> None:
        self._heaps: list[_Heap] = []
        self._at: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        rows = VisitPlan.objects.due_by(on).order_by()
        columns = ("town", "community", "grid", "target__is_private")
        late = Count("pk", filter=Q(due_on__lt=on))
        for row in rows.values(*columns).annotate(due=Count("pk"), late=late):
            for level in columns[:3]:
                self._at[level, row[level]].append(len(self._heaps))
            self._heaps.append(_Heap(row["target__is_private"], row["due"], row["late"]))

    def count(self, scopes: Iterable[Scope]) -> tuple[int, int]:
        """How many are due within these scopes, and how many of them are late."""
        seen = {number for scope in scopes for number in self._within(scope)}
        heaps = [self._heaps[number] for number in seen]
        return sum(heap.due for heap in heaps), sum(heap.late for heap in heaps)

    def _within(self, scope: Scope) -> list[int]:
        """A post for a whole town or city hears of nobody's private matters (`grids.reach`)."""
        if scope.everywhere:
            return self._open(range(len(self._heaps)))
        towns = [number for key in scope.towns for number in self._at["town", key]]
        near = [
            number
            for level, keys in (("community", scope.communities), ("grid", scope.grids))
            for key in keys
            for number in self._at[level, key]
        ]
        return self._open([*towns, *near]) if scope.towns else near

    def _open(self, numbers: Sequence[int]) -> list[int]:
        return [number for number in numbers if not self._heaps[number].is_private]
