"""What the model decided by itself: kept apart, so that it never learns from its own choice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case


class SortedCase(models.Model):
    """A case whose category the router took from its words, being certain (`confidence`, 0 to 1).

    The row stays when a person corrects the category: then the two differ.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="sorted")
    category = models.ForeignKey("routing.Category", models.PROTECT, related_name="+")
    version = models.ForeignKey("routing.ClassifierVersion", models.PROTECT, related_name="sorted")
    confidence = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("case sorted by its words")
        verbose_name_plural = _("cases sorted by their words")
