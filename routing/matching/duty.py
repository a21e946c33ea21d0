"""Step 3, duty: the entry of the duty list that is most specific by territory, then by category."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from grids.models import BodyTerritory
from organizations.models import Body
from organizations.models.bodies import Nature
from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing
from routing.models import DutyEntry
from routing.models.duty import Origin


@dataclass(frozen=True, slots=True)
class BodyRecord:
    id: int
    names: Names
    is_community: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """`id` is None where a person chose the lead; `rank` orders precedents and equal entries."""

    id: int | None
    lead_id: int
    payer_id: int | None = None
    assistant_ids: tuple[int, ...] = ()
    category_id: int | None = None
    territory: Names = ("", "")
    is_precedent: bool = False
    rank: tuple[float, int] = (0.0, 0)
    legal_basis: str = ""


class Duties:
    def __init__(
        self,
        bodies: dict[int, BodyRecord],
        entries: dict[tuple[int | None, int], list[Duty]],
        covered: list[tuple[int, int]],
    ) -> None:
        """`covered`: (body, territory)."""
        self.bodies = bodies
        self.covered = covered
        self._entries = entries
        self._spoken_of: dict[int | None, set[int]] = defaultdict(set)
        for category, territory in entries:
            self._spoken_of[category].add(territory)
        self._communities = {
            territory: body
            for body, territory in covered
            if body in bodies and bodies[body].is_community
        }

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Four queries."""
        rows = Body.objects.valid_on(on).values_list("id", "name", "name_en", "kind__nature")
        bodies = {
            key: BodyRecord(key, (name, name_en), nature == Nature.COMMUNITY)
            for key, name, name_en, nature in rows
        }
        covered = BodyTerritory.objects.valid_on(on).order_by("-body_id")
        pairs = list(covered.values_list("body_id", "territory_id"))
        return cls(bodies, _entries(on, bodies), pairs)

    def name(self, body_id: int) -> Names:
        found = self.bodies.get(body_id)
        return found.names if found else ("", "")

    def community_of(self, territory_id: int | None) -> int | None:
        """The residents' or villagers' committee of a community."""
        return None if territory_id is None else self._communities.get(territory_id)

    def territories_of(self, categories: tuple[int, ...]) -> set[int]:
        """Where some entry speaks of these classes (or of every matter)."""
        return {
            territory
            for category in (*categories, None)
            for territory in self._spoken_of.get(category, ())
        }

    def entries_of(self, categories: tuple[int, ...]) -> list[tuple[int, Duty]]:
        """(territory, entry) of everything that speaks of these classes, in a fixed order."""
        return [
            (territory, entry)
            for category in (*categories, None)
            for territory in sorted(self._spoken_of.get(category, ()))
            for entry in self._entries[category, territory]
        ]

    def find(
        self, weighing: Weighing, categories: tuple[int, ...], territories: tuple[int, ...]
    ) -> Duty:
        facts = weighing.facts
        if facts.lead_id is not None:
            weighing.because("duty_chosen", body=self.name(facts.lead_id))
            return Duty(id=None, lead_id=facts.lead_id)
        equals: list[Duty] = []
        for territory_id in territories:
            for category_id in (*categories, None):
                entries = self._entries.get((category_id, territory_id), ())
                usable = [
                    entry for entry in entries if self._may(weighing, entry, decided=bool(equals))
                ]
                equals = equals or usable
        if not equals:
            weighing.refuse(RefusalCode.GAP)
        return self._settled(weighing, equals)

    def _may(self, weighing: Weighing, entry: Duty, *, decided: bool) -> bool:
        """Whether an entry still competes; who does not is noted with the reason."""
        if entry.lead_id not in self.bodies:
            why = "body_ended"
        elif entry.lead_id in weighing.facts.avoid_bodies:
            why = "returned_before"
        elif decided:
            why = "less_specific"
        else:
            return True
        weighing.candidates.append(self._shown(entry, why))
        return False

    def _settled(self, weighing: Weighing, equals: list[Duty]) -> Duty:
        """A precedent settles equals, the newest first; two leads without one are an overlap."""
        precedents = [entry for entry in equals if entry.is_precedent]
        if not precedents and len({entry.lead_id for entry in equals}) > 1:
            weighing.candidates += [self._shown(entry, "equal") for entry in equals]
            names = [self.name(entry.lead_id) for entry in equals]
            weighing.refuse(RefusalCode.OVERLAP, bodies=names)
        chosen = max(precedents or equals, key=lambda entry: entry.rank)
        for entry in equals:
            why = "settled_by_precedent" if precedents else "same_lead"
            weighing.candidates.append(self._shown(entry, "chosen" if entry is chosen else why))
        return chosen

    def _shown(self, entry: Duty, why: str) -> dict[str, Any]:
        return {
            "kind": "duty",
            "duty": entry.id,
            "body": entry.lead_id,
            "name": self.name(entry.lead_id),
            "territory": entry.territory,
            "category": entry.category_id,
            "why": why,
        }


def _entries(
    on: datetime.date, bodies: dict[int, BodyRecord]
) -> dict[tuple[int | None, int], list[Duty]]:
    assistants: dict[int, list[int]] = defaultdict(list)
    ended = Q(dutyentry__valid_to__isnull=False, dutyentry__valid_to__lte=on)
    links = DutyEntry.assistants.through.objects.exclude(ended)
    for entry_id, body_id in links.order_by("body_id").values_list("dutyentry_id", "body_id"):
        if body_id in bodies:
            assistants[entry_id].append(body_id)
    entries: dict[tuple[int | None, int], list[Duty]] = defaultdict(list)
    for row in DutyEntry.objects.valid_on(on).order_by("id").values_list(*_COLUMNS):
        key, category_id, territory_id, *rest = row
        duty = _duty(key, category_id, tuple(assistants.get(key, ())), rest)
        entries[category_id, territory_id].append(duty)
    return entries


# Tuples, not model instances: a city has ten thousand entries, and every batch reads them all.
_COLUMNS = (
    "id",
    "category_id",
    "territory_id",
    "lead_id",
    "payer_id",
    "origin",
    "legal_basis",
    "valid_from",
    "decided_at",
    "territory__name",
    "territory__name_en",
)


def _duty(
    key: int, category_id: int | None, assistant_ids: tuple[int, ...], rest: list[Any]
) -> Duty:
    lead_id, payer_id, origin, legal_basis, valid_from, decided_at, name, name_en = rest
    decided = decided_at.timestamp() if decided_at else float(valid_from.toordinal())
    return Duty(
        id=key,
        lead_id=lead_id,
        payer_id=payer_id,
        assistant_ids=assistant_ids,
        category_id=category_id,
        territory=(name, name_en or name),
        is_precedent=origin == Origin.PRECEDENT,
        rank=(decided, key),
        legal_basis=legal_basis,
    )
