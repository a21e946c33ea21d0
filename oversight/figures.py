"""Numbers of a period: sums of counts by day and month, and what stands at its end."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Count as HowMany
from django.db.models import Q, QuerySet, Sum

from oversight.measures import FLOWS, MEASURES, STOCKS
from oversight.models import Count, Fact, Standing
from oversight.models.counts import DAY, MONTH
from oversight.models.facts import ALL
from oversight.periods import Period
from oversight.subjects import KINDS, Subject

Numbers = dict[str, int]


def numbers_of(
    of: str, keys: Collection[int], period: Period, *, now: datetime.datetime
) -> dict[int, Numbers]:
    """Stored numbers by key, in three queries however many keys and days there are."""
    found: dict[int, Numbers] = {key: defaultdict(int) for key in keys}
    kind, column = KINDS[of]
    rows = Count.objects.filter(_within(period), kind=kind, key__in=keys)
    sums = rows.values("key").annotate(**{f"sum_{code}": Sum(code) for code in FLOWS})
    for key, *counts in sums.values_list("key", *(f"sum_{code}" for code in FLOWS)):
        found[key].update(zip(FLOWS, counts, strict=True))
    for key, measure, count in _standing(column, keys, period.end(now)):
        found[key][measure] += count
    return found


def _within(period: Period) -> Q:
    within = Q(pk__in=[])
    if months := period.months():
        within |= Q(span=MONTH, start__range=(months[0], months[-1]))
    for first, last in period.ranges():
        within |= Q(span=DAY, start__range=(first, last))
    return within


def _standing(
    column: str, keys: Collection[int], moment: datetime.datetime
) -> Iterable[tuple[int, str, int]]:
    """(key, measure, how many) at the moment."""
    for rows in _stood(moment):
        if not column:
            found = rows.values_list("measure").annotate(count=HowMany("id"))
            yield from ((0, measure, count) for measure, count in found)
        else:
            mine = rows.filter(**{f"{column}__in": keys})
            yield from mine.values_list(column, "measure").annotate(count=HowMany("id"))


def _stood(moment: datetime.datetime) -> tuple[QuerySet[Standing], QuerySet[Standing]]:
    """What lasts, and what has ended since: each along its own index."""
    begun = Standing.objects.filter(measure__in=STOCKS, since__lte=moment)
    return begun.filter(until=None), begun.filter(until__gt=moment)


def trend_of(subject: Subject, period: Period) -> list[tuple[datetime.date, Numbers]]:
    """Flows by day, or by month where the period is long; days without any are left out."""
    span = MONTH if period.is_long else DAY
    rows = Count.objects.filter(
        kind=subject.kind, key=subject.key, span=span, start__range=(period.first, period.last)
    )
    return [
        (row["start"], {code: row[code] for code in FLOWS})
        for row in rows.order_by("start").values("start", *FLOWS)
    ]


def facts_behind(subject: Subject, measures: Sequence[str], period: Period) -> QuerySet[Fact]:
    """The rows that flows count, the newest first."""
    rows = Fact.objects.filter(measure__in=measures, day__range=(period.first, period.last))
    return _of_subject(rows, subject)


def standings_behind(
    subject: Subject, measures: Sequence[str], moment: datetime.datetime
) -> QuerySet[Standing]:
    """The rows that stocks count, what has stood longest first."""
    return _of_subject(Standing.objects.at(moment).filter(measure__in=measures), subject)


def rows_behind(
    subject: Subject, code: str, period: Period, *, standing: bool, now: datetime.datetime
) -> tuple[QuerySet, bool]:
    """The rows that a measure counts, and whether they are of what stands at the period's end:
    where a measure counts both, only if `standing` is asked for."""
    stored = MEASURES[code].stored
    flows, stocks = ([part for part in stored if part in some] for some in (FLOWS, STOCKS))
    if stocks and (standing or not flows):
        return standings_behind(subject, stocks, period.end(now)), True
    return facts_behind(subject, flows, period), False


def _of_subject(rows: QuerySet, subject: Subject) -> QuerySet:
    if subject.of != ALL:
        rows = rows.filter(**{KINDS[subject.of][1]: subject.key})
    return rows.select_related("case__category", "case__community", "case__lead_body")


def is_stock(code: str) -> bool:
    return any(part in STOCKS for part in MEASURES[code].stored)


def has_both(code: str) -> bool:
    """Whether a measure counts what happened, and what stands besides."""
    return len({part in STOCKS for part in MEASURES[code].stored}) == 2
