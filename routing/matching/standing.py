"""The whole duty list at once: every small class in every community, judged as a case would be.

Communities in which no entry of their own speaks of a matter answer as their town does, so the
rules are asked once for each such group and not for each community.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Self

from grids.models import Level, Territory
from lib.worktime import CITY_ZONE
from routing.matching.facts import Facts, RefusalCode
from routing.matching.rules import Rules
from routing.matching.weighing import Undecided, Weighing


class Flaw(StrEnum):
    """缺位, 交叉, 错位."""

    GAP = "gap"
    OVERLAP = "overlap"
    MISPLACED = "misplaced"


_FLAWS = {
    RefusalCode.GAP: Flaw.GAP,
    RefusalCode.OVERLAP: Flaw.OVERLAP,
    RefusalCode.NOT_ADMITTED: Flaw.MISPLACED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`flaw` None: one body answers and may. `reason` is the router's code; `entries` are the
    equal ones of an overlap, or the one by which a community was made to lead."""

    flaw: Flaw | None
    lead_id: int | None = None
    reason: str = ""
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A community and what lies above it, the smallest first."""

    community_id: int
    town_id: int | None
    chain: tuple[int, ...]


class Standing:
    def __init__(self, rules: Rules, places: list[Place], at: datetime.datetime) -> None:
        self.rules = rules
        self.places = places
        self._at = at
        self._spelled_places = repr([place.chain for place in places])

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Twelve queries."""
        rules = Rules.load(on)
        at = datetime.datetime.combine(on, datetime.time(12), tzinfo=CITY_ZONE)
        rows = Territory.objects.valid_on(on).filter(level=Level.COMMUNITY).order_by("pk")
        places = [_place(rules, key, town, at) for key, town in rows.values_list("pk", "parent_id")]
        return cls(rules, places, at)

    def categories(self) -> list[int]:
        """Small classes that the router routes: an emergency goes to the duty officer."""
        catalogue = self.rules.catalogue
        return [key for key in catalogue.small_classes() if not catalogue.is_emergency(key)]

    def row(self, category_id: int) -> list[tuple[Place, Verdict]]:
        """One small class in every community."""
        categories = self.rules.catalogue.chain(category_id)
        points = self.rules.catalogue.points(category_id)
        spoken_of = self.rules.duties.territories_of(categories)
        known: dict[tuple[int, ...], Verdict] = {}
        answers = []
        for place in self.places:
            chain = tuple(key for key in place.chain if key in spoken_of)
            if chain not in known:
                known[chain] = self._verdict(categories, chain, points)
            answers.append((place, known[chain]))
        return answers

    def _verdict(self, categories: tuple[int, ...], chain: tuple[int, ...], points: int) -> Verdict:
        weighing = Weighing(Facts(categories[0], None, None, None, None, self._at))
        try:
            duty = self.rules.duty(weighing, categories, chain)
            self.rules.right(weighing, duty, categories, points)
        except Undecided as refusal:
            equal = [row["duty"] for row in weighing.candidates if row["why"] == "equal"]
            own = [weighing.duty_id] if weighing.duty_id is not None else []
            return Verdict(
                _FLAWS[refusal.code],
                weighing.lead_id,
                weighing.reasons[-1][0],
                tuple(sorted(equal or own)),
            )
        return Verdict(None, duty.lead_id)

    def digest(self, category_id: int) -> str:
        """Equal as long as nothing has changed that the answers for this class follow from."""
        rules = self.rules
        categories = rules.catalogue.chain(category_id)
        entries = [
            (territory, entry.id, entry.category_id, entry.lead_id, entry.is_precedent, entry.rank,
             rules.duties.bodies.get(entry.lead_id))
            for territory, entry in rules.duties.entries_of(categories)
        ]  # fmt: skip
        said = rules.communities.said_of(categories)
        spelled = (categories, entries, said, rules.catalogue.points(category_id))
        return blake2b(f"{spelled!r}{self._spelled_places}".encode(), digest_size=16).hexdigest()


def _place(rules: Rules, key: int, town: int | None, at: datetime.datetime) -> Place:
    facts = Facts(None, None, town, key, None, at)
    return Place(key, town, rules.places.chain(Weighing(facts)))
