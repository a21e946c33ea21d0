"""Rosters: kinds of shifts, who works when, leave with its stand-in, and swaps."""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.duty_workflow import LeaveState, SwapState
from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Post, User


class ShiftKind(Dated):
    """A kind of shift by the city's clock; one that ends before it begins ends on the next day."""

    code = models.SlugField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=30)
    name_en = models.CharField(_("English name"), max_length=60)
    mark = models.CharField(_("sign in the roster"), max_length=2)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of shift")
        verbose_name_plural = _("kinds of shifts")
        constraints = [
            ends_after_it_begins("shift_kind_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="one_shift_kind_now"
            ),
            models.CheckConstraint(condition=~Q(starts=F("ends")), name="shift_takes_time"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def between(self, first: datetime.datetime, end: datetime.datetime) -> Self:
        """Shifts that are worked at some moment from `first` to `end`."""
        return self.filter(starts_at__lt=end, ends_at__gt=first)

    def of_posts(self, posts: Collection[int]) -> Self:
        return self.filter(post__in=posts).order_by("starts_at")


class DutyShift(models.Model):
    """A post works from `starts_at` to `ends_at`. `day` is the day that the roster shows it on."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="shifts", verbose_name=_("post"))
    kind = models.ForeignKey(ShiftKind, models.PROTECT, related_name="+", verbose_name=_("shift"))
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="duty_shift_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["post", "starts_at"], name="one_shift_begins_at_once"),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="duty_shift_times")]


class LeaveQuerySet(models.QuerySet["Leave"]):
    def approved(self) -> Self:
        return self.filter(state=LeaveState.APPROVED)

    def pending(self) -> Self:
        return self.filter(state=LeaveState.PENDING)

    def on_day(self, day: datetime.date) -> Self:
        return self.filter(first_day__lte=day, last_day__gte=day)

    def with_names(self) -> Self:
        return self.select_related("post__person", "post__body", "stand_in__person", "decided_by")


class Leave(models.Model):
    """Whole days on which somebody is away, and who stands in: for their grids and their shifts."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="leaves")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    stand_in = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="stands_in",
        verbose_name=_("stand-in"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=9, choices=LeaveState, default=LeaveState.PENDING
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    # Why somebody is away, and what was answered, may be about their health.
    recorded_as: ClassVar[Mapping[str, Callable[[str], object]]] = {"reason": bool, "note": bool}

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leave")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="leave_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first."),
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("post")),
                name="nobody_stands_in_for_themselves",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(state=LeaveState.PENDING, decided_at=None, decided_by=None)
                | (~Q(state=LeaveState.PENDING)
                   & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="leave_is_decided_by_somebody",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["last_day"], condition=Q(state="approved"), name="leave_approved")
        ]


class SwapQuerySet(models.QuerySet["Swap"]):
    def open(self) -> Self:
        return self.filter(state__in=[SwapState.PENDING, SwapState.AGREED])

    def still_possible(self, at: datetime.datetime) -> Self:
        """Neither of the two shifts has begun."""
        return self.filter(mine__starts_at__gt=at, theirs__starts_at__gt=at)

    def with_names(self) -> Self:
        return self.select_related(
            "mine__post__person", "mine__post__body", "mine__kind",
            "theirs__post__person", "theirs__kind",
        )  # fmt: skip


class Swap(models.Model):
    """Two people change shifts: one asks, the other agrees, the head approves."""

    mine = models.ForeignKey(DutyShift, models.CASCADE, related_name="+")
    theirs = models.ForeignKey(DutyShift, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=SwapState, default=SwapState.PENDING)
    asked_at = models.DateTimeField(_("asked"))
    agreed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = _("swap of shifts")
        verbose_name_plural = _("swaps of shifts")
        constraints = [
            models.CheckConstraint(condition=~Q(mine=F("theirs")), name="swap_has_two_shifts"),
            models.UniqueConstraint(
                fields=["mine"],
                condition=Q(state__in=[SwapState.PENDING, SwapState.AGREED]),
                name="a_shift_is_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(state=SwapState.PENDING, agreed_at=None)
                | Q(state=SwapState.AGREED, agreed_at__isnull=False, decided_at=None)
                | Q(state=SwapState.DONE, agreed_at__isnull=False, decided_at__isnull=False)
                | Q(state__in=[SwapState.REFUSED, SwapState.WITHDRAWN], decided_at__isnull=False),
                name="swap_moments_follow_its_state",
            ),
        ]
