"""Plan and actual: pay of community workers by grade, basic public services of communities.

社区工作者“三岗十八级”: three kinds of post with levels. Only sums and numbers of people are kept,
never what one person earns; groups of fewer than three are not published.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grids.scopes import scopes_of
from lib.languages import in_language
from lib.roles import COMMITTEE, FINANCE, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User

# Fewer people than this could be recognised by their sum.
FEWEST_PUBLISHED = 3
READERS = FINANCE | COMMITTEE | {Role.SUPERVISOR, Role.AUDIT_ADMIN}


class ActualQuerySet(models.QuerySet):
    def checked(self) -> Self:
        return self.filter(checked_by__isnull=False)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Rows of the bodies in which `user` deals with money, and of those below them."""
        scopes = (scope for scope in scopes_of(user, on=on) if scope.role in READERS)
        return self.filter(body__in={body for scope in scopes for body in scope.body_ids})


class Actual(models.Model):
    """Abstract: what really was, entered by one and checked by another."""

    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    objects = ActualQuerySet.as_manager()

    class Meta:
        abstract = True


def checked_by_another(name: str) -> models.CheckConstraint:
    """Not checked yet, or by somebody else than who entered it."""
    another = Q(checked_at__isnull=False) & ~Q(checked_by=F("entered_by"))
    return models.CheckConstraint(
        condition=Q(checked_by=None, checked_at=None) | another, name=name
    )


class PayGrade(Dated):
    """A grade of a kind of post, and what the plan gives for one person and month."""

    class Post(models.TextChoices):
        HEAD = "head", _("Head of a community (正职)")
        DEPUTY = "deputy", _("Deputy (副职)")
        WORKER = "worker", _("Community worker (工作人员)")

    post = models.CharField(_("post"), max_length=8, choices=Post)
    level = models.PositiveSmallIntegerField(_("level"))
    pay = models.BigIntegerField(_("pay of a month"))
    benefits = models.BigIntegerField(_("insurance and housing fund of a month"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pay grade")
        verbose_name_plural = _("pay grades")
        constraints = [
            ends_after_it_begins("paygrade_ends_after_it_begins"),
            models.UniqueConstraint(fields=["post", "level", "valid_from"], name="paygrade_once"),
            models.CheckConstraint(
                condition=Q(pay__gt=0, benefits__gte=0, level__gte=1, level__lte=18),
                name="paygrade_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.level}"

    @property
    def planned(self) -> int:
        return self.pay + self.benefits


class PayActual(Actual):
    """What a body paid its people of one grade in a month: entered by one, checked by another."""

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="pay_actuals", verbose_name=_("body")
    )
    grade = models.ForeignKey(
        PayGrade, models.PROTECT, related_name="actuals", verbose_name=_("pay grade")
    )
    month = models.DateField(_("month"))
    people = models.PositiveSmallIntegerField(_("people"))
    pay = models.BigIntegerField(_("pay"))
    benefits = models.BigIntegerField(_("insurance and housing fund"))

    class Meta:
        verbose_name = _("pay of a month")
        verbose_name_plural = _("pay of months")
        constraints = [
            models.UniqueConstraint(fields=["body", "grade", "month"], name="pay_actual_once"),
            models.CheckConstraint(
                condition=Q(people__gt=0, pay__gte=0, benefits__gte=0), name="pay_actual_possible"
            ),
            checked_by_another("pay_actual_is_checked_by_another"),
        ]


class ServiceStandard(Dated):
    """A basic public service that every community should have, and how much of it."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    unit_en = models.CharField(_("unit (English)"), max_length=60)
    amount = models.PositiveIntegerField(_("planned for a community and year"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard of a public service")
        verbose_name_plural = _("standards of public services")
        constraints = [ends_after_it_begins("servicestandard_ends_after_it_begins")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def unit_shown(self) -> str:
        return self.unit_en if get_language() == "en" else self.unit


class ServiceActual(Actual):
    """How much of a service a community had in a year: entered by one, checked by another."""

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="service_actuals",
        verbose_name=_("community"),
    )  # fmt: skip
    standard = models.ForeignKey(
        ServiceStandard, models.PROTECT, related_name="actuals", verbose_name=_("service")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.PositiveIntegerField(_("provided"))

    class Meta:
        verbose_name = _("service of a year")
        verbose_name_plural = _("services of years")
        constraints = [
            models.UniqueConstraint(fields=["body", "standard", "year"], name="service_once"),
            checked_by_another("service_is_checked_by_another"),
        ]
