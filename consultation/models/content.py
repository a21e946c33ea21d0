"""协商内容清单: what is consulted on and what is not, the topics proposed, and who wants them."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.workflow import READERS, TopicState
from grids.scopes import in_reach
from lib.chain import GENESIS, ChainedEvent
from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User


class ListedMatterQuerySet(DatedQuerySet):
    def of_community(self, community: int | None) -> Self:
        """What holds there: entries of the whole city and of the community itself."""
        return self.filter(Q(community=None) | Q(community=community))

    def in_order(self) -> Self:
        return self.select_related("community", "made_by").order_by("-kind", "place", "pk")


class ListedMatter(Dated):
    """An entry of the content list, for the whole city or for one community, from a day on.

    `made_by`: the consultation in which the entry itself was agreed; None where it was taken over
    from the law. `words` are those by which screening finds it in a topic.
    """

    class Kind(models.TextChoices):
        POSITIVE = "positive", _("Is consulted on")
        NEGATIVE = "negative", _("Is not consulted on")

    class Standing(models.TextChoices):
        FROM_LAW = "from_law", _("Taken over from the law")
        CONSULTING = "consulting", _("Being consulted on")
        AGREED = "agreed", _("Agreed in a consultation")

    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    place = models.PositiveSmallIntegerField(_("place in lists"), default=100)
    name = models.CharField(_("matter"), max_length=120)
    name_en = models.CharField(_("matter (English)"), max_length=200, blank=True)
    text = models.CharField(_("what belongs to it"), max_length=300, blank=True)
    text_en = models.CharField(_("what belongs to it (English)"), max_length=400, blank=True)
    words = models.JSONField(_("words that name it"), default=list, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    decided_by = models.CharField(
        _("who decides after the consultation"), max_length=120, blank=True
    )
    decided_by_en = models.CharField(
        _("who decides after the consultation (English)"), max_length=200, blank=True
    )
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community"), help_text=_("Empty: the whole city."),
    )  # fmt: skip
    standing = models.CharField(
        _("how it came about"), max_length=10, choices=Standing, default=Standing.FROM_LAW
    )
    made_by = models.ForeignKey(
        "consultation.Consultation", models.PROTECT, null=True, blank=True,
        related_name="listed_matters", verbose_name=_("consultation that agreed it"),
    )  # fmt: skip

    objects = ListedMatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the content list")
        verbose_name_plural = _("content list")
        constraints = [
            ends_after_it_begins("listedmatter_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["code", "community", "valid_from"], name="listedmatter_begins_once"
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(community=None),
                name="listedmatter_begins_once_in_the_city",
            ),
            models.CheckConstraint(
                condition=~Q(standing__in=["consulting", "agreed"]) | Q(made_by__isnull=False),
                name="listedmatter_names_its_consultation",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def text_shown(self) -> str:
        return in_language(self.text, self.text_en)

    @property
    def decider(self) -> str:
        return in_language(self.decided_by, self.decided_by_en)


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Topics of the territories for which `user` holds a post that reads them."""
        return self.filter(in_reach(user, READERS, on=on))

    def published(self) -> Self:
        """What the public sees: topics that were screened in; never the words as typed."""
        return self.filter(state__in=[TopicState.LISTED, TopicState.TAKEN_UP])

    def with_names(self) -> Self:
        return self.select_related("community", "town", "matter", "repeats")

    def rated(self) -> Self:
        """With `votes` and `wanted`, the mean of what residents said (1 … 5)."""
        return self.annotate(votes=Count("ratings"), wanted=Avg("ratings__importance"))


class Topic(models.Model):
    """A matter that somebody wants consulted on.

    `text`, `contact_name` and `contact_phone` are as they were typed, read only inside; everybody
    reads `public_title` and `public_text`, which a person has freed of personal details. `matter`
    is the entry of the list that screening found; `repeats` an earlier topic about the same,
    with `new_facts` that make it another matter. Without a town it is of the whole city.
    """

    class Source(models.TextChoices):
        RESIDENT = "resident", _("A resident")
        WORKER = "worker", _("A community worker")
        HOT_TOPIC = "hot_topic", _("A hot topic")
        CASE = "case", _("A case")
        COMMITTEE = "committee", _("The committee")

    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("query code"), max_length=12)
    source = models.CharField(_("where it comes from"), max_length=10, choices=Source)
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=80)
    text = models.TextField(_("what it is about"), max_length=2000)
    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("town"),
    )  # fmt: skip
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community"),
    )  # fmt: skip
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="topics"
    )
    contact_name = models.CharField(_("your name"), max_length=40, blank=True)
    contact_phone = models.CharField(_("your telephone number"), max_length=30, blank=True)
    hot_topic = models.ForeignKey(
        "cases.Topic", models.PROTECT, null=True, blank=True, related_name="+"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="consultation_topics"
    )
    state = models.CharField(
        _("state"), max_length=8, choices=TopicState, default=TopicState.PROPOSED
    )
    proposed_at = models.DateTimeField(_("proposed"))
    matter = models.ForeignKey(
        ListedMatter, models.PROTECT, null=True, blank=True, related_name="topics",
        verbose_name=_("entry of the content list"),
    )  # fmt: skip
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by",
        verbose_name=_("repeats"),
    )  # fmt: skip
    new_facts = models.CharField(_("what is new"), max_length=500, blank=True)
    public_title = models.CharField(_("title as everybody reads it"), max_length=80, blank=True)
    public_text = models.TextField(_("words as everybody reads them"), max_length=2000, blank=True)
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    screened_at = models.DateTimeField(_("screened"), null=True, blank=True)
    screening_reason = models.CharField(_("reason of the screening"), max_length=300, blank=True)
    party_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    party_at = models.DateTimeField(_("decided by the party organisation"), null=True, blank=True)
    party_reason = models.CharField(
        _("reason of the party organisation"), max_length=300, blank=True
    )
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of consultations", "topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["screened", "listed", "taken_up"])
                | (
                    Q(screened_by__isnull=False, screened_at__isnull=False, matter__isnull=False)
                    & ~Q(screening_reason="") & ~Q(public_title="") & ~Q(public_text="")
                ),
                name="topic_screened_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["listed", "taken_up"])
                | (Q(party_by__isnull=False, party_at__isnull=False) & ~Q(party_reason="")),
                name="topic_passed_by_the_party",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined")
                | ~Q(screening_reason="", party_reason=""),
                name="topic_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["listed", "taken_up"]) | Q(repeats=None)
                | ~Q(new_facts=""),
                name="topic_repeats_with_new_facts",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-id"], name="consultation_topic_state")]

    def __str__(self) -> str:
        return self.public_title or self.number

    @property
    def subject(self) -> tuple[str, str]:
        return "consultation.topic", self.number


class TopicRating(models.Model):
    """How much one person wants a listed topic: 1 (can wait) to 5 (now). One per person."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="ratings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    importance = models.PositiveSmallIntegerField(_("how important"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating of a topic")
        verbose_name_plural = _("ratings of topics")
        constraints = [
            models.UniqueConstraint(fields=["topic", "by"], name="topicrating_once_per_person"),
            models.CheckConstraint(
                condition=Q(importance__gte=1, importance__lte=5), name="topicrating_in_range"
            ),
        ]


class TopicEvent(ChainedEvent):
    """One move of a topic; `note` is the reason, which everybody may read."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="events", db_index=False)
    move = models.SlugField(max_length=20)
    from_state = models.CharField(max_length=8, blank=True)
    to_state = models.CharField(max_length=8)
    note = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("event of a topic")
        verbose_name_plural = _("history of topics")
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="topicevent_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "topic": self.topic_id,
            "number": self.number,
            "move": self.move,
            "from": self.from_state,
            "to": self.to_state,
            "note": self.note,
            "facts": self.facts,
            "by": self.by_id,
            "at": self.at,
        }
