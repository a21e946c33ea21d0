"""Versions of the model that suggests categories: what each was learned from and how good it is."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    CASES = "cases", _("decisions of people")
    FILE = "file", _("file")


class ClassifierVersionQuerySet(models.QuerySet["ClassifierVersion"]):
    def newest_first(self) -> Self:
        return self.select_related("made_by").order_by("-pk")

    def active(self) -> "ClassifierVersion | None":
        return self.filter(is_active=True).first()

    def knowing(self, labels: set[str]) -> "ClassifierVersion | None":
        """The version that knows the most of these labels: the active one, else the newest."""
        rows = self.order_by("-is_active", "-pk").values_list("pk", "labels")
        known = [(len(labels.intersection(theirs)), key) for key, theirs in rows]
        most, best = max(known, key=lambda row: row[0], default=(0, 0))
        return self.get(pk=best) if most else None


class ClassifierVersion(models.Model):
    """One trained model. `labels` are codes of small classes where `is_usable`; otherwise they are
    those of a file that our catalogue does not know, and the version only serves to be judged.

    `file` lies below MEDIA_ROOT and is read only when its content has this `sha256`. `figures` are
    `routing.words.figures.Figures` on the held-back part, and under `rival` what it was measured
    against. `threshold`: confidence from which on 97 % were right (1: nothing is certain).
    """

    made_at = models.DateTimeField(_("trained at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("trained by")
    )
    origin = models.CharField(_("learned from"), max_length=8, choices=Origin)
    source = models.CharField(_("file"), max_length=200, blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    held_back = models.PositiveIntegerField(_("rows held back"))
    labels = models.JSONField(_("labels"))
    is_usable = models.BooleanField(_("labels are our categories"))
    figures = models.JSONField(_("figures"))
    threshold = models.FloatField(_("confidence that counts as certain"))
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    is_active = models.BooleanField(_("active"), default=False)

    objects = ClassifierVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the classifier")
        verbose_name_plural = _("versions of the classifier")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="one_classifier_is_active"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(is_usable=True),
                name="active_classifier_knows_our_categories",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lte=1),
                name="classifier_threshold_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
