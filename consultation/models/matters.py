"""A consultation, its own copy of the stages and rules, and its chained history."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.blueprints import (
    Blueprint,
    CompositionShape,
    RequiredShape,
    RuleShape,
    StageShape,
    composition_asks,
    share_is_a_part,
)
from consultation.models.content import Topic
from consultation.workflow import DECIDED, READERS, StageState, State
from grids.scopes import in_reach
from lib.chain import GENESIS, ChainedEvent
from organizations.models import User

# How others name a consultation: `subject_kind` of holds, messages and references.
SUBJECT = "consultation"


class Publicity(models.TextChoices):
    PUBLIC = "public", _("Everybody reads everything that is published")
    CONCERNED = "concerned", _("Everybody reads notice and result, those concerned the rest")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those of the territories for which `user` holds a post that reads them, and his own."""
        if not user.pk:
            return self.none()
        return self.filter(Q(host=user.pk) | in_reach(user, READERS, on=on))

    def published(self) -> Self:
        """What the public sees: everything that has begun."""
        return self.exclude(state=State.DRAFT).exclude(started_at=None)

    def running(self) -> Self:
        return self.filter(state=State.RUNNING)

    def with_names(self) -> Self:
        return self.select_related("body", "town", "community", "blueprint", "host", "stage")

    def late(self, *, at: datetime.datetime) -> Self:
        """Under way past a limit: of the whole, of the open stage, of something to publish."""
        missing = StagePublication.objects.missed(at=at).values("stage__consultation")
        whole = Q(due_at__lt=at) & ~Q(stage__kind__in=DECIDED)
        return self.running().filter(whole | Q(stage__due_at__lt=at) | Q(pk__in=missing))

    def late_as_a_whole(self, *, at: datetime.datetime) -> Self:
        """Nothing decided and published within the time that the form gives the whole way."""
        return self.running().filter(due_at__lt=at).exclude(stage__kind__in=DECIDED)


class Consultation(models.Model):
    """One matter on its way through the stages of a blueprint.

    `text` is what everybody reads about it; `stage` is the open stage (None before it starts and
    after it ends). `version` and `head`: number and hash of its newest event.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    text = models.TextField(_("what it is about"), max_length=5000)
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="consultations",
        verbose_name=_("who holds it"),
    )  # fmt: skip
    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("town"),
    )  # fmt: skip
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community"),
    )  # fmt: skip
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("grid"),
    )  # fmt: skip
    blueprint = models.ForeignKey(
        Blueprint, models.PROTECT, related_name="consultations", verbose_name=_("form")
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="consultations",
        verbose_name=pgettext_lazy("of consultations", "topic"),
    )  # fmt: skip
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consultations",
        verbose_name=_("host"),
    )  # fmt: skip
    publicity = models.CharField(
        _("publicity"), max_length=10, choices=Publicity, default=Publicity.PUBLIC
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    stage = models.ForeignKey(
        "consultation.Stage", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("stage"),
    )  # fmt: skip
    round = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(_("made"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    due_at = models.DateTimeField(_("to be done by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="draft", started_at=None, stage=None))
                | (Q(state="running", started_at__isnull=False, stage__isnull=False))
                | Q(state__in=["done", "stopped"]),
                name="consultation_runs_in_a_stage",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "running"], ended_at=None)
                | Q(state__in=["done", "stopped"], ended_at__isnull=False, stage=None),
                name="consultation_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(end_reason=""),
                name="consultation_stopped_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="consultation_state"),
            models.Index(fields=["community", "-id"], name="consultation_community"),
            models.Index(fields=["town", "-id"], name="consultation_town"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> tuple[str, str]:
        return SUBJECT, self.number

    @property
    def is_public(self) -> bool:
        return self.started_at is not None


class StageQuerySet(models.QuerySet["Stage"]):
    def standing(self) -> Self:
        """The stages of the newest round, in order."""
        return self.exclude(state=StageState.REPLACED).order_by("order")

    def with_parts(self) -> Self:
        return self.prefetch_related("rules", "required__publication")


class Stage(StageShape):
    """A consultation's own copy of a stage; `round` counts how often it was begun anew."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="stages")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        _("state"), max_length=8, choices=StageState, default=StageState.WAITING
    )
    opened_at = models.DateTimeField(_("begun"), null=True, blank=True)
    due_at = models.DateTimeField(_("to be done by"), null=True, blank=True)
    done_at = models.DateTimeField(pgettext_lazy("a stage", "done"), null=True, blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "order"],
                condition=~Q(state="replaced"),
                name="stage_order_once",
            ),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state="open"), name="stage_one_is_open"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", opened_at=None, done_at=None)
                | Q(state="open", opened_at__isnull=False, done_at=None)
                | Q(state="done", opened_at__isnull=False, done_at__isnull=False)
                | Q(state="replaced"),
                name="stage_has_the_moments_of_its_state",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("opened_at")),
                name="stage_ends_after_it_begins",
            ),
        ]

    def is_late(self, at: datetime.datetime) -> bool:
        end = self.done_at or at
        return self.due_at is not None and self.due_at < end


class StageRule(RuleShape):
    """Copied from the blueprint when the consultation was made; triggers keep it as it is."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="rules")

    class Meta:
        verbose_name = _("rule of a stage")
        verbose_name_plural = _("rules of stages")
        ordering = ["-purpose", "pk"]
        constraints = [share_is_a_part("stagerule_share")]


class StageComposition(CompositionShape):
    """Copied from the blueprint as the rules are; triggers keep it as it is."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="compositions")

    class Meta:
        verbose_name = _("who makes up an assembly of a stage")
        verbose_name_plural = _("who makes up assemblies of stages")
        ordering = ["pk"]
        constraints = [composition_asks("stagecomposition_asks")]


class StagePublicationQuerySet(models.QuerySet["StagePublication"]):
    def missed(self, *, at: datetime.datetime) -> Self:
        """What should be out by now and is not, of stages that count."""
        return self.filter(published_at=None, due_at__lt=at).exclude(
            stage__state=StageState.REPLACED
        )


class StagePublication(RequiredShape):
    """What a stage must publish, and what was published for it: `published_at` is the moment of
    its first version, `stood_at` the one from which the next stage may begin."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="required")
    publication = models.ForeignKey(
        "consultation.Publication", models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    stood_at = models.DateTimeField(null=True, blank=True)

    objects = StagePublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("what a stage publishes")
        verbose_name_plural = _("what stages publish")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "kind"], name="stagepublication_once"),
            models.CheckConstraint(
                condition=Q(publication=None, published_at=None, stood_at=None)
                | (
                    Q(publication__isnull=False, published_at__isnull=False)
                    & Q(stood_at__gte=F("published_at"))
                ),
                name="stagepublication_is_out_or_not",
            ),
        ]

    def is_missed(self, at: datetime.datetime) -> bool:
        return self.due_at is not None and self.due_at < (self.published_at or at)


class PartyReview(models.Model):
    """The party organisation has looked at a stage: passed it, or not, and why."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="reviews")
    passed = models.BooleanField(_("passed"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of the party organisation")
        verbose_name_plural = _("reviews of the party organisation")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="partyreview_says_why")]


class ConsultationEventQuerySet(models.QuerySet["ConsultationEvent"]):
    def for_page(self) -> Self:
        return self.select_related("by").order_by("-number")


class ConsultationEvent(ChainedEvent):
    """One act in a consultation. `facts` holds numbers, keys and digests, `note` words that
    everybody may read: never a name, a telephone number or an address of a resident."""

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="events", db_index=False
    )
    move = models.SlugField(max_length=40)
    stage = models.SlugField(max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ConsultationEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a consultation")
        verbose_name_plural = _("history of consultations")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="consultationevent_number_once"
            )
        ]

    def record(self) -> dict[str, Any]:
        return {
            "consultation": self.consultation_id,
            "number": self.number,
            "move": self.move,
            "stage": self.stage,
            "note": self.note,
            "facts": self.facts,
            "by": self.by_id,
            "at": self.at,
        }


class NumberBook(models.Model):
    """Numbers of a kind in a year (XS consultations, YT topics); locked while one is taken."""

    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("numbers of a year")
        verbose_name_plural = _("numbers of years")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="numberbook_once")]
