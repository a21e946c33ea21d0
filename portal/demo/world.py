"""What lives are told from: who is where, which matters there are, where grids lie."""

import datetime
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from django.db.models import Q

from grids.models import Boundary, Level, PostTerritory
from lib.roles import Role
from organizations.models import Post, User
from portal.demo.duties import frequency
from routing.models import Category, FilingStandard


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in a grid, with the keys of what it lies in."""

    lon: float
    lat: float
    grid_id: int
    community_id: int
    town_id: int
    community_name: str


class World:
    """A snapshot of the demo's people, matters and grids, in a fixed number of queries."""

    def __init__(self, *, on: datetime.date) -> None:
        posts = Post.objects.valid_on(on).select_related("person").order_by("pk")
        self.people: dict[int, User] = {}
        self._by_role: dict[str, list[User]] = defaultdict(list)
        self._heads: dict[int, User] = {}
        for post in posts:
            self.people[post.pk] = post.person
            self._by_role[post.role].append(post.person)
            if post.role == Role.DEPARTMENT_HEAD:
                self._heads[post.body_id] = post.person
        self._grid_workers = self._read_grid_workers(on)
        self._grids = list(
            Boundary.objects.valid_on(on)
            .filter(territory__level=Level.GRID, territory__parent__parent__isnull=False)
            .select_related("territory__parent")
            .order_by("territory__code")
        )
        self._outlines = [shapely.geometry.shape(row.geometry) for row in self._grids]
        self.matters, self.weights = self._read_matters(on)

    def _read_grid_workers(self, on: datetime.date) -> dict[int, User]:
        rows = PostTerritory.objects.valid_on(on).filter(post__role=Role.GRID_WORKER)
        found = rows.select_related("post__person").order_by("pk")
        return {row.territory_id: row.post.person for row in found}

    @staticmethod
    def _read_matters(
        on: datetime.date,
    ) -> tuple[list[tuple[Category, FilingStandard]], list[float]]:
        standards = FilingStandard.objects.valid_on(on).filter(
            ~Q(category__is_emergency=True), category__parent__isnull=False
        )
        found = list(standards.select_related("category__parent", "skill").order_by("pk"))
        return [(row.category, row) for row in found], [frequency(row) for row in found]

    def spot(self, chance: random.Random) -> Spot:
        """A point somewhere in a grid, each grid as often as any other."""
        index = chance.randrange(len(self._grids))
        outline, row = self._outlines[index], self._grids[index]
        point = _point_in(outline, chance)
        community = row.territory.parent
        return Spot(
            lon=round(point.x, 6),
            lat=round(point.y, 6),
            grid_id=row.territory_id,
            community_id=community.pk,
            town_id=community.parent_id,
            community_name=community.name,
        )

    def grid_worker(self, spot: Spot, chance: random.Random) -> User:
        return self._grid_workers.get(spot.grid_id) or self.anyone(Role.GRID_WORKER, chance)

    def head_of(self, body: int) -> User | None:
        return self._heads.get(body)

    def anyone(self, role: str, chance: random.Random, *, but: User | None = None) -> User:
        """Somebody with the role, other than `but`."""
        people: Sequence[User] = self._by_role[role]
        return chance.choice([person for person in people if person != but])


def _point_in(outline: shapely.Geometry, chance: random.Random) -> shapely.Point:
    west, south, east, north = outline.bounds
    for _attempt in range(40):
        point = shapely.Point(chance.uniform(west, east), chance.uniform(south, north))
        if outline.contains(point):
            return point
    return outline.representative_point()
