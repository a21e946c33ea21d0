"""Proof of volunteer service (志愿服务记录证明), and what is known of falsified hours.

《志愿服务记录与证明出具办法(试行)》: who records, proves; true, free, at any time; with number,
person responsible and handler. Anyone verifies it by its code and learns no more than stands on it.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.chain import ChainedEvent
from lib.numbering import YearBook
from organizations.models import Body, User
from volunteers.models.hours import Presence
from volunteers.models.organisations import Organisation
from volunteers.models.people import Volunteer


class CertificateBook(YearBook):
    """Numbers of certificates of a year."""


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def with_names(self) -> Self:
        return self.select_related("volunteer__person", "body", "by")

    def standing(self) -> Self:
        return self.filter(revocation=None)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """To who is named on it, the guardian, and the organisers of the volunteer's place."""
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user, on=on).values("pk"))


class Certificate(models.Model):
    """Hours of a volunteer that one body has recorded, from a day to a day (both included).

    The name stands in `volunteer.person`, where it can be erased. `content_hash` covers the hours.
    Never changed or deleted: a wrong one is revoked (`Revocation`).
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    code = models.CharField(_("code"), max_length=20, unique=True)
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    minutes = models.PositiveIntegerField(pgettext_lazy("of time", "minutes"))
    rows = models.PositiveIntegerField(_("times"))
    responsible = models.CharField(_("person responsible"), max_length=60)
    handler = models.CharField(_("handler"), max_length=60)
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("issued"))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since"), minutes__gt=0, rows__gt=0),
                name="certificate_says_something",
            )
        ]

    def __str__(self) -> str:
        return self.number


class CertificateRow(models.Model):
    """A stay that a certificate counts."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="counted", db_index=False
    )
    presence = models.ForeignKey(Presence, models.PROTECT, related_name="certified")
    minutes = models.PositiveIntegerField(pgettext_lazy("of time", "minutes"))

    class Meta:
        verbose_name = _("row of a certificate")
        verbose_name_plural = _("rows of certificates")
        constraints = [
            models.UniqueConstraint(fields=["certificate", "presence"], name="certificaterow_once")
        ]


class Revocation(models.Model):
    """A certificate no longer holds, and why."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("revoked"))

    class Meta:
        verbose_name = _("revocation of a certificate")
        verbose_name_plural = _("revocations of certificates")


class FalsificationQuerySet(models.QuerySet["Falsification"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(presence__in=Presence.objects.visible_to(user, on=on).values("pk"))


class Falsification(ChainedEvent):
    """Falsified hours, on record with the volunteer and with the organisation that had them.

    One chain for all. `barred_until`: 1 to 3 years without hours.
    """

    presence = models.OneToOneField(Presence, models.PROTECT, related_name="falsification")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="falsifications"
    )
    minutes = models.PositiveIntegerField(pgettext_lazy("of time", "minutes"))
    barred_until = models.DateField(_("barred until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("found"))

    objects = FalsificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("falsified hours")
        verbose_name_plural = _("falsified hours")
        constraints = [models.UniqueConstraint(fields=["number"], name="falsification_once")]

    def record(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "presence": self.presence_id,
            "organisation": self.organisation_id,
            "minutes": self.minutes,
            "barred_until": self.barred_until.isoformat(),
            "by": self.by_id,
            "at": self.at,
        }
