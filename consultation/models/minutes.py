"""Minutes: written while a session runs, laid out to those who attended, then final."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.publications import Publication
from consultation.models.sessions import Invitation, Session
from consultation.session_workflow import AmendmentState, MinutesState


class Minutes(models.Model):
    """The minutes of a session. `version` counts their texts; a trigger refuses any change once
    they are final. `publication`: what goes out of them, after masking."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="minutes")
    state = models.CharField(
        _("state"), max_length=5, choices=MinutesState, default=MinutesState.LIVE
    )
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    version = models.PositiveIntegerField(default=0)
    amend_until = models.DateTimeField(_("amendments until"), null=True, blank=True)
    final_at = models.DateTimeField(_("final"), null=True, blank=True)
    digest = models.CharField(pgettext_lazy("minutes", "digest"), max_length=64, blank=True)
    publication = models.OneToOneField(
        Publication, models.PROTECT, null=True, blank=True, related_name="minutes"
    )

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="live", amend_until=None, final_at=None, digest="")
                | (Q(state="draft", amend_until__isnull=False, final_at=None, digest="")
                   & ~Q(text=""))
                | (Q(state="final", final_at__isnull=False) & ~Q(digest="") & ~Q(text="")),
                name="minutes_have_what_their_state_needs",
            ),
        ]  # fmt: skip


class MinutesVersion(models.Model):
    """A text that the minutes had; append-only."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("text"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of minutes")
        verbose_name_plural = _("versions of minutes")
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "number"], name="minutesversion_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="minutesversion_changed_for_a_reason"
            ),
        ]


class Amendment(models.Model):
    """Somebody who attended wants it to say something else; answered with a reason."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="amendments")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="amendments")
    passage = models.CharField(_("passage"), max_length=500)
    wording = models.CharField(_("should read"), max_length=1000)
    state = models.CharField(
        _("state"), max_length=8, choices=AmendmentState, default=AmendmentState.PROPOSED
    )
    at = models.DateTimeField(_("proposed"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed", answer="", decided_by=None, decided_at=None)
                | (Q(state__in=["accepted", "refused"], decided_by__isnull=False)
                   & Q(decided_at__gte=F("at")) & ~Q(answer="")),
                name="amendment_is_answered_or_not",
            ),
        ]  # fmt: skip
