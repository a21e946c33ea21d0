"""Why an opinion is hidden or released, by which office: a log that everybody reads."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.matters import Consultation
from consultation.models.opinions import Opinion


class HideReason(models.TextChoices):
    ILLEGAL = "illegal", _("breaks the law")
    INSULT = "insult", _("insults or threatens somebody")
    PERSONAL = "personal", _("tells personal details of others")
    ADVERT = "advert", _("advertisement")
    REPEATED = "repeated", _("the same words many times")
    OFF_TOPIC = "off_topic", _("has nothing to do with the matter")


class ModerationQuerySet(models.QuerySet["ModerationEntry"]):
    def public(self) -> Self:
        return self.exclude(opinion__is_confidential=True)


class ModerationEntry(models.Model):
    """One act: append-only. `office` is shown to everybody, `by` to those who answer for it."""

    class Act(models.TextChoices):
        RELEASE = "release", pgettext_lazy("an opinion", "released")
        HIDE = "hide", _("hidden")
        UPHOLD = "uphold", _("stays hidden after an appeal")
        RESTORE = "restore", _("shown again after an appeal")

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="moderation")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+")
    act = models.CharField(_("what"), max_length=8, choices=Act)
    reason = models.CharField(_("reason"), max_length=10, choices=HideReason, blank=True)
    note = models.CharField(_("explanation"), max_length=300, blank=True)
    office = models.CharField(pgettext_lazy("who acted", "office"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))

    objects = ModerationQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of moderation")
        verbose_name_plural = _("acts of moderation")
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="hide") | ~Q(reason=""), name="moderation_hides_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(act__in=["uphold", "restore"]) | ~Q(note=""),
                name="moderation_answers_an_appeal",
            ),
        ]
        indexes = [models.Index(fields=["consultation", "-id"], name="moderation_log")]


class Appeal(models.Model):
    """The author says why it should be shown; somebody else than who hid it decides."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="appeals")
    against = models.OneToOneField(ModerationEntry, models.PROTECT, related_name="appeal")
    text = models.CharField(_("why it should be shown"), max_length=500)
    at = models.DateTimeField(_("time"))
    decision = models.OneToOneField(
        ModerationEntry, models.PROTECT, null=True, blank=True, related_name="decides"
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        indexes = [
            models.Index(fields=["id"], name="appeal_open", condition=Q(decision=None)),
        ]
