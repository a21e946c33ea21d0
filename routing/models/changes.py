"""Changes of the duty list (变更草案): drafted, reviewed by another, in force from a day on.

An adopted change is an edition of the list. Entries are dated and never rewritten, so every
edition can be read again by its day.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.moving import MoveEvent, Moving
from organizations.models import User
from routing.models.catalogue import Category
from routing.models.duty import CommunityDuty, CommunityList, DutyEntry
from routing.workflow import ChangeState


class DutyChangeQuerySet(models.QuerySet["DutyChange"]):
    def with_names(self) -> Self:
        return self.select_related("made_by", "reviewed_by")

    def waiting(self) -> Self:
        return self.filter(state=ChangeState.REVIEW)

    def adopted(self) -> Self:
        return self.filter(state=ChangeState.ADOPTED).order_by("-edition")

    def drafts_of(self, user: User) -> Self:
        return self.filter(state=ChangeState.DRAFT, made_by=user).order_by("-pk")


class DutyChange(Moving):
    """A dated set of changes. `edition` counts adopted ones; reviewer and maker are two people."""

    title = models.CharField(pgettext_lazy("of a change", "title"), max_length=100)
    grounds = models.TextField(_("grounds"), max_length=1000, blank=True)
    force_on = models.DateField(_("in force on"))
    state = models.CharField(
        _("state"), max_length=12, choices=ChangeState, default=ChangeState.DRAFT
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("reviewed by"),
    )  # fmt: skip
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    edition = models.PositiveIntegerField(_("edition"), null=True, blank=True, unique=True)

    objects = DutyChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the duty list")
        verbose_name_plural = _("changes of the duty list")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["adopted", "refused"])
                | (
                    Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                    & ~Q(reviewed_by=F("made_by"))
                ),
                name="duty_change_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="adopted", edition__isnull=False)
                | (~Q(state="adopted") & Q(edition=None)),
                name="duty_edition_was_adopted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """QZ00017."""
        return f"QZ{self.pk:05d}"

    def is_in_force(self, on: datetime.date) -> bool:
        return self.state == ChangeState.ADOPTED and self.force_on <= on


class DutyChangeItem(models.Model):
    """One step of a change: the entries in `ends` end, and (with a lead) a new one begins.

    `entry` is the one that came of it.
    """

    change = models.ForeignKey(DutyChange, models.CASCADE, related_name="items")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("category"), help_text=_("Empty: every category (the last resort)."),
    )  # fmt: skip
    territory = models.ForeignKey(
        "grids.Territory", models.PROTECT, related_name="+", verbose_name=_("territory")
    )
    lead = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("lead"),
    )  # fmt: skip
    assistants = models.ManyToManyField(
        "organizations.Body", blank=True, related_name="+", verbose_name=_("assistants")
    )
    payer = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("paying body"),
    )  # fmt: skip
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    ends = models.ManyToManyField(
        DutyEntry, blank=True, related_name="+", verbose_name=_("entries that end")
    )
    entry = models.OneToOneField(
        DutyEntry, models.PROTECT, null=True, blank=True, related_name="came_of"
    )

    class Meta:
        verbose_name = _("step of a change")
        verbose_name_plural = _("steps of a change")
        constraints = [
            models.CheckConstraint(
                condition=Q(lead=None) | ~Q(legal_basis=""), name="duty_step_has_a_legal_basis"
            )
        ]

    def as_entry(self) -> dict[str, Any]:
        """The columns of the entry that it asks for."""
        names = ("category", "territory", "lead", "payer", "legal_basis")
        return {name: getattr(self, name) for name in names}


class ListChangeItem(models.Model):
    """One step about communities' lists: `ends` ends, and (with a list) an entry begins.

    `body` None: of every community. `entry` is the one that came of it.
    """

    change = models.ForeignKey(DutyChange, models.CASCADE, related_name="list_items")
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community"),
    )  # fmt: skip
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name=_("category")
    )
    list = models.CharField(_("list"), max_length=10, choices=CommunityList, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    ends = models.ForeignKey(
        CommunityDuty, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("entry that ends"),
    )  # fmt: skip
    entry = models.OneToOneField(
        CommunityDuty, models.PROTECT, null=True, blank=True, related_name="came_of"
    )

    class Meta:
        verbose_name = _("step about communities' lists")
        verbose_name_plural = _("steps about communities' lists")
        constraints = [
            models.CheckConstraint(
                condition=~Q(list="") | Q(ends__isnull=False), name="list_step_does_something"
            ),
            models.CheckConstraint(
                condition=Q(list="") | ~Q(legal_basis=""), name="list_step_has_a_legal_basis"
            ),
        ]


class DutyChangeEvent(MoveEvent):
    subject = models.ForeignKey(DutyChange, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a change of the duty list")
        verbose_name_plural = _("moves of changes of the duty list")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="dutychange_once")
        ]
