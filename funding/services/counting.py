"""Entries become totals of months, each counted once; pages never add up entries."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from funding.models import CountedLine, Entry, Line, MonthTotal
from funding.totals import KEY, month_of, summed

AT_ONCE = 20_000


def count_entries() -> int:
    """Bring the totals of all lines up to their newest entries; how many entries were counted."""
    missing = Line.objects.filter(version__gt=0, counted=None)
    CountedLine.objects.bulk_create(
        [CountedLine(line=line) for line in missing], ignore_conflicts=True
    )
    behind = CountedLine.objects.behind().order_by("line").values_list("line", flat=True)
    return sum(count_line(line) for line in list(behind))


def count_line(line: int) -> int:
    """Count what is new on one line, so many entries at a time; how many they were."""
    counted = 0
    while step := _count_some(line):
        counted += step
    return counted


@transaction.atomic
def _count_some(line: int) -> int:
    """The row of the cursor is the lock: two who count one line wait for each other."""
    cursor = CountedLine.objects.select_for_update(of=("self",)).get(line=line)
    version = Line.objects.values_list("version", flat=True).get(pk=line)
    upto = min(version, cursor.number + AT_ONCE)
    if upto == cursor.number:
        return 0
    new = Entry.objects.filter(line=line, number__gt=cursor.number, number__lte=upto)
    _add(line, list(summed(new)))
    CountedLine.objects.filter(pk=cursor.pk).update(number=upto)
    return upto - cursor.number


def _add(line: int, sums: list[tuple[Any, ...]]) -> None:
    """Raise the rows that are there, make the others."""
    known = {
        (row.month, row.purpose_id, row.kind, row.source_bucket, row.target_bucket): row.pk
        for row in _touched(line, {month_of(row[0]) for row in sums})
    }
    new = []
    for moment, *key, amount, entries in sums:
        names = (month_of(moment), *key)
        if names in known:
            more = {"amount": F("amount") + amount, "entries": F("entries") + entries}
            MonthTotal.objects.filter(pk=known[names]).update(**more)
        else:
            row = dict(zip(KEY, names, strict=True))
            new.append(MonthTotal(line_id=line, amount=amount, entries=entries, **row))
    MonthTotal.objects.bulk_create(new)


def _touched(line: int, months: set[datetime.date]) -> QuerySet[MonthTotal]:
    return MonthTotal.objects.filter(line=line, month__in=months)
