"""What people say about a consultation, who agrees, what the host answers; counted as it comes."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.matters import Consultation, Stage
from consultation.opinion_workflow import DEEPEST, OpinionState
from organizations.models import Level, User

OPINION = "opinion"
SHOWN = [OpinionState.SHOWN, OpinionState.HIDDEN]  # hidden: the reason in its place


class Stand(models.TextChoices):
    FOR = "for", _("for")
    AGAINST = "against", _("against")
    OTHER = "other", _("something else")


class Outcome(models.TextChoices):
    ADOPTED = "adopted", _("adopted")
    PARTLY = "partly", _("partly adopted")
    NOT = "not", _("not adopted")


class OpinionRule(models.Model):
    """How well somebody must be known to speak in a stage; without a row: by telephone."""

    stage = models.OneToOneField(
        Stage, models.PROTECT, primary_key=True, related_name="opinion_rule"
    )
    level = models.PositiveSmallIntegerField(_("who may speak"), choices=Level, default=Level.PHONE)

    class Meta:
        verbose_name = _("who may speak in a stage")
        verbose_name_plural = _("who may speak in stages")
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=3), name="opinionrule_level_exists")
        ]


class OpinionGroup(models.Model):
    """Opinions that say the same, answered together; `made_by` None: found by the machine."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="opinion_groups")
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=80)
    words = models.JSONField(pgettext_lazy("a group", "words"), default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    size = models.PositiveIntegerField(_("opinions"), default=0)

    class Meta:
        verbose_name = _("group of opinions")
        verbose_name_plural = _("groups of opinions")

    def __str__(self) -> str:
        return self.title


class OpinionAnswerQuerySet(models.QuerySet["OpinionAnswer"]):
    def with_public_opinions(self) -> Self:
        """Those that answer opinions which everybody reads, with `number` of these."""
        seen = Q(opinions__is_confidential=False, opinions__state__in=SHOWN)
        return self.annotate(number=Count("opinions", filter=seen)).filter(number__gt=0)


class OpinionAnswer(models.Model):
    """What became of one or many opinions, and why. Never changed: a new answer takes its place."""

    number: int  # of opinions that everybody reads, where `with_public_opinions` counted them

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="opinion_answers")
    outcome = models.CharField(_("what became of it"), max_length=8, choices=Outcome)
    reason = models.TextField(_("why"), max_length=2000)
    office = models.CharField(_("who answers"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))

    objects = OpinionAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to opinions")
        verbose_name_plural = _("answers to opinions")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="opinionanswer_says_why")
        ]


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def top(self) -> Self:
        """Opinions themselves, without the replies to them."""
        return self.filter(parent=None)

    def public(self) -> Self:
        """What everybody reads: shown ones, and hidden ones for the reason in their place."""
        return self.filter(is_confidential=False, state__in=SHOWN)

    def waiting(self) -> Self:
        return self.filter(state=OpinionState.WAITING)

    def unanswered(self) -> Self:
        return self.top().filter(state=OpinionState.SHOWN, answer=None)

    def by_author(self, user: User) -> Self:
        return self.filter(author=user).exclude(state=OpinionState.WITHDRAWN)

    def authors_in(self, consultation: Consultation) -> "models.QuerySet[Opinion, int | None]":
        """Keys of the people who have spoken."""
        rows = self.filter(consultation=consultation).exclude(author=None)
        return rows.values_list("author_id", flat=True).distinct()

    def in_reach_of(self, consultations: models.QuerySet[Consultation]) -> Self:
        return self.filter(consultation__in=consultations)

    def for_page(self) -> Self:
        return self.select_related("answer", "hiding", "article").prefetch_related("files")


class Opinion(models.Model):
    """What one person says. `text` is read by the host, `public_text` (masked) by everybody.

    `level`: how well the author was known when they said it; `shown_as`: the name they chose;
    `assisted_by`: the clerk who wrote it down for them. `root`: the opinion that a reply belongs
    to, `depth`: how deep it stands below it.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="opinions", db_index=False
    )
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", db_index=False)
    article = models.ForeignKey(
        "consultation.DraftArticle", models.PROTECT, null=True, blank=True,
        related_name="opinions", verbose_name=_("article"), db_index=False,
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", db_index=False
    )
    depth = models.PositiveSmallIntegerField(default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="opinions",
        db_index=False,
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(_("known"), choices=Level, default=Level.NONE)
    shown_as = models.CharField(_("name that others see"), max_length=20, blank=True)
    assisted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    stand = models.CharField(_("stand"), max_length=8, choices=Stand, default=Stand.OTHER)
    text = models.TextField(_("opinion"), max_length=2000)
    public_text = models.TextField(max_length=2100)
    is_confidential = models.BooleanField(_("only the host reads it"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=OpinionState, default=OpinionState.SHOWN
    )
    hiding = models.ForeignKey(
        "consultation.ModerationEntry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField(_("time"))
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    likes = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    group = models.ForeignKey(
        OpinionGroup, models.SET_NULL, null=True, blank=True, related_name="opinions"
    )
    group_by_host = models.BooleanField(default=False)
    answer = models.ForeignKey(
        OpinionAnswer, models.PROTECT, null=True, blank=True, related_name="opinions"
    )

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.CheckConstraint(
                condition=Q(depth=0, parent=None, root=None)
                | Q(depth__gte=1, depth__lte=DEEPEST, parent__isnull=False, root__isnull=False),
                name="opinion_replies_are_bounded",
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(parent=None),
                name="opinion_in_confidence_is_no_reply",
            ),
            models.CheckConstraint(
                condition=~Q(state="hidden") | Q(hiding__isnull=False),
                name="opinion_hidden_says_why",
            ),
            models.CheckConstraint(condition=Q(level__lte=3), name="opinion_level_exists"),
        ]
        indexes = [
            models.Index(
                fields=["consultation", "-id"], name="opinion_public",
                condition=Q(parent=None, is_confidential=False, state__in=["shown", "hidden"]),
            ),
            models.Index(
                fields=["consultation", "-likes", "-id"], name="opinion_liked",
                condition=Q(parent=None, is_confidential=False, state__in=["shown", "hidden"]),
            ),
            models.Index(
                fields=["consultation", "stand", "-id"], name="opinion_stand",
                condition=Q(parent=None, is_confidential=False, state__in=["shown", "hidden"]),
            ),
            models.Index(fields=["root", "id"], name="opinion_thread", condition=Q(depth__gt=0)),
            models.Index(
                fields=["article", "-id"], name="opinion_article",
                condition=Q(article__isnull=False),
            ),
            models.Index(
                fields=["author", "-id"], name="opinion_author", condition=Q(author__isnull=False)
            ),
            models.Index(
                fields=["consultation", "id"], name="opinion_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["consultation", "id"], name="opinion_unanswered",
                condition=Q(state="shown", answer=None, parent=None),
            ),
            models.Index(fields=["consultation", "-id"], name="opinion_of"),
        ]  # fmt: skip

    def is_editable(self, at: datetime.datetime, window: datetime.timedelta) -> bool:
        return at < self.said_at + window


class OpinionFile(models.Model):
    """A photo or PDF. `is_public`: a person has looked at it and released it."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(upload_to="opinions/%Y/%m/")
    thumbnail = models.FileField(upload_to="opinions/%Y/%m/", blank=True)
    mime = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(pgettext_lazy("a file", "released"), default=False)

    class Meta:
        verbose_name = _("file of an opinion")
        verbose_name_plural = _("files of opinions")
        constraints = [
            models.UniqueConstraint(fields=["opinion", "sha256"], name="opinionfile_once"),
            models.CheckConstraint(
                condition=Q(mime__in=["image/jpeg", "application/pdf"]),
                name="opinionfile_is_photo_or_pdf",
            ),
        ]


class Like(models.Model):
    """One person agrees with one opinion, once."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [models.UniqueConstraint(fields=["opinion", "person"], name="like_once")]


class OpinionTallyQuerySet(models.QuerySet["OpinionTally"]):
    def busy(self) -> Self:
        """Something waits to be released or answered; the most first."""
        said = F("in_favour") + F("against") + F("other")
        rows = self.annotate(unanswered=said - F("answered"))
        return rows.filter(Q(waiting__gt=0) | Q(unanswered__gt=0)).order_by(
            "-waiting", "-unanswered", "pk"
        )


class OpinionTally(models.Model):
    """How many opinions a consultation has: changed with each of them, so asking costs one row.

    `in_favour`, `against`, `other`: shown opinions, those in confidence among them, of which there
    are `confidential`; `waiting` and `answered` as they say; `replies` below opinions.
    """

    consultation = models.OneToOneField(
        Consultation, models.PROTECT, primary_key=True, related_name="opinion_tally"
    )
    in_favour = models.PositiveIntegerField(default=0)
    against = models.PositiveIntegerField(default=0)
    other = models.PositiveIntegerField(default=0)
    confidential = models.PositiveIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)

    objects = OpinionTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of opinions")
        verbose_name_plural = _("counts of opinions")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered__lte=F("in_favour") + F("against") + F("other")),
                name="opiniontally_answers_what_was_said",
            )
        ]

    @property
    def total(self) -> int:
        return self.in_favour + self.against + self.other
