"""Checks of what the public is told: totals, statements, donations, offices, terms.

Each yields what is wrong, as in `funding.checks`, which runs them all.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.db.models import F, Q

from funding.models import (
    DONATION,
    CollectiveOffice,
    CountedLine,
    Donation,
    Entry,
    Kinship,
    MonthTotal,
    Statement,
    UseReport,
)
from funding.totals import KEY, month_of, summed
from lib.chain import first_break

Total = tuple[object, ...]


def totals_equal_their_entries() -> Iterator[str]:
    """The totals of months, recounted from the entries, are the stored ones, line by line."""
    stored: defaultdict[int, dict[Total, tuple[int, int]]] = defaultdict(dict)
    for line, *key, amount, entries in MonthTotal.objects.values_list(
        "line_id", *KEY, "amount", "entries"
    ):
        stored[line][tuple(key)] = (amount, entries)
    for line, number in CountedLine.objects.order_by("line").values_list("line_id", "number"):
        recounted = _recounted(line, number)
        if recounted != stored.pop(line, {}):
            yield f"line {line}: its totals of months are not those of its entries up to {number}"
    for line in sorted(stored):
        yield f"line {line}: has totals, but was never counted"


def _recounted(line: int, number: int) -> dict[Total, tuple[int, int]]:
    sums: dict[Total, tuple[int, int]] = {}
    counted = Entry.objects.filter(line=line, number__lte=number)
    for moment, *key, amount, entries in summed(counted):
        names = (month_of(moment), *key)
        before = sums.get(names, (0, 0))
        sums[names] = (before[0] + amount, before[1] + entries)
    return sums


def statements_are_intact() -> Iterator[str]:
    """Published statements and reports of use are as they were: each chain holds."""
    statements = Statement.objects.order_by("body", "number").iterator(500)
    for body, of_body in groupby(statements, key=attrgetter("body_id")):
        if broken := first_break(of_body):
            yield f"body {body}: its statement {broken.number} is not what was published"
    reports = UseReport.objects.order_by("project", "number").iterator(500)
    for project, of_project in groupby(reports, key=attrgetter("project_id")):
        if wrong := first_break(of_project):
            yield f"project {project}: its report {wrong.number} is not what was published"


def donations_are_money_of_their_lines() -> Iterator[str]:
    """Each received donation is one entry of its amount on its line, of the source of donations."""
    received = Donation.objects.received().order_by("pk")
    strange = received.exclude(
        line__source__code=DONATION,
        posting__entries__line=F("line"),
        posting__entries__amount=F("amount"),
    )
    for pk in strange.values_list("pk", flat=True):
        yield f"donation {pk}: is not in the ledger as it was receipted"
    misused = received.filter(purpose__isnull=False).exclude(
        Q(line__purposes__isnull=True) | Q(line__purposes__purpose=F("purpose"))
    )
    for pk in misused.values_list("pk", flat=True).distinct():
        yield f"donation {pk}: its line no longer serves the donor's purpose"


def offices_do_not_conflict() -> Iterator[str]:
    """Nobody supervises a collective that they or a near relative direct or keep the books of."""
    kin = set(Kinship.objects.values_list("first", "second"))
    rows = list(CollectiveOffice.objects.order_by("body", "pk"))
    for body, group in groupby(rows, key=attrgetter("body_id")):
        held = list(group)
        for one in held:
            for other in held:
                if one.pk < other.pk and _conflict(one, other, kin):
                    yield f"body {body}: offices {one.pk} and {other.pk} may not be held together"


def _conflict(one: CollectiveOffice, other: CollectiveOffice, kin: set[tuple[int, int]]) -> bool:
    ends = (one.valid_to, other.valid_to)
    apart = (ends[0] is not None and ends[0] <= other.valid_from) or (
        ends[1] is not None and ends[1] <= one.valid_from
    )
    if apart:
        return False
    supervisor = CollectiveOffice.Office.SUPERVISOR
    across = (one.office == supervisor) != (other.office == supervisor)
    related = (min(one.person_id, other.person_id), max(one.person_id, other.person_id)) in kin
    directors = {one.office, other.office} == {CollectiveOffice.Office.DIRECTOR}
    if one.person_id == other.person_id:
        return across
    return related and (across or directors)
