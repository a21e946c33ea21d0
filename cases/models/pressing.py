"""Supervision (督办) asks the lead for a written reply by a time; urging (催办) asks to hurry."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from organizations.models import User


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def open(self) -> Self:
        """Those that wait for a reply, of cases that still go on."""
        return self.filter(replied_at=None, case__ended_at=None)

    def overdue(self, at: datetime.datetime) -> Self:
        return self.open().filter(reply_due_at__lt=at)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user, on=on).values("pk"))

    def for_list(self) -> Self:
        return self.select_related("case", "case__lead_body", "by", "replied_by")


class Supervision(models.Model):
    case = models.ForeignKey(Case, models.PROTECT, related_name="supervised")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(_("what is asked for"))
    reply_due_at = models.DateTimeField(_("reply due"))
    reply = models.TextField(_("reply"), blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="supervision_says_what"),
            models.CheckConstraint(
                condition=Q(replied_at=None, replied_by=None, reply="")
                | Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply=""),
                name="supervision_reply_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(replied_by=None) | ~Q(replied_by=models.F("by")),
                name="supervision_answered_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reply_due_at"], condition=Q(replied_at=None), name="supervision_open_due"
            )
        ]

    def is_overdue(self, at: datetime.datetime) -> bool:
        return (self.replied_at or at) > self.reply_due_at


class Urging(models.Model):
    """`day`: the day by the city's clock; a resident urges once a day, whoever sends it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="urged")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()
    by_resident = models.BooleanField()

    class Meta:
        verbose_name = _("urging")
        verbose_name_plural = _("urgings")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "day"],
                condition=Q(by_resident=True),
                name="resident_urges_once_a_day",
            )
        ]
