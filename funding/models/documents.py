"""Papers that a donation or a decision rests on: kept once, by content."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A PDF or a picture; `sha256` is what records and statements name."""

    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(_("file"), upload_to="funding/documents/%Y/%m/")
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")

    def __str__(self) -> str:
        return self.name
