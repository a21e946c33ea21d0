"""Files of legislation (立法调研): stages with their days, evidence from cases, the consultation.

Drafts, their articles and what people say about them stand in the consultation of the file.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.languages import in_language
from lib.moving import MoveEvent, Moving
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User
from oversight.legislation_workflow import ENDS, Stage
from talent.models.chain import ruled_bodies


class Subject(models.TextChoices):
    """What the regulation is about (基层治理 and what goes with it)."""

    COMMUNITY = "community", pgettext_lazy("legislation", "Communities")
    SOCIAL = "social", pgettext_lazy("legislation", "Social organisations")
    SOCIAL_WORK = "social_work", pgettext_lazy("legislation", "Social workers")
    PROPERTY = "property", pgettext_lazy("legislation", "Property management")
    BUILDING = "building", pgettext_lazy("legislation", "Private house building (民房报建)")
    EMERGENCY = "emergency", pgettext_lazy("legislation", "Emergencies")
    OTHER = "other", pgettext_lazy("legislation", "Other")


class LegislationLimit(Dated):
    """How many days a stage lasts at least and at most."""

    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    least_days = models.PositiveSmallIntegerField(_("at least (days)"), null=True, blank=True)
    most_days = models.PositiveSmallIntegerField(_("at most (days)"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of a stage of legislation")
        verbose_name_plural = _("limits of stages of legislation")
        constraints = [
            ends_after_it_begins("legislationlimit_ends_after_begin"),
            models.UniqueConstraint(
                fields=["stage", "valid_from"], name="legislationlimit_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(least_days__isnull=False) | Q(most_days__isnull=False),
                name="legislationlimit_limits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_stage_display())


class LegislationQuerySet(models.QuerySet["Legislation"]):
    def with_names(self) -> Self:
        return self.select_related("body", "law", "consultation")

    def running(self) -> Self:
        return self.exclude(state__in=ENDS)

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(body__in=ruled_bodies(user, on=on)) if user.pk else self.none()

    def overdue(self, today: datetime.date) -> Self:
        return self.running().filter(steps__ended_at=None, steps__due_on__lt=today)


class Legislation(Moving):
    """A regulation on its way; everybody may follow it. `law`: what it amends."""

    title = models.CharField(pgettext_lazy("of a regulation", "title"), max_length=120)
    title_en = models.CharField(
        pgettext_lazy("of a regulation", "English title"), max_length=240, blank=True
    )
    subject = models.CharField(_("what it is about"), max_length=12, choices=Subject)
    summary = models.TextField(_("why, and what it is to settle"), max_length=3000)
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    law = models.ForeignKey(
        "organizations.Law", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("amends"),
    )  # fmt: skip
    consultation = models.OneToOneField(
        "consultation.Consultation", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("consultation"),
    )  # fmt: skip
    state = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.SUGGESTED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = LegislationQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of legislation")
        verbose_name_plural = _("files of legislation")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["amended", "repealed", "stopped"], ended_at__isnull=False)
                | (~Q(state__in=["amended", "repealed", "stopped"]) & Q(ended_at=None)),
                name="legislation_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state="commenting") | Q(consultation__isnull=False),
                name="legislation_comments_somewhere",
            ),
        ]
        indexes = [models.Index(fields=["state", "subject"], name="legislation_state_subject")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def number(self) -> str:
        """LF00017."""
        return f"LF{self.pk:05d}"


class LegislationEvent(MoveEvent):
    subject = models.ForeignKey(Legislation, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a file of legislation")
        verbose_name_plural = _("moves of files of legislation")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="legislationevent_once")
        ]


class LegislationStep(models.Model):
    """A time in one stage; `due_on`: the day by which it should be over."""

    file = models.ForeignKey(Legislation, models.PROTECT, related_name="steps")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    begun_at = models.DateTimeField(_("began"))
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("stage of a file of legislation")
        verbose_name_plural = _("stages of files of legislation")
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(ended_at=None), name="legislationstep_one_is_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")),
                name="legislationstep_ends_later",
            ),
        ]


class Evidence(models.Model):
    """A case or a hot topic that shows why the regulation is needed."""

    file = models.ForeignKey(Legislation, models.PROTECT, related_name="evidence")
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("case"),
    )  # fmt: skip
    topic = models.ForeignKey(
        "cases.Topic", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("hot topic"),
    )  # fmt: skip
    note = models.CharField(pgettext_lazy("evidence", "what it shows"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("attached"))

    class Meta:
        verbose_name = _("evidence of a file of legislation")
        verbose_name_plural = _("evidence of files of legislation")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, topic=None) | Q(case=None, topic__isnull=False),
                name="evidence_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["file", "case"], condition=Q(topic=None), name="evidence_case_once"
            ),
            models.UniqueConstraint(
                fields=["file", "topic"], condition=Q(case=None), name="evidence_topic_once"
            ),
        ]
