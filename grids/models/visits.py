"""Visits that were made, what was found on them, and their append-only history."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models.territory import Territory
from grids.models.visit_plans import VisitForm, VisitKind, VisitTarget
from grids.visit_workflow import FindingState, VisitState
from lib.chain import ChainedEvent

SUBJECT = "grids.visit"
FINDING = "grids.finding"


class VisitQuerySet(models.QuerySet["Visit"]):
    def with_names(self) -> Self:
        found = Finding.objects.filter(visit=OuterRef("pk")).order_by().values("visit")
        counted = Subquery(found.annotate(number=Count("pk")).values("number"))
        names = self.select_related("kind", "target__grid", "grid", "community", "by")
        return names.annotate(found=counted)

    def made(self) -> Self:
        return self.filter(state=VisitState.MADE)

    def last_by_grid(self) -> dict[int, datetime.datetime]:
        """{key of a grid: when somebody was there last}; a grid without any visit is missing."""
        rows = self.made().order_by().values("grid").annotate(last=Max("at"))
        return dict(rows.values_list("grid", "last"))


class Visit(models.Model):
    """One visit with its check-in: where and when somebody stood, and what they answered.

    `at` is the moment at the door (the device's clock, never later than `received_at`);
    `distance_m` to the target, None where the device or the target has no point.
    """

    client_key = models.CharField(max_length=80, unique=True)
    kind = models.ForeignKey(VisitKind, models.PROTECT, related_name="visits")
    form = models.ForeignKey(VisitForm, models.PROTECT, related_name="visits")
    target = models.ForeignKey(VisitTarget, models.PROTECT, related_name="visits")
    town = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    grid = models.ForeignKey(Territory, models.PROTECT, related_name="visits")
    is_private = models.BooleanField(_("private"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits_made")
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received"))
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    accuracy_m = models.PositiveIntegerField(_("accuracy (m)"), null=True)
    distance_m = models.PositiveIntegerField(_("distance (m)"), null=True)
    far_reason = models.CharField(_("why from afar"), max_length=200, blank=True)
    answers = models.JSONField(pgettext_lazy("visit", "answers"), default=dict)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    salt = models.CharField(max_length=32)
    state = models.CharField(_("state"), max_length=8, choices=VisitState, default=VisitState.MADE)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="visit_has_a_whole_point",
            ),
            models.CheckConstraint(
                condition=Q(received_at__gte=models.F("at")), name="visit_was_before_it_came"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=False) | ~Q(far_reason=""),
                name="visit_without_a_place_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["grid", "-at"], name="visit_grid_at"),
            models.Index(fields=["community", "-at"], name="visit_community_at"),
            models.Index(fields=["by", "-at"], name="visit_by_at"),
            models.Index(fields=["target", "kind", "-at"], name="visit_target_kind_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.target}"

    @property
    def subject(self) -> tuple[str, str]:
        return (SUBJECT, str(self.pk))


class VisitRevision(models.Model):
    """What a visit said before a correction, and why. Rows stay; words may be erased.

    `target`, `visited_at`: whom and when it had named, where that was amended.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    note = models.CharField(max_length=1000, blank=True)
    target = models.ForeignKey(VisitTarget, models.PROTECT, null=True, related_name="+")
    visited_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("former wording of a visit")
        verbose_name_plural = _("former wordings of visits")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="visit_revision_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="visit_revision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(target=None, visited_at=None)
                | Q(target__isnull=False, visited_at__isnull=False),
                name="visit_revision_names_whom_and_when",
            ),
        ]


class VisitEvent(ChainedEvent):
    """History of a visit: check-in, corrections, its being void. Answers stand here as digests."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="events")
    move = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a visit")
        verbose_name_plural = _("events of visits")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="visit_event_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "visit": self.visit_id,
            "number": self.number,
            "move": self.move,
            "by": self.by_id,
            "at": self.at,
            "facts": self.facts,
        }


class FindingQuerySet(models.QuerySet["Finding"]):
    def waiting(self) -> Self:
        """Those that shall become cases and have not yet, the oldest first."""
        return self.filter(state=FindingState.WAITING).order_by("pk")


class Finding(models.Model):
    """Something seen on a visit: settled on the spot (自行处置), or made a case, or neither.

    `category` is the code of a category of cases, as a hint for those who know categories.
    `case_key`: the case that came of it, for showing only.
    """

    client_key = models.CharField(max_length=80, unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    text = models.CharField(_("what was found"), max_length=1000)
    category = models.CharField(_("category"), max_length=60, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=FindingState, default=FindingState.OPEN
    )
    remark = models.CharField(_("what was done"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    case_key = models.CharField(max_length=20, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="finding_says_what"),
            models.CheckConstraint(
                condition=Q(state="case") & ~Q(case_key="") | ~Q(state="case") & Q(case_key=""),
                name="finding_of_a_case_names_it",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waiting"], decided_at=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="finding_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["resolved", "dropped"]) | ~Q(remark=""),
                name="finding_without_a_case_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="finding_waiting")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def subject(self) -> tuple[str, str]:
        return (FINDING, str(self.pk))


class VisitPhoto(models.Model):
    """A photo of a visit: for a question (`question`), or of a finding. Sent twice, kept once."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="photos")
    question = models.CharField(max_length=40, blank=True)
    image = models.FileField(upload_to="visits/%Y/%m/")
    thumbnail = models.FileField(upload_to="visits/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("photo of a visit")
        verbose_name_plural = _("photos of visits")
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="visit_photo_once")]
