"""The names by which text speaks of towns and communities, longest first."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import cached_property

from grids.models import Level, Territory
from grids.models.changes import BOUNDARIES
from grids.reference import read_rows
from grids.snapshots import Snapshot

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(slots=True)
class Meaning:
    """What a name may stand for: towns, and communities with their towns (primary keys)."""

    towns: set[int] = field(default_factory=set)
    communities: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text, from `start` to `end` (excluded)."""

    start: int
    end: int
    name: str
    meaning: Meaning


class Names:
    """All names of a day's territory. Scanning takes the leftmost, then the longest name.

    Phrases that only look like a name (`grids/reference/not_places.csv`) take part as names that
    mean nothing, and so hide the name inside them; so does the city's own name.
    """

    def __init__(self, day: datetime.date) -> None:
        self.meanings: dict[str, Meaning] = defaultdict(Meaning)
        self.towns: dict[int, Territory] = {}
        for territory in self._places(day):
            for name in self._spoken(territory):
                if _CHINESE.fullmatch(name):
                    self._add(name, territory)
        for row in read_rows("not_places"):
            self.meanings[row["phrase"]] = Meaning()

    @staticmethod
    def _places(day: datetime.date) -> Iterator[Territory]:
        levels = [Level.CITY, Level.TOWN, Level.COMMUNITY]
        yield from Territory.objects.valid_on(day).filter(level__in=levels).order_by("pk")

    @staticmethod
    def _spoken(territory: Territory) -> set[str]:
        """People say 村 and 社区 for one another: of a community only the bare name tells."""
        bare = territory.short_name or territory.name
        also = {territory.name} if territory.level != Level.COMMUNITY else set()
        return {bare, *territory.aliases} | also

    def _add(self, name: str, territory: Territory) -> None:
        if territory.level == Level.TOWN:
            self.meanings[name].towns.add(territory.pk)
        elif territory.level == Level.CITY:
            self.meanings[name] = Meaning()
        elif territory.parent_id is not None:
            self.meanings[name].communities[territory.pk] = territory.parent_id

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self.meanings:
            lengths[name[0]].add(len(name))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def scan(self, text: str) -> Iterator[Found]:
        position = 0
        while position < len(text):
            for length in self._lengths.get(text[position], ()):
                name = text[position : position + length]
                if name in self.meanings:
                    yield Found(position, position + length, name, self.meanings[name])
                    position += length
                    break
            else:
                position += 1


names = Snapshot(BOUNDARIES, Names)
