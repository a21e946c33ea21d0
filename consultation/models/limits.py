"""A limit that ran out: written once, never taken back, and who was told of it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.matters import Consultation, Stage


class Limit(models.TextChoices):
    WHOLE = "whole", _("The whole consultation")
    STAGE = "stage", _("The stage")
    PUBLICATION = "publication", _("A publication")
    OBJECTION = "objection", _("The answer to an objection")


class MissedLimitQuerySet(models.QuerySet["MissedLimit"]):
    def first_step(self) -> Self:
        """Each missed limit once, not once more for every step of the chain of command."""
        return self.filter(step=0)


class MissedLimit(models.Model):
    """`key` names the limit within its consultation (a stage's key with its round and, for a
    publication, its kind; an objection's number). `step` 0: the community heard of it, 1: those
    above, because it was still open later."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="missed")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="missed")
    what = models.CharField(_("what was late"), max_length=11, choices=Limit)
    key = models.CharField(max_length=60)
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(_("was due"))
    noticed_at = models.DateTimeField(_("noticed"))

    objects = MissedLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("missed limit")
        verbose_name_plural = _("missed limits")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "what", "key", "step"], name="missedlimit_once"
            )
        ]
