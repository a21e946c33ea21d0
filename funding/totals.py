"""How entries add up to totals of months; counting and its check use the same."""

import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from funding.models import Entry
from lib.worktime import CITY_ZONE

KEY = ("month", "purpose_id", "kind", "source_bucket", "target_bucket")


def summed(entries: QuerySet[Entry]) -> QuerySet[Any, tuple[Any, ...]]:
    """(month, purpose, kind, from, to, amount, entries) of some entries of one line."""
    return (
        entries.order_by()
        .annotate(month=TruncMonth("posting__at", tzinfo=CITY_ZONE), kind=_kind())
        .values("month", "purpose_id", "kind", "source_bucket", "target_bucket")
        .annotate(total=Sum("amount"), count=Count("pk"))
        .values_list(*KEY, "total", "count")
    )


def _kind() -> Coalesce:
    """What a posting did; a reversal counts against what it reverses."""
    return Coalesce("posting__reverses__kind", "posting__kind")


def month_of(value: datetime.datetime | datetime.date) -> datetime.date:
    """The first day of the month, by the city's clock."""
    if isinstance(value, datetime.datetime):
        value = value.astimezone(CITY_ZONE).date()
    return value.replace(day=1)
