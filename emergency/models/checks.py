"""Checks of households (入户核查): what was asked stands beside them, and can be deleted."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.models.orders import FIELD, Order, Somewhere
from emergency.models.reference import Measure
from grids.scopes import in_reach
from organizations.models import User


class CheckQuerySet(models.QuerySet["Check"]):
    def with_names(self) -> Self:
        return self.select_related("order", "measure", "grid", "community", "by")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """One's own; to the workers and the commanders of the place."""
        if not user.pk:
            return self.none()
        near = Check.objects.filter(in_reach(user, FIELD, on=on)).values("pk")
        led = Order.objects.led_by(user, on=on).values("pk")
        return self.filter(Q(by=user.pk) | Q(pk__in=near) | Q(order__in=led))


class Check(Somewhere):
    """That a household was looked after, under a measure; who and where stands in `CheckDetail`."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="checks")
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="+", verbose_name=_("measure")
    )
    needs_more = models.BooleanField(_("somebody has to come again"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("checked"))

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a household")
        verbose_name_plural = _("checks of households")


class CheckDetail(models.Model):
    """Where, and the answers that the measure names. Personal: deleted after the emergency."""

    check_row = models.OneToOneField(Check, models.PROTECT, related_name="detail")
    address = models.CharField(_("address"), max_length=120)
    answers = models.JSONField(pgettext_lazy("of a check", "answers"), default=dict)

    class Meta:
        verbose_name = _("detail of a check")
        verbose_name_plural = _("details of checks")


class CheckReading(models.Model):
    """Who looked at the personal part of a check, and when; never changed."""

    check_row = models.ForeignKey(Check, models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(pgettext_lazy("of a check", "read"))

    class Meta:
        verbose_name = _("reading of a check")
        verbose_name_plural = _("readings of checks")
