"""Categories of matters and the standards by which they are filed, handled and closed."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from lib.languages import in_language
from lib.units import Unit
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class Publicity(models.TextChoices):
    OPEN = "open", _("Public")
    MASKED = "masked", _("Public with personal details masked")
    CLOSED = "closed", _("Not public")


class CategoryQuerySet(DatedQuerySet, TreeQuerySet):
    def small_classes(self) -> Self:
        return self.filter(children=None)

    def with_standards(self, on: datetime.date) -> Self:
        """Each with its large class and, as `standards_now`, the standards that hold on a day."""
        standards = FilingStandard.objects.valid_on(on).select_related("skill", "purpose")
        rows = standards.order_by("rank", "pk")
        prefetch = Prefetch("standards", queryset=rows, to_attr="standards_now")
        return self.select_related("parent").prefetch_related(prefetch)


class Category(Dated, TreeNode):  # type: ignore[django-manager-missing]  # tree-queries makes it
    """Large class → small class. Only small classes (leaves) are chosen for a case.

    `initials` are the pinyin initials of the name, for typing; `keywords` decide suggestions
    until a model has been trained; `is_emergency` matters are never routed (duty officer at once).
    """

    code = models.SlugField(_("code"), unique=True)
    national_code = models.CharField(_("national code"), max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    initials = models.CharField(max_length=60, blank=True, editable=False)
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    is_emergency = models.BooleanField(_("emergency"), default=False)
    files_automatically = models.BooleanField(
        _("a resident's report is filed without a clerk when place and category are certain"),
        default=False,
    )
    publicity = models.CharField(
        _("publicity"), max_length=8, choices=Publicity, default=Publicity.MASKED
    )

    objects = CategoryQuerySet.as_manager(with_tree_fields=False)  # type: ignore[call-arg,django-manager-missing]  # the plugin knows only Django's own as_manager

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [ends_after_it_begins("category_ends_after_it_begins")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class FilingStandard(Dated):
    """One condition of a small class with its limits, closing condition, work, skill and cost.

    A small class has one or several (a cover missing: 2 urgent hours; a cover noisy: 2 working
    days). `rank` orders them; the first is taken when nobody chose. `cost` is the estimate in fen;
    0 = a matter of no cost. `points` is the work that it puts on a person.
    """

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="standards", verbose_name=_("category")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    condition = models.CharField(_("filing condition"), max_length=200)
    condition_en = models.CharField(_("filing condition in English"), max_length=300, blank=True)
    closing_condition = models.CharField(_("closing condition"), max_length=200)
    closing_condition_en = models.CharField(
        _("closing condition in English"), max_length=300, blank=True
    )
    sign_limit = models.PositiveSmallIntegerField(_("limit for signing"), default=2)
    sign_unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.WORK_HOUR)
    handle_limit = models.PositiveSmallIntegerField(_("limit for handling"))
    handle_unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    urgent = models.BooleanField(
        _("urgent: the duty officer may order to act first"), default=False
    )
    points = models.PositiveSmallIntegerField(_("points of work"), default=1)
    skill = models.ForeignKey(
        "organizations.Skill",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("skill"),
    )
    cost = models.PositiveBigIntegerField(_("estimated cost (fen)"), default=0)
    purpose = models.ForeignKey(
        "funding.Purpose",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("purpose of money"),
    )
    photo_before = models.BooleanField(_("photo when reported"), default=False)
    photo_after = models.BooleanField(_("photo of the result"), default=False)
    contact_first = models.BooleanField(
        _("the resident is called before the result is reported"), default=False
    )
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("filing standard")
        verbose_name_plural = _("filing standards")
        constraints = [
            ends_after_it_begins("standard_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["category", "rank", "valid_from"], name="standard_rank_once"
            ),
            models.CheckConstraint(
                condition=Q(cost=0) | Q(purpose__isnull=False),
                name="cost_names_its_purpose",
            ),
            models.CheckConstraint(condition=Q(points__gte=1), name="work_has_points"),
            models.CheckConstraint(
                condition=Q(handle_limit__gte=1, sign_limit__gte=1),
                name="limits_are_positive",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.condition, self.condition_en)
