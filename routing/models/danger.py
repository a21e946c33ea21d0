"""Words that mean danger, and words that take the danger out of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class DangerWord(Dated):
    """One word of the list that stops a matter before it is routed.

    `always`: danger wherever it stands. `unless_calmed`: danger unless a calming word (history,
    prevention, supposition) stands near it in the same sentence. `only_now`: danger only in a
    sentence that also says that it happens now. `calms` and `now` are those words. `number` is
    whom to call.
    """

    class Kind(models.TextChoices):
        ALWAYS = "always", _("always danger")
        UNLESS_CALMED = "unless_calmed", _("danger unless calmed")
        ONLY_NOW = "only_now", _("danger only where it happens now")
        CALMS = "calms", _("calms")
        NOW = "now", _("says that it happens now")

    class Number(models.TextChoices):
        POLICE = "110", _("Police")
        FIRE = "119", _("Fire and rescue")
        AMBULANCE = "120", _("Ambulance")
        TRAFFIC = "122", _("Traffic accidents")

    word = models.CharField(_("word"), max_length=20)
    kind = models.CharField(_("what it means"), max_length=14, choices=Kind)
    number = models.CharField(_("whom to call"), max_length=3, choices=Number, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of danger")
        verbose_name_plural = _("words of danger")
        constraints = [
            ends_after_it_begins("danger_word_ends_after_it_begins"),
            models.UniqueConstraint(fields=["word", "valid_from"], name="danger_word_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["calms", "now"], number="")
                | ~Q(kind__in=["calms", "now"]) & ~Q(number=""),
                name="danger_word_names_whom_to_call",
                violation_error_message=_("A word of danger names whom to call, others nobody."),
            ),
        ]

    def __str__(self) -> str:
        return self.word
