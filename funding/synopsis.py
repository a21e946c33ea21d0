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

from funding.models import Bucket, Kind, Line, MonthTotal

Step = tuple[str, str]
_RESERVED = (Bucket.AVAILABLE, Bucket.RESERVED)
_OWED = (Bucket.RESERVED, Bucket.PAYABLE)
_PAID = (Bucket.PAYABLE, Bucket.SPENT)
_STANDING: dict[str, str] = {
    Bucket.AVAILABLE: "free",
    Bucket.RESERVED: "reserved",
    Bucket.PAYABLE: "payable",
}


@dataclass(slots=True)
class Flows:
    """Net movements of a line (or many) in a period, and how it stood at its end, in fen.

    `committed`, `owed` and `paid`: purpose → fen of the period; the rest are sums.
    """

    received: int = 0
    transferred: int = 0
    committed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    owed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    free: int = 0
    reserved: int = 0
    payable: int = 0

    @property
    def spent(self) -> int:
        return sum(self.paid.values())

    @property
    def closing(self) -> int:
        """What had not been paid out at the end."""
        return self.free + self.reserved + self.payable

    @property
    def opening(self) -> int:
        return self.closing + self.spent - self.received - self.transferred

    @property
    def at_hand(self) -> int:
        """What could be spent in the period: what was there, and what came."""
        return self.opening + self.received + self.transferred

    def moved(self, kind: str, step: Step, purpose: int | None, amount: int) -> None:
        """Add one total of the period."""
        near, far = step
        if Bucket.OUTSIDE in step:
            signed = amount if near == Bucket.OUTSIDE else -amount
            if kind in {Kind.TRANSFER, Kind.ENTRUST}:
                self.transferred += signed
            else:
                self.received += signed
            return
        for forwards, sums in ((_RESERVED, self.committed), (_OWED, self.owed), (_PAID, self.paid)):
            if step == forwards:
                sums[purpose or 0] += amount
            elif (far, near) == forwards:
                sums[purpose or 0] -= amount

    def stood(self, step: Step, amount: int) -> None:
        """Add one total from before the end of the period to the buckets at its end."""
        for bucket, signed in zip(step, (-amount, amount), strict=True):
            if name := _STANDING.get(bucket):
                setattr(self, name, getattr(self, name) + signed)

    def add(self, other: "Flows") -> None:
        self.received += other.received
        self.transferred += other.transferred
        for name in _STANDING.values():
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, theirs in (
            (self.committed, other.committed),
            (self.owed, other.owed),
            (self.paid, other.paid),
        ):
            for purpose, amount in theirs.items():
                mine[purpose] += amount


def flows_by_line(
    lines: Iterable[int], first: datetime.date, end: datetime.date
) -> dict[int, Flows]:
    """Flows of each line from the month `first` to before the month `end`: two queries."""
    found: dict[int, Flows] = defaultdict(Flows)
    totals = MonthTotal.objects.filter(line__in=lines).order_by()
    key = ("line_id", "kind", "source_bucket", "target_bucket", "purpose_id")
    within = totals.between(first, end).values(*key).annotate(sum=Sum("amount"))
    for line, kind, near, far, purpose, amount in within.values_list(*key, "sum"):
        found[line].moved(kind, (near, far), purpose, amount)
    steps = ("line_id", "source_bucket", "target_bucket")
    before = totals.filter(month__lt=end).values(*steps).annotate(sum=Sum("amount"))
    for line, near, far, amount in before.values_list(*steps, "sum"):
        found[line].stood((near, far), amount)
    return found


def merged(flows: Iterable[Flows]) -> Flows:
    """Many lines as one."""
    whole = Flows()
    for one in flows:
        whole.add(one)
    return whole


def next_month(month: datetime.date) -> datetime.date:
    return (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


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
