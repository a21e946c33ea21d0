"""What the duty list lacks: 缺位 (nobody), 交叉 (two), 错位 (a community for a department)."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from grids.models import Territory
from grids.scopes import scopes_of
from lib.roles import ADMINISTRATORS
from organizations.models import User
from routing.models.catalogue import Category
from routing.models.runs import Run, one_at_once, run_constraints


class DutyFlaw(models.TextChoices):
    GAP = "gap", _("Nobody answers")
    OVERLAP = "overlap", _("Two answer")
    MISPLACED = "misplaced", _("Community made to answer")


class DutyRun(Run):
    """One check of every small class in every community; only classes of which something has
    changed since are judged anew. `total` and `done` count classes."""

    is_full = models.BooleanField(_("everything anew"), default=False)

    class Meta:
        verbose_name = _("check of the duty list")
        verbose_name_plural = _("checks of the duty list")
        constraints = [one_at_once("one_duty_run_at_once"), *run_constraints("duty_run")]


class DutyMark(models.Model):
    """What the rules for a small class looked like when it was last judged."""

    category = models.OneToOneField(Category, models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64)


class DutyFindingQuerySet(models.QuerySet["DutyFinding"]):
    def standing(self) -> Self:
        """What was found and is not mended yet."""
        return self.filter(gone_in=None)

    def visible_to(self, user: User, *, on: datetime.date) -> Self:
        """Of the ground that the person's posts cover; administrators see all of it."""
        scopes = scopes_of(user, on=on)
        if any(scope.everywhere or scope.role in ADMINISTRATORS for scope in scopes):
            return self
        towns = {key for scope in scopes for key in scope.towns}
        communities = {key for scope in scopes for key in scope.communities}
        return self.filter(Q(town__in=towns) | Q(community__in=communities))

    def with_names(self) -> Self:
        return self.select_related("category", "category__parent", "community", "town", "lead")

    def counted(self) -> dict[str, int]:
        return dict(self.order_by().values_list("kind").annotate(Count("pk")))


class DutyFinding(models.Model):
    """A small class in a community that the router could not send, from one check to another.

    `lead`: the community made to lead (misplaced). `entries`: keys of the entries it follows from.
    `reason`: the router's code. Findings follow from territory and lists: they go with them.
    """

    found_in = models.ForeignKey(DutyRun, models.PROTECT, related_name="found")
    gone_in = models.ForeignKey(
        DutyRun, models.PROTECT, null=True, blank=True, related_name="mended"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DutyFlaw)
    category = models.ForeignKey(
        Category, models.CASCADE, related_name="+", verbose_name=_("category")
    )
    community = models.ForeignKey(
        Territory, models.CASCADE, related_name="+", verbose_name=_("community")
    )
    town = models.ForeignKey(Territory, models.CASCADE, null=True, related_name="+")
    lead = models.ForeignKey(
        "organizations.Body", models.CASCADE, null=True, blank=True, related_name="+"
    )
    entries = models.JSONField(default=list)
    reason = models.CharField(max_length=30)

    objects = DutyFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of the duty list")
        verbose_name_plural = _("findings of the duty list")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "community"],
                condition=Q(gone_in=None),
                name="duty_finding_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=DutyFlaw.MISPLACED, lead__isnull=False)
                | ~Q(kind=DutyFlaw.MISPLACED),
                name="misplaced_names_the_community",
            ),
        ]
        indexes = [
            models.Index(fields=["kind"], condition=Q(gone_in=None), name="duty_finding_standing")
        ]

    @property
    def key(self) -> tuple[Any, ...]:
        return self.kind, self.category_id, self.community_id, self.lead_id, tuple(self.entries)
