"""Rules that change are dated: a row holds from `valid_from` (included) to `valid_to` (not)."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet):
    """Reads of dated rows; `on` is a calendar day in the city's time zone."""

    def valid_on(self, on: datetime.date) -> Self:
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gt=on))

    def going_on_after(self, on: datetime.date) -> Self:
        """Rows that still hold on `on` or begin later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=on))

    def overlapping(self, first: datetime.date, end: datetime.date | None) -> Self:
        """Rows that hold on some day from `first` (included) to `end` (excluded; None: no end)."""
        rows = self.going_on_after(first)
        return rows if end is None else rows.filter(valid_from__lt=end)


class Dated(models.Model):
    """Abstract: `valid_from` included, `valid_to` excluded, None = without end."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (excluded)"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_valid_on(self, on: datetime.date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """CHECK for tables that inherit `Dated`; give each its own constraint name."""
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
        name=name,
        violation_error_message=_("The end must lie after the beginning."),
    )
