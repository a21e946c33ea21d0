"""Residents' accounts: the number behind them, codes to sign in, who has confirmed whom."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """How well a person is known; each step holds the one before."""

    NONE = 0, _("not signed in")
    PHONE = 1, _("telephone confirmed")
    REGISTERED = 2, _("registered with a name")
    VERIFIED = 3, _("confirmed resident")


class Resident(models.Model):
    """What an account of a resident has beyond the person; the number stands on the person.

    `phone_key` is a keyed hash of the number: one account per number, found without reading any.
    It is empty once the account has been erased.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="resident"
    )
    phone_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    joined_at = models.DateTimeField(_("joined"))
    agreed_at = models.DateTimeField(_("agreed to the privacy notice"))
    agreed_to = models.CharField(_("version of the privacy notice"), max_length=20)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None, phone_key__isnull=False)
                | Q(erased_at__isnull=False, phone_key=None),
                name="resident_has_a_number_until_erased",
            ),
        ]


class CodeQuerySet(models.QuerySet["Code"]):
    def open_for(self, phone_key: str, *, ticket: str, at: datetime.datetime) -> Self:
        return self.filter(phone_key=phone_key, ticket=ticket, used_at=None, ends_at__gt=at)


class Code(models.Model):
    """A code of six digits that was sent to a number; only its keyed hash is kept.

    It opens only the browser that asked for it: `ticket` is the hash of a secret in its session.
    """

    phone_key = models.CharField(max_length=64)
    ticket = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        indexes = [
            models.Index(fields=["phone_key", "ticket"], name="code_phone_ticket"),
            models.Index(fields=["ends_at"], name="code_ends"),
        ]


class Quota(models.Model):
    """How often somebody has done something in the present window; `who` is a keyed hash."""

    action = models.SlugField(max_length=40)
    who = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [models.UniqueConstraint(fields=["action", "who"], name="quota_once")]
        indexes = [models.Index(fields=["began_at"], name="quota_began")]


class VerificationQuerySet(models.QuerySet["Verification"]):
    def valid_at(self, at: datetime.datetime) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=at), revoked_at=None, at__lte=at)

    def with_names(self) -> Self:
        return self.select_related("by", "revoked_by")


class Verification(models.Model):
    """Somebody has confirmed that a resident's account belongs to a resident of the city."""

    class How(models.TextChoices):
        COUNTER = "counter", _("identity document shown at the counter")
        ROLL = "roll", _("place on a roll claimed")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="verifications"
    )
    how = models.CharField(_("how"), max_length=10, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))
    until = models.DateTimeField(_("holds until"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoke_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of identity")
        verbose_name_plural = _("confirmations of identity")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason=""),
                name="verification_is_revoked_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("at")),
                name="verification_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["person", "-at"], name="verification_person")]
