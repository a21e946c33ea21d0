"""Step 1, the place: the territories that a point lies in, the smallest first."""

import datetime
from collections import defaultdict
from typing import Self

from grids.models import AreaMembership, Level, Territory
from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing

_SMALL = (Level.GRID, Level.BUILDING)  # their way up is told by the facts


class Places:
    def __init__(
        self,
        rows: list[tuple[int, int | None, str, str]],
        areas: dict[int, list[int]],
    ) -> None:
        self._parents = {key: parent for key, parent, _name, _name_en in rows}
        self._names = {key: (name, name_en or name) for key, _parent, name, name_en in rows}
        self._areas = areas
        self._above: dict[int, tuple[int, ...]] = {}

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Two queries."""
        rows = Territory.objects.valid_on(on).exclude(level__in=_SMALL)
        areas: dict[int, list[int]] = defaultdict(list)
        members = AreaMembership.objects.valid_on(on).order_by("area_id")
        for town, area in members.values_list("town_id", "area_id"):
            areas[town].append(area)
        return cls(list(rows.values_list("id", "parent_id", "name", "name_en")), areas)

    def name(self, territory_id: int) -> Names:
        return self._names.get(territory_id, ("", ""))

    def chain(self, weighing: Weighing) -> tuple[int, ...]:
        """Grid, community, town, functional areas, city: as far as the place is known."""
        facts = weighing.facts
        known = tuple(
            key for key in (facts.grid_id, facts.community_id, facts.town_id) if key is not None
        )
        if not known:
            weighing.refuse(RefusalCode.NO_PLACE)
        weighing.because(
            "place_in_grid" if facts.grid_id is not None else "place",
            territory=self.name(facts.community_id or facts.town_id or known[0]),
        )
        return known + self._over(known[-1])

    def _over(self, territory_id: int) -> tuple[int, ...]:
        above = self._above.get(territory_id)
        if above is None:
            parent = self._parents.get(territory_id)
            above = tuple(self._areas.get(territory_id, ()))
            if parent is not None:
                above += (parent, *self._over(parent))
            self._above[territory_id] = above
        return above
