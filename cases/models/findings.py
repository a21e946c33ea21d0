"""Which finding of a visit became which case: each finding at most one, by the database."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case


class FoundCase(models.Model):
    finding = models.OneToOneField("grids.Finding", models.PROTECT, related_name="found_case")
    case = models.OneToOneField(Case, models.PROTECT, related_name="found_on")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("case found on a visit")
        verbose_name_plural = _("cases found on visits")
