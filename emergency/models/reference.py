"""Dated rules: what each level asks for, which measures there are, what tasks follow from them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Skill


class Kind(models.TextChoices):
    """The four classes of 突发事件应对法, article 2."""

    NATURAL = "natural", _("Natural disaster")
    ACCIDENT = "accident", _("Accident")
    HEALTH = "health", _("Public health")
    SECURITY = "security", _("Public security")


class Grade(models.IntegerChoices):
    """Levels I to IV; the warning colours of article 63 are the same four."""

    FIRST = 1, _("Level I (red)")
    SECOND = 2, _("Level II (orange)")
    THIRD = 3, _("Level III (yellow)")
    FOURTH = 4, _("Level IV (blue)")


COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
CONFIRMERS = [
    (Role.PARTY_SECRETARY.value, Role.PARTY_SECRETARY.label),
    (Role.COMMITTEE_MEMBER.value, Role.COMMITTEE_MEMBER.label),
    (Role.DUTY_OFFICER.value, Role.DUTY_OFFICER.label),
]


class Named(models.Model):
    """Abstract: a name in both languages."""

    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.said("name")

    def said(self, column: str) -> str:
        """The column in the reader's language."""
        return in_language(str(getattr(self, column)), str(getattr(self, f"{column}_en")))


class LevelRule(Dated):
    """What an order of a level asks for. Minutes run around the clock.

    Report by telephone within 10 and in writing within 30 minutes is the practice of duty rooms.
    """

    level = models.PositiveSmallIntegerField(_("level"), choices=Grade)
    confirmers = models.JSONField(_("who may confirm"), default=list)
    confirm_minutes = models.PositiveSmallIntegerField(_("confirmed within (minutes)"))
    phone_minutes = models.PositiveSmallIntegerField(
        _("reported by telephone within (minutes)"), default=10
    )
    text_minutes = models.PositiveSmallIntegerField(
        _("reported in writing within (minutes)"), default=30
    )
    follow_minutes = models.PositiveSmallIntegerField(_("reported again every (minutes)"))
    answer_minutes = models.PositiveSmallIntegerField(
        _("who was called answers within (minutes)"), default=15
    )
    sign_hours = models.PositiveSmallIntegerField(_("matters are taken on within (hours)"))
    handle_hours = models.PositiveSmallIntegerField(_("matters are dealt with within (hours)"))
    keep_days = models.PositiveSmallIntegerField(
        _("data deleted after the review (days)"), default=7
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of a level")
        verbose_name_plural = _("rules of levels")
        constraints = [
            ends_after_it_begins("levelrule_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="levelrule_level"),
            models.UniqueConstraint(
                fields=["level"], condition=Q(valid_to=None), name="levelrule_one_now"
            ),
            models.CheckConstraint(
                condition=Q(
                    confirm_minutes__gte=1, phone_minutes__gte=1, answer_minutes__gte=1,
                    sign_hours__gte=1, handle_hours__gte=1, follow_minutes__gte=5,
                    text_minutes__gte=F("phone_minutes"),
                ),
                name="levelrule_gives_time",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(Grade(self.level).label)


class Ask(models.TextChoices):
    """What a check of a household may ask for: nothing else can be kept."""

    PEOPLE = "people", _("People living there")
    OLD = "old", _("People of 70 and more")
    CHILDREN = "children", _("Children below 14")
    NEEDS_HELP = "needs_help", _("Needs help to leave")
    GOES_TO = "goes_to", _("Goes to")
    NEEDS = "needs", _("Needs")
    NAME = "name", _("Name of a contact")
    PHONE = "phone", _("Telephone of a contact")


class Measure(Dated, Named):
    """A measure of an order: what it allows and requires, and what residents are told to do.

    `asks`: what a check of a household under it may keep (values of `Ask`). `categories`: codes of
    matters that take the order's limits, priority and money while it is in force.
    """

    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(
        _("class"), max_length=10, choices=Kind, blank=True, help_text=_("Empty: every class.")
    )
    advice = models.TextField(_("what residents do"), max_length=600)
    advice_en = models.TextField(_("the same in English"), max_length=900)
    allows = models.CharField(_("allows"), max_length=300)
    allows_en = models.CharField(_("allows (English)"), max_length=400)
    requires = models.CharField(_("requires"), max_length=300)
    requires_en = models.CharField(_("requires (English)"), max_length=400)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    asks = models.JSONField(_("what a check of a household keeps"), default=list, blank=True)
    categories = models.JSONField(_("matters (codes)"), default=list, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            ends_after_it_begins("measure_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="measure_one_now"
            ),
        ]

    @property
    def advice_said(self) -> str:
        return self.said("advice")

    @property
    def allows_said(self) -> str:
        return self.said("allows")

    @property
    def requires_said(self) -> str:
        return self.said("requires")

    def kept(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Of these answers those that the measure names."""
        return {name: answers[name] for name in self.asks if answers.get(name) not in {None, ""}}


class TaskKind(Dated, Named):
    """A kind of task that a measure brings; dangerous ones are for insured adults."""

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="task_kinds", verbose_name=_("measure")
    )
    code = models.SlugField(_("code"), max_length=40)
    is_dangerous = models.BooleanField(_("dangerous"), default=False)
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skill")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of task")
        verbose_name_plural = _("kinds of tasks")
        constraints = [
            ends_after_it_begins("taskkind_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="taskkind_one_now"
            ),
        ]


class Item(Dated, Named):
    """Something that depots keep, counted in whole units."""

    code = models.SlugField(_("code"), max_length=40)
    unit = models.CharField(_("unit"), max_length=10)
    unit_en = models.CharField(_("English unit"), max_length=20)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply")
        verbose_name_plural = _("supplies")
        constraints = [
            ends_after_it_begins("item_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="item_one_now"
            ),
        ]

    @property
    def unit_said(self) -> str:
        return self.said("unit")
