"""What the public is shown as proof: results of checks, and every day's heads of all chains."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckRun(models.Model):
    """One run of all checks. `results`: [{"name": …, "findings": how many}] in their order."""

    at = models.DateTimeField(_("made at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    passed = models.BooleanField(_("passed"))
    results = models.JSONField(_("results"))

    class Meta:
        verbose_name = _("run of the checks")
        verbose_name_plural = _("runs of the checks")


class LedgerRoot(models.Model):
    """The heads of all lines at the end of a day, and one hash over them.

    `heads`: [[code of the line, number of its newest entry, hash of that entry], …] by code.
    Whoever keeps a root can prove later that nothing older was changed.
    """

    day = models.DateField(_("day"), unique=True)
    root = models.CharField(_("root"), max_length=64)
    heads = models.JSONField(_("heads"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("daily root of the ledger")
        verbose_name_plural = _("daily roots of the ledger")
