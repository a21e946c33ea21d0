"""Forms of consultation as dated data: stages, who takes part, notice, publicity, majorities.

A consultation copies its blueprint when it is made, so a blueprint that changes afterwards changes
nothing that is under way.
"""

from fractions import Fraction
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.workflow import PHASE_OF, StageKind
from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class Form(models.TextChoices):
    """The forms of consultation that rules know, and the assemblies that decide after them."""

    COUNCIL = "council", _("Residents' council")
    BOARD = "board", _("Board of directors")
    ESTATE = "estate", _("Consultation of an estate")
    OWNERS = "owners", _("Decision of the owners")
    HEARING = "hearing", _("Decision hearing")
    APPRAISAL = "appraisal", _("Democratic appraisal")
    FOUR_TWO = "four_two", _("Four deliberations, two publications")
    MEMBERS = "members", _("Members' assembly of the collective")
    VILLAGERS = "villagers", _("Villagers' assembly")
    RESIDENTS = "residents", _("Residents' assembly")
    LEGISLATION = "legislation", _("Comments on a draft regulation")
    PROJECTS = "projects", _("Project call")


class Participant(models.TextChoices):
    """Whom a stage cannot do without."""

    PARTY = "party", _("Party organisation")
    PARTY_MEMBERS = "party_members", _("Party members")
    COMMITTEE = "committee", _("Residents' or villagers' committee")
    SUPERVISION = "supervision", _("Supervision committee")
    REPRESENTATIVES = "representatives", _("Residents' representatives")
    RESIDENTS = "residents", pgettext_lazy("who takes part", "Residents")
    NEWCOMERS = "newcomers", _("Residents without local registration")
    VILLAGERS = "villagers", _("Villagers")
    OWNERS = "owners", _("Owners")
    OWNERS_COMMITTEE = "owners_committee", _("Owners' committee")
    PROPERTY = "property", _("Property company")
    MEMBERS = "members", _("Members of the collective")
    DIRECTORS = "directors", _("Directors")
    CONCERNED = "concerned", _("Those concerned")
    EXPERTS = "experts", _("Experts or a third party")
    DEPARTMENTS = "departments", _("Departments concerned")


class Unit(models.TextChoices):
    """As `lib.worktime` counts them."""

    DAY = "natural_day", _("days")
    WORK_DAY = "work_day", _("working days")


class PublicationKind(models.TextChoices):
    NOTICE = "notice", _("Notice")
    MATERIALS = "materials", _("Materials")
    MINUTES = "minutes", _("Minutes")
    RESULT = "result", pgettext_lazy("of a consultation", "Result")
    EXECUTION = "execution", _("How it is carried out")
    ANSWER = "answer", pgettext_lazy("publication", "Answers")
    CORRECTION = "correction", _("Decision on an objection")


class Purpose(models.TextChoices):
    QUORUM = "quorum", _("Quorum")
    MAJORITY = "majority", _("Majority")


class Measure(models.TextChoices):
    PERSON = "person", _("persons")
    HOUSEHOLD = "household", _("households")
    AREA = "area", _("floor area")


class Base(models.TextChoices):
    ALL = "all", _("of all who are entitled")
    PRESENT = "present", _("of those who take part")
    CAST = "cast", _("of the votes cast")


class BlueprintQuerySet(DatedQuerySet):
    def in_order(self) -> Self:
        return self.order_by("place", "pk")

    def with_stages(self) -> Self:
        return self.prefetch_related(
            "stages__rules", "stages__compositions", "stages__publications"
        )

    def versions_of(self, code: str) -> Self:
        """All versions of one form, the newest first."""
        return self.filter(code=code).order_by("-valid_from", "-pk")


class Blueprint(Dated):
    """A form of consultation from a day on. `whole_days`: the whole way takes no longer."""

    code = models.SlugField(_("code"))
    place = models.PositiveSmallIntegerField(_("place in lists"), default=100)
    form = models.CharField(_("form"), max_length=12, choices=Form)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    about = models.CharField(_("what it is for"), max_length=300, blank=True)
    about_en = models.CharField(_("what it is for (English)"), max_length=300, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    whole_days = models.PositiveSmallIntegerField(_("at most (days in all)"), null=True, blank=True)
    reason = models.CharField(_("why this version"), max_length=200, blank=True)

    objects = BlueprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("form of consultation")
        verbose_name_plural = _("forms of consultation")
        constraints = [
            ends_after_it_begins("blueprint_ends_after_it_begins"),
            models.UniqueConstraint(fields=["code", "valid_from"], name="blueprint_begins_once"),
            models.CheckConstraint(
                condition=Q(whole_days=None) | Q(whole_days__gte=1), name="blueprint_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def about_shown(self) -> str:
        return in_language(self.about, self.about_en)


class StageShape(models.Model):
    """Abstract: what a stage of a blueprint and a consultation's own copy of it have in common.

    `due_days` (None: no limit) runs from its beginning, `objection_days` from the publication of
    the result. `notice_days`: so long before a session or vote of this stage the notice stands.
    """

    order = models.PositiveSmallIntegerField(_("place"))
    key = models.SlugField(_("key"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=StageKind)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    must_take_part = models.JSONField(_("who must take part"), default=list, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("notice (days before)"), default=0)
    notice_unit = models.CharField(_("counted in"), max_length=12, choices=Unit, default=Unit.DAY)
    due_days = models.PositiveSmallIntegerField(_("takes at most (days)"), null=True, blank=True)
    objection_days = models.PositiveSmallIntegerField(_("objections (days)"), default=0)
    answer_days = models.PositiveSmallIntegerField(
        _("objections are answered within (working days)"), default=5
    )
    needs_party = models.BooleanField(_("party organisation passes it"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def phase(self) -> str:
        return PHASE_OF[StageKind(self.kind)]

    @property
    def participants(self) -> list[str]:
        """The words for `must_take_part`."""
        return [str(Participant(code).label) for code in self.must_take_part]


class RuleShape(models.Model):
    """Abstract: one share that must be reached. `alternative` names a group of which one is enough;
    rules without it hold all together. `is_strict`: more than the share (过半数), else the share
    itself is enough (以上)."""

    purpose = models.CharField(_("what for"), max_length=8, choices=Purpose)
    measure = models.CharField(_("counted in"), max_length=9, choices=Measure)
    base = models.CharField(_("out of"), max_length=7, choices=Base)
    numerator = models.PositiveSmallIntegerField(_("numerator"))
    denominator = models.PositiveSmallIntegerField(_("denominator"))
    is_strict = models.BooleanField(_("more than that"), default=False)
    alternative = models.CharField(_("one of this group is enough"), max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


def share_is_a_part(name: str) -> models.CheckConstraint:
    """CHECK of rules: a share above 0 and at most 1."""
    return models.CheckConstraint(
        condition=Q(denominator__gte=1, numerator__gte=1, numerator__lte=F("denominator")),
        name=name,
        violation_error_message=_("The share must lie above 0 and be at most 1."),
    )


class CompositionShape(models.Model):
    """Abstract: who makes up an assembly of representatives. Of its members, at least the share
    `numerator`/`denominator` (0: none asked for) and at least `least` are invited as `of` (empty:
    as whatever) and, with `women`, are women. Where it `is_binding`, no session opens otherwise.
    """

    of = models.CharField(_("as"), max_length=20, choices=Participant, blank=True)
    women = models.BooleanField(_("women"), default=False)
    numerator = models.PositiveSmallIntegerField(_("numerator"), default=0)
    denominator = models.PositiveSmallIntegerField(_("denominator"), default=1)
    least = models.PositiveSmallIntegerField(_("at least (persons)"), default=0)
    is_binding = models.BooleanField(_("else no session is opened"), default=True)

    class Meta:
        abstract = True

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


def composition_asks(name: str) -> models.CheckConstraint:
    """CHECK of who makes up an assembly: a share or a number, of somebody."""
    return models.CheckConstraint(
        condition=(Q(numerator__gte=1) | Q(least__gte=1))
        & Q(denominator__gte=1, numerator__lte=F("denominator"))
        & (~Q(of="") | Q(women=True) | Q(numerator=0)),
        name=name,
        violation_error_message=_("Say a share or a number, and of whom."),
    )


class RequiredShape(models.Model):
    """Abstract: what a stage has to publish. It stands `stands` units before the next stage may
    begin, and is out `due_days` after the stage began, minutes after the session or vote was
    closed (None: whenever the host is ready)."""

    kind = models.CharField(_("what is published"), max_length=10, choices=PublicationKind)
    stands = models.PositiveSmallIntegerField(_("stands at least"), default=0)
    unit = models.CharField(_("counted in"), max_length=12, choices=Unit, default=Unit.DAY)
    due_days = models.PositiveSmallIntegerField(_("out within"), null=True, blank=True)
    due_unit = models.CharField(
        _("which counts in"), max_length=12, choices=Unit, default=Unit.WORK_DAY
    )

    class Meta:
        abstract = True


class BlueprintStage(StageShape):
    blueprint = models.ForeignKey(
        Blueprint, models.CASCADE, related_name="stages", verbose_name=_("form")
    )

    class Meta:
        verbose_name = _("stage of a form")
        verbose_name_plural = _("stages of forms")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["blueprint", "order"], name="blueprintstage_order_once"
            ),
            models.UniqueConstraint(fields=["blueprint", "key"], name="blueprintstage_key_once"),
        ]


class BlueprintRule(RuleShape):
    stage = models.ForeignKey(BlueprintStage, models.CASCADE, related_name="rules")

    class Meta:
        verbose_name = _("rule of a form")
        verbose_name_plural = _("rules of forms")
        ordering = ["-purpose", "pk"]
        constraints = [share_is_a_part("blueprintrule_share")]


class BlueprintComposition(CompositionShape):
    stage = models.ForeignKey(BlueprintStage, models.CASCADE, related_name="compositions")

    class Meta:
        verbose_name = _("who makes up an assembly of a form")
        verbose_name_plural = _("who makes up assemblies of forms")
        ordering = ["pk"]
        constraints = [composition_asks("blueprintcomposition_asks")]


class BlueprintPublication(RequiredShape):
    stage = models.ForeignKey(BlueprintStage, models.CASCADE, related_name="publications")

    class Meta:
        verbose_name = _("what a form publishes")
        verbose_name_plural = _("what forms publish")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "kind"], name="blueprintpublication_once")
        ]
