"""What dashboards and the public page count: hours by month, and each community's sums."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.roles import COMMITTEE, Role
from volunteers.models import HelpDeal, Presence, Volunteer, Wish
from volunteers.models.hours import PresenceQuerySet
from volunteers.models.people import ORGANIZERS
from volunteers.models.wishes import SCREENERS
from volunteers.workflow.wishes import DealState, WishState

# Who watches how volunteers and wishes of a place are doing.
OVERSEERS = ORGANIZERS | SCREENERS | COMMITTEE | {Role.SUPERVISOR}
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Confirmed hours of a month: `first` is its first day."""

    first: datetime.date
    minutes: int = 0
    times: int = 0
    people: int = 0

    @property
    def label(self) -> str:
        return f"{self.first:%Y-%m}"


def months_before(day: datetime.date, count: int = MONTHS) -> list[datetime.date]:
    """The first days of the last `count` months, that of `day` the last of them."""
    last = day.year * 12 + day.month - 1
    return [
        datetime.date(number // 12, number % 12 + 1, 1)
        for number in range(last - count + 1, last + 1)
    ]


def by_month(rows: PresenceQuerySet, *, on: datetime.date) -> list[Month]:
    """Confirmed hours among `rows` in the last twelve months, one query; empty months are zero."""
    firsts = months_before(on)
    found = {row["month"].date(): row for row in rows.confirmed().since(firsts[0]).by_month()}
    return [
        Month(first, row["sum"], row["times"], row["people"])
        if (row := found.get(first))
        else Month(first)
        for first in firsts
    ]


def chart_of(months: Iterable[Month]) -> dict[str, Any]:
    """What `charts.js` draws: hours as bars."""
    rows = list(months)
    hours = [round(row.minutes / 60, 1) for row in rows]
    series = [{"name": _("Confirmed hours"), "tone": "action", "data": hours}]
    return {"kind": "bar", "labels": [row.label for row in rows], "series": series}


@dataclass(slots=True)
class OfCommunity:
    """Sums of one community; minutes and granted wishes are of this year."""

    territory: Territory
    volunteers: int = 0
    minutes: int = 0
    open: int = 0
    overdue: int = 0
    granted: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.volunteers or self.minutes or self.open or self.granted)


def by_community(
    communities: Iterable[Territory], *, on: datetime.date, is_public: bool = False
) -> list[OfCommunity]:
    """Sums of each, in their order; three queries for all of them. With `is_public` only wishes
    wait that everybody may read of."""
    found = {row.pk: OfCommunity(row) for row in communities}
    year = datetime.date(on.year, 1, 1)
    people = Volunteer.objects.active().filter(community__in=found)
    for key, count in people.values_list("community").annotate(Count("pk")).order_by():
        found[key].volunteers = count
    stays = Presence.objects.confirmed().since(year)
    where = "signup__shift__activity__community"
    sums = stays.filter(**{f"{where}__in": found}).values_list(where).annotate(Sum("minutes"))
    for key, minutes in sums.order_by():
        found[key].minutes = minutes
    for key, waiting, late, granted in _wishes(found, year, on, is_public=is_public):
        one = found[key]
        one.open, one.overdue, one.granted = waiting, late, granted
    return list(found.values())


def _wishes(keys: Iterable[int], year: datetime.date, on: datetime.date, *, is_public: bool) -> Any:
    shown = Q(is_private=False) if is_public else Q()
    under_way = Q(state__in=[WishState.OPEN, WishState.TAKEN])
    return (
        Wish.objects.filter(community__in=list(keys))
        .values_list("community")
        .annotate(
            waiting=Count("pk", filter=Q(state=WishState.OPEN) & shown),
            late=Count("pk", filter=under_way & Q(needed_by__lt=on)),
            granted=Count("pk", filter=Q(state=WishState.GRANTED, ended_at__date__gte=year)),
        )
        .order_by()
    )


def public_figures(*, on: datetime.date) -> dict[str, int]:
    """Sums that everybody reads, of this year where nothing else is said."""
    year = datetime.date(on.year, 1, 1)
    stays = Presence.objects.confirmed().since(year)
    return {
        "volunteers": Volunteer.objects.active().count(),
        "minutes": stays.minutes(),
        "times": stays.count(),
        "waiting": Wish.objects.listed().open().count(),
        "granted": Wish.objects.filter(state=WishState.GRANTED, ended_at__date__gte=year).count(),
        "helped": HelpDeal.objects.filter(state=DealState.DONE, ended_at__date__gte=year).count(),
    }
