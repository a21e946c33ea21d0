"""What moved in each month, kept as rows so that no page has to add up entries.

Every line's entries are numbered without gaps, so a number says how far a line has been counted:
`CountedLine.number`. Counting goes on from there (`funding.services.counting`) and never recounts.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from funding.models.ledger import Bucket, Kind
from funding.models.lines import Line, Purpose


class MonthTotalQuerySet(models.QuerySet["MonthTotal"]):
    def between(self, first: datetime.date, end: datetime.date) -> Self:
        """Months from `first` (included) to `end` (excluded), both the first day of a month."""
        return self.filter(month__gte=first, month__lt=end)

    def net(self, near: str, far: str) -> int:
        """Fen that went from bucket `near` to `far`, less what came back."""
        sums = self.aggregate(
            there=Sum("amount", filter=Q(source_bucket=near, target_bucket=far)),
            back=Sum("amount", filter=Q(source_bucket=far, target_bucket=near)),
        )
        return (sums["there"] or 0) - (sums["back"] or 0)


class MonthTotal(models.Model):
    """The sum of a line's entries of one month that did the same for the same purpose.

    A reversal stands under the kind of what it reverses, in the other direction.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="month_totals", db_index=False)
    month = models.DateField(_("month"))  # its first day, by the city's clock
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    source_bucket = models.CharField(_("moved from"), max_length=10, choices=Bucket)
    target_bucket = models.CharField(_("moved to"), max_length=10, choices=Bucket)
    amount = models.BigIntegerField(_("amount"))
    entries = models.PositiveIntegerField(_("entries"))

    objects = MonthTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("total of a month")
        verbose_name_plural = _("totals of months")
        constraints = [
            # Two, because NULL equals nothing.
            models.UniqueConstraint(
                fields=["line", "month", "purpose", "kind", "source_bucket", "target_bucket"],
                condition=Q(purpose__isnull=False),
                name="month_total_once",
            ),
            models.UniqueConstraint(
                fields=["line", "month", "kind", "source_bucket", "target_bucket"],
                condition=Q(purpose=None),
                name="month_total_once_outside",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, entries__gt=0), name="month_total_counts_something"
            ),
        ]
        indexes = [models.Index(fields=["month", "line"], name="month_total_month")]


class CountedLineQuerySet(models.QuerySet["CountedLine"]):
    def behind(self) -> Self:
        return self.filter(line__version__gt=F("number"))


class CountedLine(models.Model):
    """Entries 1 to `number` of a line stand in its totals."""

    line = models.OneToOneField(Line, models.PROTECT, related_name="counted", primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    objects = CountedLineQuerySet.as_manager()
