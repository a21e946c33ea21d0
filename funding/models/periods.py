"""Months that are closed: what is dated in them stays as it is; corrections go into a later one."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funding.models.budgets import bodies_read_by
from organizations.models import User


class PeriodCloseQuerySet(models.QuerySet["PeriodClose"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(body__in=bodies_read_by(user, on=on))


class PeriodClose(models.Model):
    """The books of a body up to the end of `month` are closed, for good.

    `ends` is the first day of the next month. `lines` holds, per line of the body, its buckets at
    that moment and its head: what a statement of the month says.
    """

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="closed_months", db_index=False
    )
    month = models.DateField(_("month"))
    ends = models.DateField()
    lines = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("closed"))

    objects = PeriodCloseQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [
            models.UniqueConstraint(fields=["body", "month"], name="month_closed_once"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("month"), month__day=1, ends__day=1),
                name="month_is_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.month:%Y-%m}"
