"""History becomes numbers, a batch of cases at a time, each event once.

A case remembers up to which event it was counted. A batch reads cases whose history has grown,
derives what the whole of each history counts for, writes the difference to what it counted for
before, and moves the cases' marks: all in one transaction. So it does not matter in which order
events are committed, how many processes count, or which of them is killed; and what a correction
changes (a place, a lateness forgiven) is counted anew without leaving a trace of the old.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cases.models import Case, CaseEvent
from cases.services import mark_counted
from organizations.models import Post
from oversight.models import Count, Fact, Standing, Turn
from oversight.models.counts import DAY, MONTH
from oversight.services.deriving import Derived, derive
from oversight.services.sums import add_to_counts

BATCH = 500


@dataclass(slots=True)
class Difference:
    """What a batch adds and takes away."""

    gone: dict[type[Any], list[int]] = field(default_factory=lambda: defaultdict(list))
    fresh: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[tuple[Any, ...]] = field(default_factory=Counter)

    def compare(self, model: type[Any], known: Collection[Any], found: Collection[Any]) -> None:
        """Rows that stay are left alone."""
        wanted = {row.same(): row for row in found}
        for row in known:
            if wanted.pop(row.same(), None) is None:
                self.gone[model].append(row.pk)
                self._add(row, -1)
        for row in wanted.values():
            self.fresh[model].append(row)
            self._add(row, 1)

    def _add(self, row: Any, sign: int) -> None:
        if not isinstance(row, Fact):
            return
        for kind, key in row.subjects():
            self.counts[kind, key, DAY, row.day, row.measure] += sign
            self.counts[kind, key, MONTH, row.day.replace(day=1), row.measure] += sign


def count_events(*, limit: int = BATCH) -> int:
    """Count the next cases whose history has grown; how many there were.

    Processes take turns; nobody who moves a case waits for them.
    """
    with transaction.atomic():
        Turn.objects.take()
        return _count_batch(limit)


def _count_batch(limit: int) -> int:
    cases = list(Case.objects.to_count()[:limit])
    if not cases:
        return 0
    keys = [case.pk for case in cases]
    events = _events_of(cases)
    people = _people_of(cases, events)
    derived = [derive(case, events[case.pk], people) for case in cases if case.pk in events]
    _write(_difference(keys, derived))
    mark_counted([(case.pk, case.counted_version, case.version) for case in cases])
    return len(cases)


def _events_of(cases: Sequence[Case]) -> dict[int, list[CaseEvent]]:
    """The events up to the version that the case was read with: what came later waits."""
    seen = {case.pk: case.version for case in cases}
    events: dict[int, list[CaseEvent]] = defaultdict(list)
    rows = CaseEvent.objects.filter(case__in=list(seen)).order_by("case_id", "number")
    for row in rows.defer("hash", "previous_hash", "note_digest"):
        if row.number <= seen[row.case_id]:
            events[row.case_id].append(row)
    return events


def _people_of(cases: Sequence[Case], events: dict[int, list[CaseEvent]]) -> dict[int, int]:
    named = {event.facts.get("post") for rows in events.values() for event in rows}
    posts = {key for key in named | {case.lead_post_id for case in cases} if isinstance(key, int)}
    return dict(Post.objects.filter(pk__in=posts).values_list("pk", "person_id"))


def _difference(keys: Sequence[int], derived: Sequence[Derived]) -> Difference:
    difference = Difference()
    for model, found in (
        (Fact, [row for one in derived for row in one.facts]),
        (Standing, [row for one in derived for row in one.standings]),
    ):
        difference.compare(model, list(model.objects.filter(case__in=keys)), found)
    return difference


def _write(difference: Difference) -> None:
    """Sums in the order of their keys: two that count never wait in a ring."""
    for model in (Fact, Standing):
        if difference.gone[model]:
            model.objects.filter(pk__in=difference.gone[model]).delete()
        model.objects.bulk_create(difference.fresh[model], batch_size=1000)
    add_to_counts(difference.counts)


def count_all() -> int:
    """Count until nothing is left; how many cases."""
    counted = 0
    while looked_at := count_events():
        counted += looked_at
    return counted


@transaction.atomic
def forget_counts() -> None:
    """Throw away what was counted, so that everything is counted anew."""
    for model in (Fact, Standing, Count):
        model.objects.all().delete()
    Case.objects.filter(counted_version__gt=0).update(counted_version=0)
