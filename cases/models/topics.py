"""Hot topics (热点问题): what many people raise, as the last runs have found it."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from organizations.models import User


class TopicQuerySet(models.QuerySet["Topic"]):
    def hottest_first(self) -> Self:
        return self.order_by("-heat", "pk")

    def current(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, user: User, *, on: datetime.date) -> Self:
        """Topics with at least one case that this person may see."""
        seen = Case.objects.visible_to(user, on=on).filter(topic_rows__topic=OuterRef("pk"))
        return self.filter(Exists(seen))

    def for_list(self) -> Self:
        return self.select_related("category", "town", "community")


class Topic(models.Model):
    """Cases about one thing. It keeps its number from run to run while most of its cases stay.

    `title` is that of its most typical case; `words` are shared by most; `heat` is made of
    `people`, `growth`, `spread` and `votes` (`cases.topics.heat`). `town` and `community`: where
    most of its cases lie. `ended_at`: the run that did not find it again.
    """

    title = models.CharField(_("title"), max_length=120)
    words = models.JSONField(_("words"), default=list)
    place_words = models.CharField(_("place in the words"), max_length=80, blank=True)
    crowd = models.CharField(_("who raises it"), max_length=40, blank=True)
    category = models.ForeignKey(
        "routing.Category", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("category"),
    )  # fmt: skip
    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField(_("cases"))
    people = models.PositiveIntegerField(_("people"))
    growth = models.FloatField(_("growth"))
    spread = models.PositiveIntegerField(_("spread"))
    votes = models.PositiveIntegerField(_("votes"))
    heat = models.FloatField(_("heat"))
    first_at = models.DateTimeField(_("first case"))
    last_at = models.DateTimeField(_("last case"))
    made_at = models.DateTimeField(_("found first"))
    computed_at = models.DateTimeField(_("computed"))
    ended_at = models.DateTimeField(_("no longer hot since"), null=True, blank=True)
    cases = models.ManyToManyField(Case, through="TopicCase", related_name="topics")

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("hot topic")
        verbose_name_plural = _("hot topics")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="topic_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(people__lte=F("number"), people__gte=1), name="topic_people_raise_cases"
            ),
        ]
        indexes = [models.Index(fields=["-heat"], condition=Q(ended_at=None), name="topic_hottest")]

    def __str__(self) -> str:
        return self.title


class TopicCase(models.Model):
    """A case of a topic; `rank` 0 is the most typical."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="rows")
    case = models.ForeignKey(Case, models.CASCADE, related_name="topic_rows")
    rank = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("case of a topic")
        verbose_name_plural = _("cases of topics")
        constraints = [
            models.UniqueConstraint(fields=["topic", "case"], name="case_once_in_a_topic")
        ]


class ProactiveCase(models.Model):
    """A case opened because of a topic: proactive governance (主动治理)."""

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="proactive_for"
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="proactive")

    class Meta:
        verbose_name = _("proactive case")
        verbose_name_plural = _("proactive cases")


class TopicRunQuerySet(models.QuerySet["TopicRun"]):
    def newest(self) -> "TopicRun | None":
        return self.order_by("-pk").first()


class TopicRun(models.Model):
    """One search for topics, by night or on demand; at most one at a time. `step` of `STEPS`."""

    class Step(models.TextChoices):
        WAITING = "waiting", _("waits for its turn")
        READING = "reading", _("reading the cases")
        GROUPING = "grouping", _("comparing their words")
        WRITING = "writing", _("writing the topics")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    step = models.CharField(max_length=8, choices=Step, default=Step.WAITING)
    read = models.PositiveIntegerField(_("cases read"), default=0)
    found = models.PositiveIntegerField(_("topics found"), default=0)

    objects = TopicRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for topics")
        verbose_name_plural = _("searches for topics")
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"], condition=Q(is_open=True), name="one_search_for_topics"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, ended_at=None) | Q(is_open=False, ended_at__isnull=False),
                name="topic_run_is_open_until_it_ends",
            ),
        ]
