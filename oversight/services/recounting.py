"""Everything counted anew by the obvious calculation, and held against what pages show."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from cases.models import Case, CaseEvent, Channel
from lib.moments import midnight
from organizations.models import Post
from oversight.measures import FLOWS, STOCKS
from oversight.models import Appraised, Count, Standing
from oversight.models.counts import DAY, MONTH
from oversight.models.facts import ALL, AREA, AREAS, BODY, PERSON, POST
from oversight.periods import Period
from oversight.services.obvious import BY_PERSON, COUNTED, OF_NOBODY, OF_THE_LAST, History

Subject = tuple[str, int]
Key = tuple[str, int, str, datetime.date, str]
# What stood in the past is compared for these; a post or person may have handed it on since.
OF_MOMENTS = frozenset({ALL, AREA, BODY})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A number that pages show and that the histories do not say."""

    what: str
    shown: int
    counted: int


def disagreements(*, at: datetime.datetime) -> Iterator[Disagreement]:
    """Every number that differs. Reads the whole history: for a check, not for a page.

    What stands is compared at `at` and at the ends of the three months before.
    """
    moments = [at, *_ends_of_months(at, 3)]
    flows, stocks = _count_again(moments)
    shown = _shown_flows()
    for key in sorted(flows.keys() | shown.keys(), key=str):
        if flows[key] != shown[key]:
            yield Disagreement(" ".join(map(str, key)), shown[key], flows[key])
    standing = _shown_stocks(moments)
    stocks = Counter({key: count for key, count in stocks.items() if key[0] in OF_MOMENTS})
    for found in sorted(stocks.keys() | standing.keys(), key=str):
        if stocks[found] != standing[found]:
            yield Disagreement(" ".join(map(str, found)), standing[found], stocks[found])


def _ends_of_months(at: datetime.datetime, count: int) -> list[datetime.datetime]:
    """The last instants of the months before, newest first."""
    ends: list[datetime.datetime] = []
    day = timezone.localdate(at)
    for _month in range(count):
        ends.append(midnight(day.replace(day=1)) - datetime.timedelta(microseconds=1))
        day = ends[-1].date()
    return ends


def _count_again(moments: list[datetime.datetime]) -> tuple[Counter[Key], Counter[tuple]]:
    flows: Counter[Key] = Counter()
    stocks: Counter[tuple] = Counter()
    people = dict(Post.objects.values_list("pk", "person_id"))
    cases = Case.objects.in_bulk()
    rows = CaseEvent.objects.order_by("case_id", "number")
    for key, events in groupby(rows.iterator(chunk_size=2000), lambda event: event.case_id):
        past = History(cases[key], list(events))
        _add_flows(past, people, flows)
        _add_stocks(past, people, moments, stocks)
    return flows, stocks


def _add_flows(past: History, people: dict[int, int], flows: Counter[Key]) -> None:
    for measure in COUNTED:
        for place in past.counted(measure):
            day = timezone.localdate(past.events[place].at)
            for kind, key in [*_where(past.case), *_who(past, measure, place, people)]:
                flows[kind, key, DAY, day, measure] += 1
                flows[kind, key, MONTH, day.replace(day=1), measure] += 1


def _where(case: Case) -> list[Subject]:
    keys = [getattr(case, name) for name in AREAS]
    return [(ALL, 0), *((AREA, key) for key in keys if key)]


def _who(past: History, measure: str, place: int, people: dict[int, int]) -> list[Subject]:
    if measure in OF_NOBODY:
        return []
    if measure in BY_PERSON:
        from_web = measure == "reported" and past.case.channel == Channel.WEB
        return [] if from_web else [(PERSON, past.events[place].by_id)]
    body, post = past.last_lead(place) if measure in OF_THE_LAST else past.lead(place)
    person = people.get(post or 0)
    named = [(BODY, body), (POST, post), (PERSON, person)]
    return [(kind, key) for kind, key in named if key]


def _add_stocks(
    past: History, people: dict[int, int], moments: list[datetime.datetime], stocks: Counter[tuple]
) -> None:
    for moment in moments:
        for measure in STOCKS:
            if past.stands(measure, moment):
                body, post = past.holder_at(moment)
                holders = [(BODY, body), (POST, post), (PERSON, people.get(post or 0))]
                for subject in [*_where(past.case), *(one for one in holders if one[1])]:
                    stocks[(*subject, moment, measure)] += 1


def _shown_flows() -> Counter[Key]:
    shown: Counter[Key] = Counter()
    for row in Count.objects.values("kind", "key", "span", "start", *FLOWS).iterator():
        for measure in FLOWS:
            if row[measure]:
                shown[row["kind"], row["key"], row["span"], row["start"], measure] = row[measure]
    return shown


def _shown_stocks(moments: list[datetime.datetime]) -> Counter[tuple]:
    shown: Counter[tuple] = Counter()
    for moment in moments:
        for row in Standing.objects.at(moment):
            for kind, key in row.subjects():
                if kind in OF_MOMENTS:
                    shown[kind, key, moment, row.measure] += 1
    return shown


# -- Appraisals ------------------------------------------------------------------------------------


def recounted(
    rows: Iterable[Appraised], period: Period, *, at: datetime.datetime
) -> dict[int, Counter[str]]:
    """By key of the appraised: the numbers of cases in a period, counted from the histories."""
    end = period.end(at)
    flows, stocks = _count_again([end])
    found: dict[int, Counter[str]] = {}
    for row in rows:
        mine = found[row.pk] = Counter()
        subject = (_kind_of(row), row.key)
        for (kind, key, span, day, measure), count in flows.items():
            if (kind, key) == subject and span == DAY and period.first <= day <= period.last:
                mine[measure] += count
        for (kind, key, _moment, measure), count in stocks.items():
            if (kind, key) == subject:
                mine[measure] += count
    return found


def _kind_of(row: Appraised) -> str:
    if row.person_id is not None:
        return PERSON
    return AREA if row.territory_id is not None else BODY
