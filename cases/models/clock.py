"""Limits of stages, steps of warning, and what the database remembers of each running limit."""

import datetime
from collections.abc import Collection
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case, Urgency
from cases.workflow import CLOCK_RUNS, State
from lib.units import Unit
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Post, User


class Stage(models.TextChoices):
    """Timed one by one (practice of digital city management). Handling has its standard's limit."""

    ACCEPT = "accept", _("Acceptance")
    DISPATCH = "dispatch", _("Dispatch")
    HANDLE = "handle", _("Handling")
    CHECK = "check", _("Check")
    TOTAL = "total", _("Altogether")


class StageLimit(Dated):
    """How long a stage may take, where no standard says it; for one urgency or for all."""

    stage = models.CharField(
        _("stage"),
        max_length=8,
        choices=[choice for choice in Stage.choices if choice[0] != Stage.HANDLE],
    )
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, blank=True)
    amount = models.PositiveSmallIntegerField(_("limit"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of a stage")
        verbose_name_plural = _("limits of stages")
        constraints = [
            ends_after_it_begins("stage_limit_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="stage_limit_is_positive"),
            models.UniqueConstraint(
                fields=["stage", "urgency", "valid_from"], name="stage_limit_once"
            ),
        ]


class Limit(models.TextChoices):
    SIGN = "sign", _("for signing")
    HANDLE = "handle", _("for handling")


class Audience(models.TextChoices):
    HANDLER = "handler", _("the handler")
    HEAD = "head", _("the department's head")
    SUPERIOR = "superior", _("the body above")
    COMMITTEE = "committee", _("the committee above")


class WarningStep(Dated):
    """When `percent` of a limit is used, `audience` is told; beyond 100 the limit has passed.

    In percent of the limit itself, so that what has two hours climbs in hours and what has five
    days in days, on the limit's own clock.
    """

    limit = models.CharField(_("limit"), max_length=8, choices=Limit)
    percent = models.PositiveSmallIntegerField(
        _("percent of the limit used"), validators=[MinValueValidator(1)]
    )
    audience = models.CharField(_("who is told"), max_length=10, choices=Audience)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of warning")
        verbose_name_plural = _("steps of warning")
        constraints = [
            ends_after_it_begins("warning_step_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=1000), name="warning_step_percent"
            ),
            models.UniqueConstraint(
                fields=["limit", "percent", "audience", "valid_from"], name="warning_step_once"
            ),
        ]


class WatchQuerySet(models.QuerySet["Watch"]):
    def due(self, at: datetime.datetime) -> Self:
        return self.filter(next_at__lte=at).order_by("next_at", "pk")

    def for_list(self) -> Self:
        """The limit that counts now of each case: for signing until somebody has signed."""
        running = self.filter(case__state__in=CLOCK_RUNS).exclude(
            limit=Limit.HANDLE, case__state=State.DISPATCHED
        )
        return running.select_related(
            "case__category", "case__town", "case__community", "case__grid", "case__lead_body",
            "case__lead_post__person",
        )  # fmt: skip

    def late(self, at: datetime.datetime) -> Self:
        return self.filter(due_at__lt=at)

    def due_between(self, at: datetime.datetime, end: datetime.datetime) -> Self:
        return self.filter(due_at__gte=at, due_at__lt=end)

    def of_person(self, user: User, *, on: datetime.date) -> Self:
        return self.filter(case__lead_post__in=Post.objects.held_by(user, on=on))

    def of_bodies(self, bodies: Collection[int]) -> Self:
        return self.filter(case__lead_body__in=bodies)

    def visible_to(self, user: User, *, on: datetime.date) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user, on=on))


class Watch(models.Model):
    """A limit that runs: when the next step of warning is due.

    `done_percent` is the highest step that has been taken or passed over. A deadline that moves
    (extension, resumption, another department) begins a new watch. Written only under the lock of
    the case.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="watches")
    limit = models.CharField(max_length=8, choices=Limit)
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_percent = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(fields=["case", "limit"], name="watch_one_of_a_limit"),
            models.CheckConstraint(condition=Q(due_at__gte=F("begun_at")), name="watch_has_length"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="watch_due_at"),
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="watch_next"
            ),
        ]
