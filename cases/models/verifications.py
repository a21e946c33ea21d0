"""A look at the place before filing: the clerk asks, the grid worker answers."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case


class VerificationQuerySet(models.QuerySet["Verification"]):
    def open(self) -> Self:
        return self.filter(answered_at=None)


class Verification(models.Model):
    """核实: `found` says whether the matter was there, None where nobody answered in time.

    Photos of the answer are the case's photos of kind `site`.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="verifications")
    question = models.CharField(_("what to look at"), max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    found = models.BooleanField(null=True, blank=True)
    words = models.CharField(_("what was seen"), max_length=1000, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at the place")
        verbose_name_plural = _("looks at the place")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="verification_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None, answered_at=None, found=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="verification_answer_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(answered_at=None), name="verification_open_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.asked_at:%Y-%m-%d}"
