"""What the duty list of a town asks of its bodies: skills, money, and how much of the work."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Q

from grids.models import Territory
from routing.models import Category, DutyEntry, FilingStandard

# How often matters of a large class come in, by its code; every other class: 1.
_FREQUENCY = {
    "appearance": 16,
    "facilities": 12,
    "street-order": 10,
    "fire-safety": 7,
    "rental-population": 5,
    "property": 6,
    "disputes": 5,
    "traffic": 5,
    "greening": 4,
    "environment-water": 3,
}


def frequency(standard: FilingStandard) -> float:
    """How often this standard is met, beside the others; emergencies are not invented."""
    parent = standard.category.parent
    if standard.category.is_emergency:
        return 0
    return _FREQUENCY.get(parent.code if parent else "", 1) / standard.rank


class Needs:
    """Per body what it leads and pays for in one town, read from the duty list."""

    def __init__(self, town: Territory, *, on: datetime.date) -> None:
        self._entries: dict[int | None, list[DutyEntry]] = defaultdict(list)
        here = Q(territory=town) | Q(territory__parent=town)
        for entry in DutyEntry.objects.valid_on(on).filter(here):
            self._entries[entry.category_id].append(entry)
        self._parents = dict(Category.objects.values_list("pk", "parent_id"))
        self.leading: set[int] = set()
        self.skills: dict[int, set[str]] = defaultdict(set)
        # payer → purposes; payer → what one case costs it on the average (fen)
        self.purposes: dict[int, set[int]] = defaultdict(set)
        self.cost: dict[int, float] = defaultdict(float)
        self._standards: Counter[int] = Counter()
        standards = list(
            FilingStandard.objects.valid_on(on).select_related("skill", "category__parent")
        )
        often = sum(map(frequency, standards))
        for standard in standards:
            entries = self._entries_for(standard.category_id)
            for entry in entries:
                self._add(standard, entry, share=frequency(standard) / often / len(entries))

    def _add(self, standard: FilingStandard, entry: DutyEntry, *, share: float) -> None:
        self.leading.add(entry.lead_id)
        self._standards[entry.lead_id] += 1
        if standard.skill is not None:
            self.skills[entry.lead_id].add(standard.skill.code)
        if standard.cost and standard.purpose_id is not None:
            payer = entry.payer_id or entry.lead_id
            self.purposes[payer].add(standard.purpose_id)
            self.cost[payer] += share * standard.cost

    def _entries_for(self, category: int) -> list[DutyEntry]:
        keys = (key for key in self._upwards(category) if key in self._entries)
        return self._entries.get(next(keys, -1), [])

    def _upwards(self, category: int | None) -> Iterator[int | None]:
        while category is not None:
            yield category
            category = self._parents[category]
        yield None

    def handlers(self, body: int) -> int:
        """How many handlers a body should have: two, and one more for every six standards."""
        return 2 + self._standards[body] // 6
