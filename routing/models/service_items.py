"""What people apply for at a counter, the counters, and the standard that a counter must meet."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grids.models import Level
from lib.finding import words_in
from lib.languages import in_language, listed
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins

MEASURED = {"floor_area", "windows", "staff", "week_hours"}


class ServiceItemQuerySet(DatedQuerySet):
    def open_on(self, on: datetime.date) -> Self:
        """What may be applied for on a day, by large class and code."""
        rows = self.valid_on(on).select_related("category__parent")
        return rows.order_by("category__parent__code", "code")

    def about(self, words: str) -> Self:
        """Those in which the words stand, in either language."""
        fields = ("name", "name_en", "applicants", "applicants_en", "materials", "materials_en")
        return self.filter(words_in(words, fields))


class ServiceItem(Dated):
    """A matter that one applies for: who may, what to bring, how long it takes, what comes of it.

    Any counter of the city accepts it as a case of its `category`: so it goes to whoever answers
    for it where the applicant lives, and what comes of it is handed out where it was accepted.
    `materials` have one on each line. `days` are working days; None: no limit is published.
    """

    code = models.SlugField(_("code"), unique=True)
    category = models.ForeignKey(
        "routing.Category",
        models.PROTECT,
        related_name="service_items",
        verbose_name=_("category"),
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    applicants = models.CharField(_("who it is for"), max_length=300)
    applicants_en = models.CharField(_("who it is for, in English"), max_length=500, blank=True)
    materials = models.TextField(_("what to bring"), max_length=1000)
    materials_en = models.TextField(_("what to bring, in English"), max_length=2000, blank=True)
    days = models.PositiveSmallIntegerField(_("limit in working days"), null=True, blank=True)
    fee = models.PositiveBigIntegerField(_("fee (fen)"), default=0)
    result = models.CharField(_("what one gets"), max_length=200)
    result_en = models.CharField(_("what one gets, in English"), max_length=300, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter to apply for")
        verbose_name_plural = _("matters to apply for")
        constraints = [
            ends_after_it_begins("service_item_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days__gte=1), name="service_item_takes_a_day"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def who(self) -> str:
        return in_language(self.applicants, self.applicants_en)

    @property
    def outcome(self) -> str:
        return in_language(self.result, self.result_en)

    @property
    def papers(self) -> list[str]:
        """What to bring, one after the other."""
        text = in_language(self.materials, self.materials_en)
        return [line.strip() for line in text.splitlines() if line.strip()]


class Furnished(Dated):
    """What a service centre has, or must have at least."""

    floor_area = models.PositiveIntegerField(_("floor area (m²)"))
    windows = models.PositiveSmallIntegerField(_("windows"))
    staff = models.PositiveSmallIntegerField(_("staff"))
    week_hours = models.PositiveSmallIntegerField(_("hours open in a week"))
    equipment = models.JSONField(_("facilities"), default=list, blank=True)

    class Meta:
        abstract = True


class CentreStandard(Furnished):
    """What a service centre of a level must have at least; a change begins a new row."""

    LEVELS = ((Level.TOWN.value, Level.TOWN.label), (Level.COMMUNITY.value, Level.COMMUNITY.label))

    level = models.CharField(_("level"), max_length=10, choices=LEVELS)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard of service centres")
        verbose_name_plural = _("standards of service centres")
        constraints = [
            ends_after_it_begins("centre_standard_ends_after_it_begins"),
            models.UniqueConstraint(fields=["level", "valid_from"], name="centre_standard_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_level_display())


class ServiceCentreQuerySet(DatedQuerySet):
    def open_on(self, on: datetime.date) -> Self:
        """Centres in use on a day: towns' first, then communities', by code of their ground."""
        rows = self.valid_on(on).select_related("territory__parent")
        return rows.order_by("territory__code", "code")


class ServiceCentre(Furnished):
    """A counter where everything of the city is accepted, and what it has."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    territory = models.ForeignKey(
        "grids.Territory",
        models.PROTECT,
        related_name="+",
        verbose_name=_("town or community"),
    )
    address = models.CharField(_("address"), max_length=200)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    hours = models.CharField(_("opening hours"), max_length=200)
    hours_en = models.CharField(_("opening hours in English"), max_length=300, blank=True)

    objects = ServiceCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("service centre")
        verbose_name_plural = _("service centres")
        constraints = [ends_after_it_begins("service_centre_ends_after_it_begins")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def open_at(self) -> str:
        return in_language(self.hours, self.hours_en)

    def shortfalls(self, standard: CentreStandard | None) -> list[str]:
        """In words, what it has less of than the standard of its level; [] without a standard."""
        if standard is None:
            return []
        short = [
            gettext("%(what)s: %(has)d instead of %(must)d")
            % {
                "what": field.verbose_name,
                "has": getattr(self, field.name),
                "must": getattr(standard, field.name),
            }
            for field in self._meta.concrete_fields
            if field.name in MEASURED and getattr(self, field.name) < getattr(standard, field.name)
        ]
        lacking = [each for each in standard.equipment if each not in self.equipment]
        if lacking:
            short.append(gettext("It lacks: %s") % listed(lacking))
        return short
