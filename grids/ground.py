"""All outlines of a day as units (a territory and its parts), each with a digest of its shapes."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Self

import numpy
import shapely
from django.db.models import TextField
from django.db.models.functions import Cast

from grids.coverage import Unit
from grids.models import Boundary, Level, Territory

# Which level the parts of a level are of.
PART_OF = {Level.CITY: Level.TOWN, Level.TOWN: Level.COMMUNITY, Level.COMMUNITY: Level.GRID}
# The ground above all towns, where no city has been founded.
NOWHERE = 0


@dataclass(frozen=True, slots=True)
class _Row:
    key: int
    level: str
    parent: int | None
    spelled: str


class Board:
    """Outlines of towns, communities and grids; geometry is read when it is first asked for."""

    def __init__(self, rows: Collection[_Row], places: dict[int, tuple[int | None, str]]) -> None:
        self._rows = {row.key: row for row in rows}
        self.places = places
        self._parts: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            if row.level in PART_OF.values():
                self._parts[row.parent or NOWHERE].append(row.key)
        self._shapes: dict[int, Any] = {}

    @classmethod
    def load(cls, day: datetime.date) -> Self:
        """Two queries."""
        rows = (
            Boundary.objects.current(on=day)
            .annotate(spelled=Cast("geometry", TextField()))
            .values_list("territory_id", "territory__level", "territory__parent_id", "spelled")
        )
        places = {
            key: (parent, level)
            for key, parent, level in Territory.objects.valid_on(day).values_list(
                "pk", "parent_id", "level"
            )
        }
        return cls([_Row(*row) for row in rows.iterator(chunk_size=2000)], places)

    def units(self) -> list[int]:
        """Keys of all units in order: what has outlined parts, and communities without any.

        A community that nobody has divided is one blind area once its town has grids.
        """
        divided = {
            row.parent for key, row in self._rows.items()
            if row.level == Level.COMMUNITY and self._parts.get(key)
        }  # fmt: skip
        bare = {
            key for key, row in self._rows.items()
            if row.level == Level.COMMUNITY and row.parent in divided
        }  # fmt: skip
        return sorted(bare | {key for key, parts in self._parts.items() if parts})

    def digest(self, unit: int) -> str:
        found = blake2b(digest_size=16)
        for key in (unit, *sorted(self._parts.get(unit, ()))):
            row = self._rows.get(key)
            found.update(f"{key} {row.spelled if row else ''}\n".encode())
        return found.hexdigest()

    def unit(self, key: int) -> Unit:
        parts = sorted(self._parts.get(key, ()))
        border = self.shapes([key])[0] if key in self._rows else None
        return Unit(key or None, border, parts, self.shapes(parts))

    def level_of_parts(self, key: int) -> str:
        """The level whose territories are the parts of a unit."""
        return PART_OF[Level(self.places[key][1])] if key else Level.TOWN

    def all_at(self, level: str) -> list[int]:
        return sorted(key for key, row in self._rows.items() if row.level == level)

    def shapes(self, keys: Collection[int]) -> numpy.ndarray[Any, Any]:
        missing = [key for key in keys if key not in self._shapes]
        if missing:
            spelled = numpy.array([self._rows[key].spelled for key in missing], dtype=object)
            self._shapes |= zip(missing, shapely.from_geojson(spelled), strict=True)
        found = numpy.empty(len(keys), dtype=object)
        found[:] = [self._shapes[key] for key in keys]
        return found

    def line_of(self, key: int | None) -> Iterator[tuple[str, int]]:
        """(level, key) of a territory and of all above it."""
        while key is not None and key in self.places:
            parent, level = self.places[key]
            yield level, key
            key = parent
