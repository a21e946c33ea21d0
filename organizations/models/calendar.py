"""Working periods of the day, and days on which the official calendar is overruled."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class CalendarDay(models.Model):
    """A day that the city decides otherwise, or that the holiday library does not know yet."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("is a working day"))
    reason = models.CharField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")


class WorkingPeriod(Dated):
    """A stretch of the working day, in the city's clock (limits in working time count these)."""

    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("working period")
        verbose_name_plural = _("working periods")
        constraints = [
            ends_after_it_begins("working_period_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="period_ends_after_start"
            ),
        ]
