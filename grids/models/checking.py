"""Whether the grids cover the city: rules, runs, what was found, and the figures of each run."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User


class Setting(models.TextChoices):
    URBAN = "urban", _("City: residents' committees")
    RURAL = "rural", _("Country: villagers' committees")


class FindingKind(models.TextChoices):
    BLIND = "blind", _("Blind area")
    HOLE = "hole", _("Hole between territories")
    OVERLAP = "overlap", _("Overlap")
    OVERHANG = "overhang", _("Beyond the border")
    UNSTAFFED = "unstaffed", _("Grid without anybody")
    OVERSIZE = "oversize", _("Too many households")
    UNVISITED = "unvisited", _("Not visited for long")


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Checking")
    DONE = "done", _("Done")
    FAILED = "failed", _("Broken off")


OF_GROUND = frozenset(
    {FindingKind.BLIND, FindingKind.HOLE, FindingKind.OVERLAP, FindingKind.OVERHANG}
)
OPEN_RUNS = (RunState.WAITING, RunState.RUNNING)


class CoverageRule(Dated):
    """How large a grid should be, and how long it may go without a visit.

    Sizes after the national advice on comprehensive grids: 300 to 500 households in the city, about
    300 in the country.
    """

    setting = models.CharField(_("kind of community"), max_length=8, choices=Setting)
    least_households = models.PositiveIntegerField(_("households, from"), default=300)
    most_households = models.PositiveIntegerField(_("households, at most"))
    visit_days = models.PositiveIntegerField(_("days without a visit, at most"), default=30)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of coverage")
        verbose_name_plural = _("rules of coverage")
        constraints = [
            ends_after_it_begins("coverage_rule_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["setting"], condition=Q(valid_to=None), name="one_coverage_rule_now"
            ),
            models.CheckConstraint(
                condition=Q(most_households__gte=F("least_households")) & Q(visit_days__gte=1),
                name="coverage_rule_has_room",
                violation_error_message=_("The largest size must not lie below the smallest."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_setting_display()


class CoverageRun(models.Model):
    """One check of the whole city; only what changed since the last one is measured anew.

    A row that waits is work to be done: a message only says that there is some.
    """

    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.WAITING)
    is_full = models.BooleanField(_("everything anew"), default=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    seen_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("check of coverage")
        verbose_name_plural = _("checks of coverage")
        constraints = [
            models.UniqueConstraint(
                Value(1), condition=Q(state__in=OPEN_RUNS), name="one_coverage_run_at_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_RUNS, finished_at=None)
                | (~Q(state__in=OPEN_RUNS) & Q(finished_at__isnull=False)),
                name="coverage_run_finished_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="coverage_run_does_what_there_is"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RUNS


class CoverageMark(models.Model):
    """What a territory and its parts looked like when they were last measured."""

    territory = models.OneToOneField(Territory, models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64)


class CoverageFindingQuerySet(models.QuerySet["CoverageFinding"]):
    def standing(self) -> Self:
        """What was found and is not mended yet."""
        return self.filter(gone_in=None)

    def with_names(self) -> Self:
        return self.select_related("territory", "other", "town", "community").defer("geometry")

    def counted(self) -> dict[str, tuple[int, float]]:
        """Per kind how many, and how many square metres of ground."""
        rows = self.order_by().values_list("kind").annotate(Count("pk"), Sum("area_m2"))
        return {kind: (number, area or 0.0) for kind, number, area in rows}


class CoverageFinding(models.Model):
    """Something that keeps the grids from covering the city, from one check to another.

    `territory` is what it was found at (of a blind area what should be covered, else the grid or
    its like), `other` the second claimant of an overlap. `measure`: households, or days since the
    last visit (None: never visited). Findings follow from the outlines: they go with them.
    """

    found_in = models.ForeignKey(CoverageRun, models.PROTECT, related_name="found")
    gone_in = models.ForeignKey(
        CoverageRun, models.PROTECT, null=True, blank=True, related_name="mended"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind)
    unit = models.ForeignKey(Territory, models.CASCADE, null=True, related_name="+")
    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="+", verbose_name=_("territory")
    )
    other = models.ForeignKey(Territory, models.CASCADE, null=True, blank=True, related_name="+")
    town = models.ForeignKey(Territory, models.CASCADE, null=True, blank=True, related_name="+")
    community = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="+"
    )
    grid = models.ForeignKey(Territory, models.CASCADE, null=True, blank=True, related_name="+")
    geometry = models.JSONField(null=True, blank=True)
    area_m2 = models.FloatField(_("area (m²)"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    measure = models.PositiveIntegerField(null=True, blank=True)
    split_asked_at = models.DateTimeField(null=True, blank=True)

    objects = CoverageFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of coverage")
        verbose_name_plural = _("findings of coverage")
        constraints = [
            models.UniqueConstraint(
                "kind", "territory", Coalesce("other", 0), "digest",
                condition=Q(gone_in=None), name="coverage_finding_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_GROUND, geometry__isnull=False, area_m2__gt=0)
                | (~Q(kind__in=OF_GROUND) & Q(geometry=None)),
                name="coverage_finding_of_ground_has_area",
            ),
            models.CheckConstraint(
                condition=Q(kind=FindingKind.OVERLAP, other__isnull=False)
                | (~Q(kind=FindingKind.OVERLAP) & Q(other=None)),
                name="coverage_overlap_has_two",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind"], condition=Q(gone_in=None), name="coverage_standing")
        ]

    @property
    def is_ground(self) -> bool:
        return self.kind in OF_GROUND

    @property
    def key(self) -> tuple[Any, ...]:
        return self.kind, self.territory_id, self.other_id, self.digest


class CoverageCount(models.Model):
    """The figures of a finished check by town (its code; "": all), for the trend: never changed."""

    run = models.ForeignKey(CoverageRun, models.PROTECT, related_name="counts")
    town = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=10, choices=FindingKind)
    number = models.PositiveIntegerField()
    area_m2 = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "town", "kind"], name="coverage_counted_once")
        ]
