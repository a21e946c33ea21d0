"""The tree of bodies: party organisations, committees, departments, communities, units."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins

if TYPE_CHECKING:
    from organizations.models.people import User


class Nature(models.TextChoices):
    """What the rules need to know of a kind; everything else about kinds is data."""

    PARTY = "party", _("Party organisation")
    COMMITTEE = "committee", _("Committee")
    DEPARTMENT = "department", _("Department")
    COMMUNITY = "community", _("Residents' or villagers' committee")
    CENTRE = "centre", _("Centre")
    JOINT_UNIT = "joint_unit", _("Joint unit")
    SOCIAL = "social", _("Social organisation")
    ENTERPRISE = "enterprise", _("Enterprise")


class BodyKind(models.Model):  # type: ignore[django-manager-missing]  # made by tree-queries
    """A kind of body, as data (镇街党工委, 社会工作委员会, 居民委员会 …)."""

    code = models.SlugField(_("code"), unique=True)
    nature = models.CharField(_("nature"), max_length=20, choices=Nature)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        verbose_name = _("kind of body")
        verbose_name_plural = _("kinds of bodies")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class BodyQuerySet(DatedQuerySet, TreeQuerySet):
    def with_kind(self) -> Self:
        return self.select_related("kind")

    def below(self, body: "Body") -> Self:
        """`body` itself and every body under it."""
        below: Self = self.descendants(body, include_self=True)
        return below

    def visible_to(self, user: "User", *, on: datetime.date) -> Self:
        """Who holds a post knows the whole organisation; a stranger sees nothing of it."""
        return self if user.roles_on(on) else self.none()


class Body(Dated, TreeNode):  # type: ignore[django-manager-missing]  # the same
    """An organisation that leads, works or takes part; valid for a time, under one parent."""

    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, verbose_name=_("kind"))
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    phone = models.CharField(_("official telephone"), max_length=30, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)

    objects = BodyQuerySet.as_manager(with_tree_fields=False)  # type: ignore[call-arg,django-manager-missing]  # the plugin knows only Django's own as_manager

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [ends_after_it_begins("body_ends_after_it_begins")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
