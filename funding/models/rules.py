"""How each kind of money is raised, used, approved and published: dated rules, loaded and edited.

What a source may be used for stands in `SourcePurpose` (what is not listed is forbidden); a `Ban`
says so in words, with its reason, and holds even where a line was once allowed the purpose.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funding.models.lines import Purpose, Source
from lib.languages import in_language
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class SourceRule(Dated):
    """How money of a source comes in, what must be decided first, when it is published."""

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="rules", verbose_name=_("source")
    )
    raising = models.CharField(_("how it comes in"), max_length=300)
    raising_en = models.CharField(_("how it comes in (English)"), max_length=300, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    publish_days = models.PositiveSmallIntegerField(
        _("published within (days)"), help_text=_("After the end of a month, or after approval.")
    )
    publish_every = models.PositiveSmallIntegerField(_("published every (months)"), default=1)
    emergency_days = models.PositiveSmallIntegerField(
        _("published every (days) in an emergency"), null=True, blank=True
    )
    carry_years = models.PositiveSmallIntegerField(
        _("carried over at most (years)"), default=2, help_text=_("0: what is left goes back.")
    )
    needs_decision = models.BooleanField(
        _("spent only after a decision of members or owners"), default=False
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of a source")
        verbose_name_plural = _("rules of sources")
        constraints = [
            ends_after_it_begins("sourcerule_ends_after_it_begins"),
            models.UniqueConstraint(fields=["source", "valid_from"], name="sourcerule_begins_once"),
            models.CheckConstraint(
                condition=Q(publish_every__gte=1), name="sourcerule_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.valid_from}"

    @property
    def raising_shown(self) -> str:
        return in_language(self.raising, self.raising_en)


class Ban(Dated):
    """Money of a source is not used for a purpose; the database refuses such an entry."""

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="bans", verbose_name=_("source")
    )
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, related_name="bans", verbose_name=_("purpose")
    )
    reason = models.CharField(_("reason"), max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("forbidden purpose")
        verbose_name_plural = _("forbidden purposes")
        constraints = [
            ends_after_it_begins("ban_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["source", "purpose", "valid_from"], name="ban_begins_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.purpose}"


# Who may stand on a rung; the reviewer's check comes before the first.
APPROVERS = (
    Role.DEPARTMENT_HEAD,
    Role.PARTY_SECRETARY,
    Role.COMMITTEE_MEMBER,
    Role.SUPERVISOR,
)


class RungQuerySet(DatedQuerySet):
    def ladder(self, source_id: int, *, amount: int, on: datetime.date) -> Self:
        """The rungs that `amount` fen of a source must climb on that day, from the bottom."""
        rungs = self.valid_on(on).filter(source=source_id, above__lte=amount)
        return rungs.select_related("body").order_by("position")


class Rung(Dated):
    """A step of the ladder: from this amount on, somebody of this role approves as well.

    The ladder for an amount is every rung that begins at or below it, by position. `body` empty:
    the owner of the line, or any body above it.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="rungs", verbose_name=_("source")
    )
    position = models.PositiveSmallIntegerField(_("step"))
    above = models.BigIntegerField(_("from this amount on"), default=0)
    role = models.CharField(_("role"), max_length=30, choices=Role)
    body = models.ForeignKey(
        "organizations.Body",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("body"),
        help_text=_("Empty: the owner of the line, or any body above it."),
    )

    objects = RungQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of approval")
        verbose_name_plural = _("steps of approval")
        constraints = [
            ends_after_it_begins("rung_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["source", "position", "valid_from"], name="rung_position_once"
            ),
            models.CheckConstraint(
                condition=Q(above__gte=0, position__gte=1), name="rung_is_above_nothing"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in APPROVERS]),
                name="rung_is_for_approvers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.position}"
