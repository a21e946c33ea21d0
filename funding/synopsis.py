"""What the totals say: where money came from, on which lines and purposes it went, what is left.

Everything is read from `MonthTotal`, so its cost does not grow with the number of entries.
Amounts are fen.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from funding.models import Bucket, Kind, Line, MonthTotal, Purpose

Step = tuple[str, str]
_IN = (Bucket.OUTSIDE, Bucket.AVAILABLE)
_RESERVED = (Bucket.AVAILABLE, Bucket.RESERVED)
_OWED = (Bucket.RESERVED, Bucket.PAYABLE)
_PAID = (Bucket.PAYABLE, Bucket.SPENT)


@dataclass(slots=True)
class Flows:
    """Net movements of one line (or many) in a period.

    `opening` and `closing` are what stood on it (free, reserved and payable) before and after.
    """

    opening: int = 0
    received: int = 0
    transferred: int = 0
    reserved: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    owed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def spent(self) -> int:
        return sum(self.paid.values())

    @property
    def closing(self) -> int:
        return self.opening + self.received + self.transferred - self.spent

    def take(self, kind: str, step: Step, purpose: int | None, amount: int) -> None:
        """Add one total of the period."""
        near, far = step
        if Bucket.OUTSIDE in step:
            signed = amount if step == _IN else -amount
            if kind in {Kind.TRANSFER, Kind.ENTRUST}:
                self.transferred += signed
            else:
                self.received += signed
            return
        for forwards, sums in ((_RESERVED, self.reserved), (_OWED, self.owed), (_PAID, self.paid)):
            if (near, far) == forwards:
                sums[purpose or 0] += amount
            elif (far, near) == forwards:
                sums[purpose or 0] -= amount

    def take_before(self, step: Step, amount: int) -> None:
        """Add one total from before the period: only what entered, left or was paid counts."""
        if step in {_IN, _PAID[::-1]}:
            self.opening += amount
        elif step in {_IN[::-1], _PAID}:
            self.opening -= amount


def flows_by_line(
    lines: Iterable[int], first: datetime.date, end: datetime.date
) -> dict[int, Flows]:
    """Flows of each line from the month `first` to before the month `end`: two queries."""
    found: dict[int, Flows] = defaultdict(Flows)
    totals = MonthTotal.objects.filter(line__in=lines)
    key = ("line_id", "kind", "source_bucket", "target_bucket", "purpose_id")
    within = totals.between(first, end).values(*key).annotate(sum=Sum("amount")).order_by()
    for line, kind, near, far, purpose, amount in within.values_list(*key, "sum"):
        found[line].take(kind, (near, far), purpose, amount)
    steps = ("line_id", "source_bucket", "target_bucket")
    before = totals.filter(month__lt=first).values(*steps).annotate(sum=Sum("amount")).order_by()
    for line, near, far, amount in before.values_list(*steps, "sum"):
        found[line].take_before((near, far), amount)
    return found


def merged(flows: Iterable[Flows]) -> Flows:
    """Many lines as one."""
    whole = Flows()
    for one in flows:
        whole.opening += one.opening
        whole.received += one.received
        whole.transferred += one.transferred
        for mine, theirs in (
            (whole.reserved, one.reserved),
            (whole.owed, one.owed),
            (whole.paid, one.paid),
        ):
            for purpose, amount in theirs.items():
                mine[purpose] += amount
    return whole


def next_month(month: datetime.date) -> datetime.date:
    return (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def purpose_names() -> dict[int, str]:
    return {purpose.pk: str(purpose) for purpose in Purpose.objects.all()}


def summary_of(line: Line, flows: Flows) -> dict[str, Any]:
    """A line's part of a statement, as JSON; purposes by code so that any language can show it."""
    return {
        "line": line.code,
        "name": line.name,
        "name_en": line.name_en,
        "source": line.source.code,
        "opening": flows.opening,
        "received": flows.received,
        "transferred": flows.transferred,
        "spent": flows.spent,
        "closing": flows.closing,
    }
