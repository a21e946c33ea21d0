"""Schemes of appraisal (考核方案): what counts for whom, with how many points, as dated data."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.languages import in_language
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from oversight import scoring
from oversight.measures import MEASURES
from oversight.workflow import REWARDS, Follows, Grade


class Of(models.TextChoices):
    DEPARTMENT = "department", _("Departments")
    COMMUNITY = "community", _("Communities")
    GRID = "grid", _("Grids")
    PERSON = "person", _("People")


def sample_choices() -> list[tuple[str, object]]:
    return [
        (code, MEASURES[code].name if code in MEASURES else scoring.WHISTLE_NUMBERS[code])
        for code in scoring.SAMPLES
    ]


class Scheme(Dated):
    """Whom it is for, where grades begin, and how long one may appeal.

    An appraisal copies it when it is opened: a later change touches none that is under way.
    `poor_twice` follows two years not competent in a row and nothing less; "": no rule says so.
    Grades begin at hundredths of a point; `excellent_share` is per cent of those ranked, rounded
    down. `appeal_days` and `answer_days` are work days.
    """

    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    of = models.CharField(pgettext_lazy("scheme", "for"), max_length=10, choices=Of)
    role = models.CharField(
        pgettext_lazy("scheme", "whose post is"), max_length=30, choices=Role, blank=True
    )
    sample = models.CharField(
        _("judged by the number of"), max_length=20, choices=sample_choices, default="to_handle"
    )
    min_sample = models.PositiveSmallIntegerField(_("at least so many, to be ranked"), default=5)
    excellent_share = models.PositiveSmallIntegerField(
        _("excellent, at most (per cent)"), default=20
    )
    excellent_from = models.PositiveIntegerField(_("excellent from (points)"), default=9000)
    good_from = models.PositiveIntegerField(_("competent from (points)"), default=7500)
    basic_from = models.PositiveIntegerField(_("basically competent from (points)"), default=6000)
    appeal_days = models.PositiveSmallIntegerField(_("work days to appeal"), default=5)
    answer_days = models.PositiveSmallIntegerField(_("work days to answer an appeal"), default=5)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    poor_twice = models.CharField(
        _("two years not competent in a row are followed by"),
        max_length=10,
        choices=[(kind, kind.label) for kind in Follows if kind not in REWARDS],
        blank=True,
    )
    poor_twice_basis = models.CharField(
        _("legal basis of what follows them"), max_length=300, blank=True
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme of appraisal")
        verbose_name_plural = _("schemes of appraisal")
        constraints = [
            ends_after_it_begins("scheme_ends_after_it_begins"),
            models.UniqueConstraint(fields=["code"], name="scheme_code_once"),
            models.CheckConstraint(
                condition=Q(excellent_share__lte=25),
                name="scheme_share_within_law",
                violation_error_message=_("At most a quarter may be excellent."),
            ),
            models.CheckConstraint(
                condition=Q(excellent_from__gte=F("good_from"), good_from__gte=F("basic_from")),
                name="scheme_grades_in_order",
                violation_error_message=_("Grades begin in their order: the best highest."),
            ),
            models.CheckConstraint(
                condition=Q(of=Of.PERSON) & ~Q(role="") | ~Q(of=Of.PERSON) & Q(role=""),
                name="scheme_of_people_names_role",
                violation_error_message=_("For people, and only for them, say which post."),
            ),
            models.CheckConstraint(
                condition=Q(poor_twice="") | Q(of=Of.PERSON) & ~Q(poor_twice_basis=""),
                name="scheme_poor_twice_has_a_basis",
                violation_error_message=_(
                    "What follows two years not competent is said for people, with its basis."
                ),
            ),
            models.CheckConstraint(
                condition=Q(appeal_days__gte=1, answer_days__gte=1, min_sample__gte=1),
                name="scheme_gives_time",
                violation_error_message=_("Give at least one day, and ask for at least one."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def terms(self) -> scoring.Terms:
        return scoring.Terms(
            self.sample, self.min_sample, self.excellent_share, self.excellent_from,
            self.good_from, self.basic_from,
        )  # fmt: skip


def indicator_choices() -> list[tuple[str, object]]:
    """What rules may speak of: rates first, then what is counted."""
    rates = [(code, one.name) for code, one in scoring.INDICATORS.items()]
    return [*rates, *scoring.COUNTED.items()]


class SchemeRuleQuerySet(DatedQuerySet):
    def of(self, scheme: Scheme, *, on: object) -> Self:
        return self.filter(scheme=scheme).valid_on(on).order_by("rank", "pk")  # type: ignore[arg-type]  # a day


class SchemeRule(Dated):
    """One line of a scheme; `oversight.scoring.Rule` says what each number means."""

    class Kind(models.TextChoices):
        RATE = scoring.RATE, pgettext_lazy("scheme", "Rate")
        BONUS = scoring.BONUS, _("Bonus")
        DEDUCTION = scoring.DEDUCTION, _("Deduction")

    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="rules", verbose_name=_("scheme")
    )
    rank = models.PositiveSmallIntegerField(pgettext_lazy("scheme", "position"), default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    indicator = models.CharField(_("indicator"), max_length=30, choices=indicator_choices)
    points = models.PositiveIntegerField(_("points, at most"))
    full_at = models.PositiveIntegerField(_("full points from (per cent)"), null=True, blank=True)
    loss = models.PositiveIntegerField(
        _("points lost for each percentage point"), null=True, blank=True
    )
    floor = models.PositiveIntegerField(_("floor (per cent)"), null=True, blank=True)
    floor_grade = models.CharField(
        _("beyond the floor at best"),
        max_length=10,
        blank=True,
        choices=[(grade, grade.label) for grade in (Grade.BASIC, Grade.POOR)],
    )
    each = models.PositiveIntegerField(_("points for each"), null=True, blank=True)
    free = models.PositiveSmallIntegerField(_("so many free"), default=0)

    objects = SchemeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of a scheme")
        verbose_name_plural = _("rules of schemes")
        constraints = [
            ends_after_it_begins("scheme_rule_ends_after_begin"),
            models.UniqueConstraint(
                fields=["scheme", "kind", "indicator", "valid_from"], name="scheme_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0),
                name="scheme_rule_has_points",
                violation_error_message=_("Give the points."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="rate", full_at__isnull=False, full_at__lte=scoring.WHOLE, each=None
                )
                | ~Q(kind="rate")
                & Q(full_at=None, loss=None, floor=None, each__isnull=False, each__gt=0),
                name="scheme_rule_fits_its_kind",
                violation_error_message=_(
                    "A rate says from when on it is full; a bonus or deduction says the points "
                    "for each."
                ),
            ),
            models.CheckConstraint(
                condition=Q(floor=None, floor_grade="")
                | Q(floor__isnull=False, floor__lte=scoring.WHOLE) & ~Q(floor_grade=""),
                name="scheme_rule_floor_has_grade",
                violation_error_message=_("A floor says which grade is the best beyond it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.get_indicator_display()}"

    @property
    def as_rule(self) -> scoring.Rule:
        return scoring.Rule(
            str(self.kind), self.indicator, self.points, self.full_at, self.loss, self.floor,
            str(self.floor_grade), self.each, self.free,
        )  # fmt: skip
