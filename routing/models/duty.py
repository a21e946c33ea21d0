"""The duty list (权责清单): who leads and assists, by category and territory, with its basis."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from routing.models.catalogue import Category


class Origin(models.TextChoices):
    LIST = "list", _("Duty list")
    PRECEDENT = "precedent", _("Precedent")


class DutyEntryQuerySet(DatedQuerySet):
    def with_names(self) -> Self:
        rows = self.select_related("category", "territory", "lead", "payer")
        return rows.prefetch_related("assistants")


class DutyEntry(Dated):
    """In `territory`, `lead` leads matters of `category` and below; `payer` pays (else the lead).

    The most specific territory wins, then the most specific category; between equals a precedent.
    Two that are still equal are an overlap (交叉) and go to the committee. 属地兜底 is an entry for
    the whole city at the top of the category tree.
    """

    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
        verbose_name=_("category"),
        help_text=_("Empty: every category (the last resort)."),
    )
    territory = models.ForeignKey(
        "grids.Territory",
        models.PROTECT,
        related_name="duties",
        verbose_name=_("territory"),
    )
    lead = models.ForeignKey(
        "organizations.Body",
        models.PROTECT,
        related_name="leads",
        verbose_name=_("lead"),
    )
    assistants = models.ManyToManyField(
        "organizations.Body",
        blank=True,
        related_name="assists",
        verbose_name=_("assistants"),
    )
    payer = models.ForeignKey(
        "organizations.Body",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pays_for",
        verbose_name=_("paying body"),
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.LIST)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DutyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the duty list")
        verbose_name_plural = _("duty list")
        constraints = [
            ends_after_it_begins("duty_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(origin=Origin.LIST)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="precedent_names_who_decided",
            ),
        ]
        indexes = [models.Index(fields=["category", "territory"], name="duty_by_matter")]


class CommunityList(models.TextChoices):
    """The three lists of a community."""

    LAWFUL = "lawful", _("Own duties")
    ASSIST = "assist", pgettext_lazy("list of a community", "Assistance")
    NEGATIVE = "negative", _("Not to be handed to communities")


class CommunityDuty(Dated):
    """A category on one of the three lists of a community body (None: of every community)."""

    body = models.ForeignKey(
        "organizations.Body",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="community_duties",
        verbose_name=_("community"),
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="community_duties")
    list = models.CharField(_("list"), max_length=10, choices=CommunityList)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a community's lists")
        verbose_name_plural = _("communities' lists")
        constraints = [
            ends_after_it_begins("community_duty_ends_after_it_begins"),
            # Two conditional constraints: in a unique key NULLs never collide, on either engine.
            models.UniqueConstraint(
                fields=["body", "category", "list", "valid_from"],
                condition=Q(body__isnull=False),
                name="community_duty_once",
            ),
            models.UniqueConstraint(
                fields=["category", "list", "valid_from"],
                condition=Q(body=None),
                name="duty_of_all_communities_once",
            ),
        ]


class Admission(Dated):
    """A matter that a department hands to a community, with the people and the money for it.

    Admitted only with its shares: headcount, points of work and a line are not empty (CHECK).
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="admissions")
    department = models.ForeignKey("organizations.Body", models.PROTECT, related_name="handed_over")
    community = models.ForeignKey("organizations.Body", models.PROTECT, related_name="admitted")
    line = models.ForeignKey("funding.Line", models.PROTECT, related_name="admissions")
    headcount = models.PositiveSmallIntegerField(_("headcount"))
    points = models.PositiveIntegerField(_("points of work at once"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("admitted matter")
        verbose_name_plural = _("admitted matters")
        constraints = [
            ends_after_it_begins("admission_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(headcount__gte=1, points__gte=1) & ~Q(legal_basis=""),
                name="admission_brings_its_shares",
            ),
        ]
