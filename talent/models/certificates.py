"""Certificates of passed courses: numbered, verified by anyone, never changed, only revoked."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.numbering import YearBook
from organizations.models import Body, User
from talent.models.training import Enrolment


class CertificateBook(YearBook):
    """Numbers of certificates of a year."""


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def with_names(self) -> Self:
        return self.select_related(
            "enrolment__course__programme__team", "enrolment__course__base", "body", "by",
            "revocation",
        )  # fmt: skip

    def standing(self) -> Self:
        return self.filter(revocation=None)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        seen = Enrolment.objects.visible_to(user, on=on).values("pk")
        return self.filter(enrolment__in=seen)


class Certificate(models.Model):
    """A course that a person has passed. The name stands in the enrolment, where it can be erased.

    `content_hash` covers course, score and day. A trigger demands that the enrolment is passed.
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    code = models.CharField(_("code"), max_length=20, unique=True)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    score = models.PositiveSmallIntegerField(_("score"))
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("issued"))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of training")
        verbose_name_plural = _("certificates of training")

    def __str__(self) -> str:
        return self.number


class Revocation(models.Model):
    """A certificate no longer holds, and why."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("revoked"))

    class Meta:
        verbose_name = _("revocation of a certificate of training")
        verbose_name_plural = _("revocations of certificates of training")
