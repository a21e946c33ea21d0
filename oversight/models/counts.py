"""Counts of a day and of a month for one area, body, post or person: what pages add up."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DAY, MONTH = "day", "month"


def _count() -> models.IntegerField:
    return models.IntegerField(default=0)


class Count(models.Model):
    """One row per span, subject and first day; the columns are the flows of `oversight.measures`.

    A month is kept beside its days, so that a year is twelve rows. `key` is the primary key of the
    territory, body, post or person, 0 for all together.
    """

    kind = models.CharField(max_length=8)
    key = models.PositiveBigIntegerField()
    span = models.CharField(
        max_length=5, choices=[(DAY, pgettext_lazy("period", "Day")), (MONTH, _("Month"))]
    )
    start = models.DateField()
    reported = _count()
    accepted = _count()
    rejected = _count()
    filed = _count()
    voided = _count()
    dispatched = _count()
    redispatched = _count()
    handled_on_time = _count()
    handled_late = _count()
    rework = _count()
    returned = _count()
    shirked = _count()
    suspended = _count()
    extended = _count()
    supervised = _count()
    urged = _count()
    exempted = _count()
    closed_on_time = _count()
    closed_late = _count()
    closed_unlimited = _count()
    urgent_on_time = _count()
    urgent_late = _count()
    passed = _count()
    self_handled = _count()
    reopened = _count()
    responded = _count()
    unresponded = _count()
    asked = _count()
    solved = _count()
    unsolved = _count()
    satisfied = _count()
    dissatisfied = _count()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "span", "start"], name="count_once")
        ]


class TurnQuerySet(models.QuerySet["Turn"]):
    def take(self) -> "Turn":
        """Wait until nobody else counts; the turn ends with the transaction."""
        Turn.objects.bulk_create([Turn(pk=1)], ignore_conflicts=True)
        return self.select_for_update().get(pk=1)


class Turn(models.Model):
    """One row, locked by the process that counts: of two that derive the same facts one fails."""

    objects = TurnQuerySet.as_manager()
