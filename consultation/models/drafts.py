"""A draft regulation that is commented on: versions, each with its articles, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.matters import Consultation


class Draft(models.Model):
    """One version of the text; `reason`: why it differs from the one before."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    reason = models.CharField(_("why it was changed"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("draft regulation")
        verbose_name_plural = _("draft regulations")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="draft_number_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="draft_changes_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DraftArticle(models.Model):
    """`label` (第一条) names it in this version, `chapter` the chapter in which it stands."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="articles")
    place = models.PositiveSmallIntegerField()
    label = models.CharField(_("article"), max_length=20)
    chapter = models.CharField(_("chapter"), max_length=120, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("article of a draft")
        verbose_name_plural = _("articles of drafts")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "place"], name="draftarticle_place_once"),
            models.UniqueConstraint(fields=["draft", "label"], name="draftarticle_label_once"),
        ]

    def __str__(self) -> str:
        return self.label
