"""What is visited, how often, and when it is due next."""

import datetime
import re
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from grids.questions import faults_of_form
from lib.languages import in_language
from lib.roles import COMMITTEE, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins

# Who goes out; and who sees that it is done, without reading what is private.
VISITORS = frozenset({Role.GRID_WORKER, Role.COMMUNITY_WORKER})
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6}")
OVERSEERS = COMMITTEE | {Role.SUPERVISOR, Role.DUTY_OFFICER, Role.ASSESSOR}


class TargetKind(models.TextChoices):
    GRID = "grid", _("Grid")
    KEY_PLACE = "key_place", _("Key place")
    DWELLING = "dwelling", _("Dwelling")
    PERSON = "person", _("Person or household in care")


class VisitKind(Dated):
    """A kind of visit: 入户走访, 巡查, 重点场所检查, 重点人员关爱 …; its form has versions."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    icon = models.CharField(_("icon"), max_length=40, default="walk")
    target_kind = models.CharField(_("what it visits"), max_length=12, choices=TargetKind)
    is_private = models.BooleanField(
        _("private"), default=False,
        help_text=_("Read by the workers of the grid and the community only."),
    )  # fmt: skip
    farthest_m = models.PositiveIntegerField(
        _("farthest (m)"), default=200,
        help_text=_("Who checks in farther from the target gives a reason."),
    )  # fmt: skip

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of visit")
        verbose_name_plural = _("kinds of visits")
        constraints = [
            ends_after_it_begins("visit_kind_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(target_kind="person") | Q(is_private=True),
                name="visits_to_persons_are_private",
                violation_error_message=_("Visits to persons are private."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def form(self) -> "VisitForm | None":
        """The newest version."""
        return self.forms.order_by("-number").first()


class VisitForm(models.Model):
    """A version of a kind's questions (`grids.questions`); never changed, only followed."""

    kind = models.ForeignKey(VisitKind, models.PROTECT, related_name="forms")
    number = models.PositiveIntegerField(_("version"))
    questions = models.JSONField(_("questions"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("form of a visit")
        verbose_name_plural = _("forms of visits")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="visit_form_version_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="visit_form_counts_from_one"),
        ]

    def clean(self) -> None:
        if faults := faults_of_form(self.questions):
            raise ValidationError(faults)


class VisitTargetQuerySet(DatedQuerySet):
    def with_names(self) -> Self:
        return self.select_related("grid", "community", "town")


class VisitTarget(Dated):
    """What is visited. Every grid has one by itself; places, dwellings and care are entered.

    Of a person no more than a worker needs to find the door: `name` holds what the street calls
    the household, never a telephone or identity number.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=TargetKind)
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=120, blank=True)
    note = models.CharField(_("to know"), max_length=120, blank=True)
    is_private = models.BooleanField(_("private"), default=False)
    town = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    grid = models.ForeignKey(
        Territory, models.PROTECT, related_name="visit_targets", verbose_name=_("grid")
    )
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    objects = VisitTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of visits")
        verbose_name_plural = _("targets of visits")
        constraints = [
            ends_after_it_begins("visit_target_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["grid"], condition=Q(kind="grid"), name="grid_is_one_target"
            ),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(is_private=True), name="care_is_private"
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="visit_target_has_a_whole_point",
            ),
        ]
        indexes = [models.Index(fields=["grid", "kind"], name="visit_target_grid")]

    def __str__(self) -> str:
        return str(self.grid) if self.kind == TargetKind.GRID else self.name

    def clean(self) -> None:
        for text in (self.name, self.note, self.address):
            if _LONG_NUMBER.search(text):
                raise ValidationError(
                    _("Leave out telephone and identity numbers: the visit does not need them.")
                )

    @property
    def point(self) -> tuple[float, float] | None:
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None else None


class VisitRule(Dated):
    """How often targets of a kind must be visited, within a territory (None: everywhere).

    Of several the one for the smallest territory holds.
    """

    kind = models.ForeignKey(
        VisitKind, models.PROTECT, related_name="rules", verbose_name=_("kind")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="visit_rules",
        verbose_name=_("territory"), help_text=_("Empty: everywhere."),
    )  # fmt: skip
    every_days = models.PositiveIntegerField(_("every … days"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of visits")
        verbose_name_plural = _("rules of visits")
        constraints = [
            ends_after_it_begins("visit_rule_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(every_days__gt=0, every_days__lte=366), name="visit_rule_within_a_year",
                violation_error_message=_("Give between 1 and 366 days."),
            ),
            models.UniqueConstraint(
                fields=["kind", "territory"], condition=Q(valid_to=None), name="one_visit_rule_now",
                violation_error_message=_("There is a rule for this kind and territory already."),
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(valid_to=None, territory=None),
                name="one_visit_rule_everywhere_now",
                violation_error_message=_("There is a rule for this kind and territory already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} · {self.territory or '—'}"


class VisitPlanQuerySet(models.QuerySet["VisitPlan"]):
    def due_by(self, day: datetime.date) -> Self:
        return self.filter(due_on__lte=day)

    def with_names(self) -> Self:
        return self.select_related("kind", "target__grid", "target__community", "grid", "community")

    def without_form(self) -> Self:
        return self.exclude(Exists(VisitForm.objects.filter(kind=OuterRef("kind"))))


class VisitPlan(models.Model):
    """When a target is due for a kind of visit: made of rules, targets and visits by `plan_visits`.

    Nobody writes it by hand; the place columns repeat the target's, so that a due list is one
    walk along an index.
    """

    kind = models.ForeignKey(VisitKind, models.CASCADE, related_name="plans")
    target = models.ForeignKey(VisitTarget, models.CASCADE, related_name="plans")
    every_days = models.PositiveIntegerField()
    last_at = models.DateTimeField(_("last visit"), null=True)
    due_on = models.DateField(_("due"))
    town = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    grid = models.ForeignKey(Territory, models.PROTECT, related_name="+")

    objects = VisitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="one_plan_per_target"),
            models.CheckConstraint(condition=Q(every_days__gt=0), name="visit_plan_has_a_pace"),
        ]
        indexes = [
            models.Index(fields=["grid", "due_on"], name="visit_plan_grid_due"),
            models.Index(fields=["community", "due_on"], name="visit_plan_community_due"),
            models.Index(fields=["due_on"], name="visit_plan_due"),
        ]

    def overdue_days(self, on: datetime.date) -> int:
        return max(0, (on - self.due_on).days)


def place_columns(grid: Territory) -> dict[str, Any]:
    """The columns town, community and grid of something that lies in a grid."""
    community = grid.parent
    town = community.parent_id if community is not None else None
    return {"grid_id": grid.pk, "community_id": grid.parent_id, "town_id": town}
