"""What may be said and how long it may take, as dated rows: reasons, terms, switches of bodies."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.units import Unit
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class ReasonQuerySet(DatedQuerySet):
    def for_move(self, move: str, *, on: datetime.date) -> Self:
        """What may be chosen for a move on a day, in the order of the list."""
        return self.valid_on(on).filter(move=move).order_by("rank", "id")


class Reason(Dated):
    """A reason from a list. `told` is what the resident reads: the right channel in plain words."""

    class Move(models.TextChoices):
        REJECT = "reject", _("Not accepted")
        RETURN = "return", _("Returned by the department")

    move = models.CharField(_("for"), max_length=12, choices=Move)
    code = models.SlugField(_("code"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200)
    told = models.CharField(_("what the resident reads"), max_length=400, blank=True)
    told_en = models.CharField(_("the same in English"), max_length=600, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [
            ends_after_it_begins("reason_ends_after_it_begins"),
            models.UniqueConstraint(fields=["move", "code", "valid_from"], name="reason_once"),
            models.CheckConstraint(
                condition=~Q(move="reject") | ~Q(told=""), name="reason_names_the_right_channel"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def told_shown(self) -> str:
        """What the resident reads, in the language of the page."""
        return in_language(self.told, self.told_en)


class Terms(Dated):
    """The numbers of the loop that are the city's to set; the row that began last holds.

    How long a grid worker has for a look before filing, how long after closing a reporter may have
    a case taken up again, and how often it may be returned before the committee decides.
    """

    verify_limit = models.PositiveSmallIntegerField(_("limit for a look on site"), default=24)
    verify_unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.URGENT_HOUR)
    reopen_limit = models.PositiveSmallIntegerField(
        _("a reporter may have it taken up again within"), default=15
    )
    reopen_unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.NATURAL_DAY)
    most_returns = models.PositiveSmallIntegerField(
        _("returns before the committee decides"), default=2
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of the loop")
        verbose_name_plural = _("terms of the loop")
        constraints = [
            ends_after_it_begins("terms_end_after_they_begin"),
            models.CheckConstraint(
                condition=Q(verify_limit__gte=1, reopen_limit__gte=1), name="terms_are_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)

    @classmethod
    def on(cls, day: datetime.date) -> "Terms":
        """What holds on a day; the usual numbers where no row says otherwise."""
        row = cls.objects.valid_on(day).order_by("-valid_from", "-id").first()
        return row or cls(valid_from=day)


class SelfConfirmation(Dated):
    """A department whose handlers' results pass without its head: the clock confirms them."""

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="+", verbose_name=_("department")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("automatic confirmation")
        verbose_name_plural = _("automatic confirmations")
        constraints = [
            ends_after_it_begins("self_confirmation_ends_after_it_begins"),
            models.UniqueConstraint(fields=["body", "valid_from"], name="self_confirmation_once"),
        ]

    def __str__(self) -> str:
        return str(self.body)
