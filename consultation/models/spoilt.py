"""Papers that were spoilt: who said so and why, who confirmed it, and the code in their place."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consultation.models.votes import PaperBallot, Vote


class SpoiltPaperQuerySet(models.QuerySet["SpoiltPaper"]):
    def of(self, vote: Vote) -> Self:
        return self.filter(paper__vote=vote)

    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> Self:
        """Noted by one person: the code on the paper is still the one that counts."""
        return self.filter(confirmed_at=None)


class SpoiltPaper(models.Model):
    """A printed code that one person has noted as spoilt and a second one has cancelled.

    `code_digest`: of the code printed in its place; empty in a secret vote, where another paper is
    taken from the stack, since a single one would tell whose it is.
    """

    class Reason(models.TextChoices):
        MARKED = "marked", _("marked wrongly or changed")
        DAMAGED = "damaged", _("torn, wet or not readable")
        MISPRINTED = "misprinted", _("printed wrongly")
        LOST = "lost", _("lost")

    paper = models.ForeignKey(PaperBallot, models.PROTECT, related_name="spoilt")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)

    objects = SpoiltPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("spoilt paper ballot")
        verbose_name_plural = _("spoilt paper ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], condition=Q(confirmed_at=None), name="spoiltpaper_waits_once"
            ),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="spoiltpaper_code_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, code_digest="")
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                   & ~Q(confirmed_by=F("noted_by"))),
                name="spoiltpaper_is_seen_by_two",
            ),
        ]  # fmt: skip
