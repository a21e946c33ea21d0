"""The annual budget of a body: versions, items by purpose, and how much of each was released."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from funding.models.lines import READERS, Line, Purpose, Source
from grids.scopes import scopes_of
from organizations.models import User


def bodies_read_by(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    """Bodies in which `user` deals with money, and all below them."""
    return {
        body for scope in scopes_of(user, on=on) if scope.role in READERS for body in scope.body_ids
    }


class BudgetQuerySet(models.QuerySet["Budget"]):
    def with_names(self) -> Self:
        return self.select_related("body", "source", "made_by", "decided_by")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(body__in=bodies_read_by(user, on=on))

    def with_total(self) -> Self:
        return self.annotate(total=Sum("items__amount"))

    def in_force(self) -> Self:
        return self.filter(state=Budget.State.APPROVED)

    def waiting(self) -> Self:
        return self.filter(state=Budget.State.SUBMITTED)


class Budget(models.Model):
    """One version of what a body plans to spend of a source in a year; one version is in force.

    A change is a new version: what was approved stays as it was approved.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for approval")
        APPROVED = "approved", _("In force")
        REFUSED = "refused", _("Refused")
        REPLACED = "replaced", _("Replaced by a newer version")

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="budgets", verbose_name=_("body")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="budgets", verbose_name=_("source")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField(_("what it is about"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual budget")
        verbose_name_plural = _("annual budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "source", "year", "version"], name="budget_version_once"
            ),
            models.UniqueConstraint(
                fields=["body", "source", "year"],
                condition=Q(state="approved"),
                name="budget_one_version_in_force",
            ),
            models.UniqueConstraint(
                fields=["body", "source", "year"],
                condition=Q(state__in=["draft", "submitted"]),
                name="budget_one_version_in_work",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")),
                name="budget_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], decided_by=None, decided_at=None)
                | Q(
                    state__in=["approved", "refused", "replaced"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="budget_decided_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.year} · {self.source} · v{self.version}"


class BudgetItem(models.Model):
    """What a version plans for a purpose; approval gives it a line."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="items")
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, related_name="+", verbose_name=_("purpose")
    )
    amount = models.BigIntegerField(_("amount"))
    note = models.CharField(_("what for"), max_length=200, blank=True)
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="budget_items"
    )

    class Meta:
        verbose_name = _("budget item")
        verbose_name_plural = _("budget items")
        constraints = [
            models.UniqueConstraint(fields=["budget", "purpose"], name="budget_purpose_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_item_amount_positive"),
        ]


class Quota(models.Model):
    """What the budget in force approves for a line, and how much of it was released (指标).

    Released by a conditional UPDATE under the CHECK: never more than was approved.
    """

    line = models.OneToOneField(Line, models.PROTECT, related_name="quota")
    approved = models.BigIntegerField(_("approved"), default=0)
    released = models.BigIntegerField(_("released"), default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(
                condition=Q(released__gte=0, approved__gte=F("released")),
                name="quota_released_within_approved",
            )
        ]

    @property
    def unreleased(self) -> int:
        return self.approved - self.released
