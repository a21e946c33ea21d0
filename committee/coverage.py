"""How far party work reaches the new organisations: figures per town and community."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from committee.models import CoverageRule
from committee.models.two_new import NewOrganisationQuerySet
from grids.models import Territory


@dataclass(frozen=True, slots=True)
class Covered:
    """Counts of a place. Shares are whole per cents; None where there is nothing to cover."""

    place: Territory | None
    total: int
    in_form: int
    in_effect: int
    gaps: int

    @property
    def share_in_form(self) -> int | None:
        return _share(self.in_form, self.total)

    @property
    def share_in_effect(self) -> int | None:
        return _share(self.in_effect, self.total)

    @property
    def tone(self) -> str:
        """Of the map: nothing lacks, lacks in effect only, lacks in form."""
        if self.gaps == 0:
            return "done"
        return "asked" if self.in_form == self.total else "overdue"


def _share(part: int, whole: int) -> int | None:
    """Rounded down: only what is wholly covered says 100."""
    return part * 100 // whole if whole else None


def by_community(
    rows: NewOrganisationQuerySet, rule: CoverageRule, *, on: datetime.date
) -> list[Covered]:
    """One row per community that has any, by code; two queries."""
    judged = rows.existing(on).judged(rule, on=on)
    found = (
        judged.values("community")
        .annotate(
            total=Count("pk"),
            form=Count("pk", filter=Q(in_form=True)),
            effect=Count("pk", filter=Q(in_form=True, is_active=True)),
            gaps=Count("pk", filter=~Q(gap="")),
        )
        .order_by("community__code")
        .values_list("community", "total", "form", "effect", "gaps")
    )
    counts = list(found)
    places = Territory.objects.select_related("parent").in_bulk([row[0] for row in counts])
    return [Covered(places[community], *numbers) for community, *numbers in counts]


def summed(rows: Iterable[Covered], place: Territory | None = None) -> Covered:
    """Of all of them together."""
    every = list(rows)
    return Covered(
        place,
        sum(row.total for row in every),
        sum(row.in_form for row in every),
        sum(row.in_effect for row in every),
        sum(row.gaps for row in every),
    )


def by_town(rows: Iterable[Covered]) -> list[Covered]:
    towns: dict[int, tuple[Territory, list[Covered]]] = {}
    for row in rows:
        town = row.place.parent if row.place else None
        if town is not None:
            towns.setdefault(town.pk, (town, []))[1].append(row)
    return [summed(inside, town) for town, inside in towns.values()]


def with_gaps(rows: Any, gap: str = "") -> NewOrganisationQuerySet:
    """Of judged rows those that lack something, or just this."""
    found: NewOrganisationQuerySet = rows.filter(gap=gap) if gap else rows.exclude(gap="")
    return found
