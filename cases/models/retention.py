"""How long personal details are kept, what was erased, and who looked for a telephone."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case


class Kept(models.TextChoices):
    """What is erased together, each after a time of its own."""

    CONTACT = "contact", _("Contact details of reporters")
    PHOTOS = "photos", _("Photos that are not public")
    WORDS = "words", _("Words of cases")


# Days after the end of a case, where no rule says otherwise (PIPL Art. 19: the shortest needed).
USUAL_DAYS = {Kept.CONTACT: 180, Kept.PHOTOS: 730, Kept.WORDS: 1825}


class RetentionRule(models.Model):
    """For how many days after the end of a case something is kept."""

    kind = models.CharField(_("what"), max_length=8, choices=Kept, unique=True)
    days = models.PositiveIntegerField(_("days after the end"), validators=[MinValueValidator(30)])

    class Meta:
        verbose_name = _("time of keeping")
        verbose_name_plural = _("times of keeping")

    def __str__(self) -> str:
        return self.get_kind_display()


class Erasure(models.Model):
    """What was erased at one moment: append-only. `digest` is SHA-256 over the numbers of the
    cases in their order, one a line, so that a list of them can be proved and says nothing itself.
    """

    kind = models.CharField(_("what"), max_length=8, choices=Kept)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_before = models.DateTimeField(_("cases that ended before"))
    cases = models.PositiveIntegerField(_("cases"))
    counts = models.JSONField(_("rows"), default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")


class PhoneKey(models.Model):
    """A reporter's telephone as a keyed hash: the whole number finds the case, else nothing."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    key = models.CharField(max_length=64, db_index=True)


class PhoneLookUp(models.Model):
    """Somebody at the window looked for the cases of a telephone: append-only, for the audit."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))
    phone = models.CharField(_("telephone"), max_length=30)  # masked
    reason = models.CharField(_("reason"), max_length=200)
    found = models.PositiveIntegerField(_("cases found"))

    class Meta:
        verbose_name = _("look for a telephone")
        verbose_name_plural = _("looks for telephones")
