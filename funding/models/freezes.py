"""A ledger that failed a check gives out nothing until somebody has looked."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LedgerFreezeQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)


class LedgerFreeze(models.Model):
    """While one is in force nothing new is reserved; the site and all other movements go on."""

    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("since"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_because = models.CharField(_("lifted because"), max_length=200, blank=True)

    objects = LedgerFreezeQuerySet.as_manager()

    class Meta:
        verbose_name = _("freeze of the ledger")
        verbose_name_plural = _("freezes of the ledger")
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="freeze_is_lifted_by_somebody_with_a_reason",
            )
        ]
