"""Step 2, the matter: its small class, the classes above it, and the filing standard."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from routing.matching.facts import Facts, RefusalCode
from routing.matching.weighing import Names, Weighing
from routing.models import Category, FilingStandard
from routing.suggest import Known, known_of, suggestions

_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Standard:
    """A filing standard; limits are (amount, unit), cost is fen."""

    id: int
    category_id: int
    rank: int
    condition: Names
    sign: tuple[int, str]
    handle: tuple[int, str]
    urgent: bool
    points: int
    skill_id: int | None
    skill: Names
    cost: int
    purpose_id: int | None
    purpose: Names


@dataclass(frozen=True, slots=True)
class Class:
    known: Known
    parent_id: int | None
    is_emergency: bool

    @property
    def names(self) -> Names:
        return self.known.name, self.known.name_en


class Catalogue:
    def __init__(
        self,
        classes: dict[int, Class],
        standards: dict[int, list[Standard]],
        ended: dict[int, int],
    ) -> None:
        """`ended`: rank of standards that no longer hold; their successor has the same."""
        self._classes = classes
        self._standards = standards
        self._ended = ended
        self._chains: dict[int, tuple[int, ...]] = {}

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Two queries."""
        standards: dict[int, list[Standard]] = defaultdict(list)
        ended: dict[int, int] = {}
        rows = FilingStandard.objects.filter(valid_from__lte=on)
        rows = rows.order_by("category_id", "rank", "-valid_from", "-id")
        for valid_to, *columns in rows.values_list("valid_to", *_COLUMNS):
            standard = _standard(columns)
            if valid_to is None or on < valid_to:
                standards[standard.category_id].append(standard)
            else:
                ended[standard.id] = standard.rank
        return cls(_classes(on), standards, ended)

    def name(self, category_id: int | None) -> Names:
        found = self._classes.get(category_id) if category_id is not None else None
        return found.names if found else ("一切事项", "every matter")

    def chain(self, category_id: int) -> tuple[int, ...]:
        """The small class, then the classes above it."""
        chain = self._chains.get(category_id)
        if chain is None:
            parent = self._classes[category_id].parent_id
            chain = (category_id, *(self.chain(parent) if parent in self._classes else ()))
            self._chains[category_id] = chain
        return chain

    def small_classes(self) -> list[int]:
        """What a case can be filed under: no class below, and a class above or a standard."""
        above = {row.parent_id for row in self._classes.values()}
        return sorted(
            key
            for key, row in self._classes.items()
            if key not in above and (row.parent_id in self._classes or key in self._standards)
        )

    def is_emergency(self, category_id: int) -> bool:
        return any(self._classes[key].is_emergency for key in self.chain(category_id))

    def points(self, category_id: int) -> int:
        """Of the standard that is taken when nobody chose; 0 without any."""
        standards = self._standards.get(category_id)
        return standards[0].points if standards else 0

    def codes(self, category_id: int | None) -> frozenset[str]:
        """Codes of the small class and of those above it."""
        if category_id is None or category_id not in self._classes:
            return frozenset()
        return frozenset(self._classes[key].known.code for key in self.chain(category_id))

    def stop_emergency(self, weighing: Weighing) -> None:
        """An emergency is never routed, whatever else is known of it."""
        category_id = weighing.facts.category_id
        if category_id is None or category_id not in self._classes:
            return
        if self.is_emergency(category_id):
            weighing.refuse(RefusalCode.EMERGENCY, category=self.name(category_id))

    def standard(self, weighing: Weighing, *, urgent: bool = False) -> Standard:
        """The standard that was chosen; else the first that fits the urgency.

        `urgent`: an order of an emergency makes the matter urgent.
        """
        facts = weighing.facts
        if facts.category_id is None or facts.category_id not in self._classes:
            self._suggest(weighing)
            weighing.refuse(RefusalCode.NO_CATEGORY)
        standards = self._standards.get(facts.category_id)
        if not standards:
            weighing.refuse(
                RefusalCode.NO_CATEGORY, "no_standard", category=self.name(facts.category_id)
            )
        code, standard = self._pick(standards, facts, urgent=urgent or facts.urgent)
        weighing.standard_id = standard.id
        weighing.because(code, category=self.name(facts.category_id), condition=standard.condition)
        return standard

    def _pick(
        self, standards: list[Standard], facts: Facts, *, urgent: bool
    ) -> tuple[str, Standard]:
        """A standard that was replaced since it was chosen stands for its successor."""
        chosen = facts.standard_id
        if chosen is not None:
            rank = self._ended.get(chosen)
            for standard in standards:
                if standard.id == chosen or standard.rank == rank:
                    return "standard_chosen", standard
        found = next((standard for standard in standards if urgent and standard.urgent), None)
        return ("standard_urgent", found) if found else ("standard_first", standards[0])

    def _suggest(self, weighing: Weighing) -> None:
        known = [self._classes[key].known for key in self._standards if key in self._classes]
        for found in suggestions(weighing.facts.text, known, _SUGGESTIONS):
            weighing.candidates.append(
                {
                    "kind": "category",
                    "category": found.category_id,
                    "name": self.name(found.category_id),
                    "score": found.score,
                    "why": "suggested",
                }
            )


def _classes(on: datetime.date) -> dict[int, Class]:
    return {
        row.pk: Class(known_of(row), row.parent_id, row.is_emergency)
        for row in Category.objects.valid_on(on)
    }


# Tuples, not model instances: every batch reads them all.
_COLUMNS = (
    "id",
    "category_id",
    "rank",
    "condition",
    "condition_en",
    "sign_limit",
    "sign_unit",
    "handle_limit",
    "handle_unit",
    "urgent",
    "points",
    "skill_id",
    "skill__name",
    "skill__name_en",
    "cost",
    "purpose_id",
    "purpose__name",
    "purpose__name_en",
)


def _standard(columns: Sequence[Any]) -> Standard:
    row = dict(zip(_COLUMNS, columns, strict=True))
    return Standard(
        id=row["id"],
        category_id=row["category_id"],
        rank=row["rank"],
        condition=(row["condition"], row["condition_en"] or row["condition"]),
        sign=(row["sign_limit"], row["sign_unit"]),
        handle=(row["handle_limit"], row["handle_unit"]),
        urgent=row["urgent"],
        points=row["points"],
        skill_id=row["skill_id"],
        skill=(row["skill__name"] or "", row["skill__name_en"] or ""),
        cost=row["cost"],
        purpose_id=row["purpose_id"],
        purpose=(row["purpose__name"] or "", row["purpose__name_en"] or ""),
    )
