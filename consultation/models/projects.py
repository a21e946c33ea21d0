"""Project calls (项目征集, 民生微实事): call, ideas, how they were looked at, choices."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.project_workflow import PUBLIC, CallState, IdeaState
from grids.scopes import scopes_of
from lib.chain import ChainedEvent
from lib.masking import mask_text
from lib.roles import COMMITTEE, Role
from organizations.models import User

# They see calls and ideas of their territory before they are public.
OVERSEES = COMMITTEE | {
    Role.CONSULTATION_HOST,
    Role.SUPERVISOR,
    Role.COMMUNITY_WORKER,
    Role.GRID_WORKER,
    Role.ACCEPTOR,
}


def seen_by_posts(user: User | AnonymousUser, *, on: datetime.date) -> Q:
    """Rows with `town` and `community` in the territory of a post that oversees it."""
    found = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role not in OVERSEES:
            continue
        if scope.everywhere:
            return Q()
        found |= Q(town__in=scope.towns) | Q(community__in=scope.communities)
    return found


class ProjectCallQuerySet(models.QuerySet["ProjectCall"]):
    def with_names(self) -> Self:
        return self.select_related("body", "town", "community", "line", "purpose", "host")

    def published(self) -> Self:
        return self.exclude(state=CallState.DRAFT).exclude(published_at=None)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What is published; drafts for those who oversee the territory."""
        return self.filter(Q(published_at__isnull=False) | seen_by_posts(user, on=on))

    def overseen_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(seen_by_posts(user, on=on))

    def due(self, *, at: datetime.datetime) -> Self:
        """Calls whose time for ideas, or for votes, is over."""
        return self.filter(
            Q(state=CallState.COLLECTING, ideas_until__lte=at)
            | Q(state=CallState.VOTING, votes_until__lte=at)
        )

    def counted(self) -> Self:
        public = Q(ideas__state__in=PUBLIC)
        return self.annotate(ideas_count=Count("ideas", filter=public))


class ProjectCall(models.Model):
    """People are asked what `budget` fen of a line should be used for, in a community or town.

    `most_choices` ideas may be chosen by each voter. `version` and `head` are those of its history.
    Once the vote has begun a trigger lets nothing of its rules change.
    """

    class Way(models.TextChoices):
        VOTE = "vote", _("Residents vote")
        DELIBERATION = "deliberation", _("A meeting deliberates")

    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    text = models.TextField(_("what it is about"), max_length=4000)
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="+", verbose_name=_("who calls")
    )
    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, related_name="+", verbose_name=_("town")
    )
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community"),
    )  # fmt: skip
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("host")
    )
    line = models.ForeignKey(
        "funding.Line", models.PROTECT, related_name="+", verbose_name=_("budget line")
    )
    purpose = models.ForeignKey(
        "funding.Purpose", models.PROTECT, related_name="+", verbose_name=_("purpose")
    )
    budget = models.BigIntegerField(_("money in all"))
    most_of_one = models.BigIntegerField(_("most for one project"), null=True, blank=True)
    way = models.CharField(_("how it is decided"), max_length=12, choices=Way, default=Way.VOTE)
    most_choices = models.PositiveSmallIntegerField(_("choices of one voter"), default=3)
    least_level = models.PositiveSmallIntegerField(
        _("voters are known at least"), default=1,
        help_text=_("1 telephone confirmed, 2 registered with a name, 3 confirmed resident"),
    )  # fmt: skip
    ideas_until = models.DateTimeField(_("ideas until"))
    votes_until = models.DateTimeField(_("votes until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=CallState, default=CallState.DRAFT)
    made_at = models.DateTimeField(_("made"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    opened_at = models.DateTimeField(_("decision began"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    voters = models.PositiveIntegerField(_("voters"), default=0)
    reason = models.CharField(_("reasons of the meeting"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    objects = ProjectCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("project call")
        verbose_name_plural = _("project calls")
        constraints = [
            models.CheckConstraint(condition=Q(budget__gt=0), name="projectcall_has_money"),
            models.CheckConstraint(
                condition=Q(most_of_one=None) | Q(most_of_one__gt=0, most_of_one__lte=F("budget")),
                name="projectcall_one_within_all",
            ),
            models.CheckConstraint(
                condition=Q(most_choices__gte=1, most_choices__lte=20),
                name="projectcall_choices_sensible",
            ),
            models.CheckConstraint(
                condition=Q(least_level__gte=1, least_level__lte=3), name="projectcall_level_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(published_at__isnull=False),
                name="projectcall_was_published",
            ),
            models.CheckConstraint(
                condition=~Q(state="voting")
                | Q(opened_at__isnull=False, votes_until__gt=F("opened_at")),
                name="projectcall_vote_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["deliberating", "decided", "carried"])
                | Q(opened_at__isnull=False),
                name="projectcall_decision_was_opened",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "carried"], decided_at__isnull=False)
                | (~Q(state__in=["decided", "carried"]) & Q(decided_at=None)),
                name="projectcall_decided_or_not",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="projectcall_state"),
            models.Index(fields=["community", "-id"], name="projectcall_community"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """What people call it: XM2026000017."""
        return f"XM{localdate(self.made_at).year}{self.pk:06d}"

    @property
    def place(self) -> Any:
        return self.community or self.town


class ProjectCallEvent(ChainedEvent):
    """One move of a call."""

    call = models.ForeignKey(ProjectCall, models.PROTECT, related_name="events", db_index=False)
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=CallState)
    to_state = models.CharField(max_length=12, choices=CallState)
    note = models.CharField(_("note"), max_length=2000, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("move of a project call")
        verbose_name_plural = _("moves of project calls")
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="projectcallevent_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "call": self.call_id, "number": self.number, "move": self.move,
            "from": str(self.from_state), "to": str(self.to_state), "note": self.note,
            "facts": self.facts, "by": self.by_id, "at": self.at,
        }  # fmt: skip


class IdeaQuerySet(models.QuerySet["Idea"]):
    def with_names(self) -> Self:
        return self.select_related("call", "department", "merged_into")

    def public(self) -> Self:
        """What everybody may read, once a person has looked at its words."""
        return self.filter(state__in=PUBLIC, public_title__gt="")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What is public, one's own, and what a post oversees or is asked to work out."""
        bodies = {body for scope in scopes_of(user, on=on) for body in scope.body_ids}
        calls = ProjectCall.objects.filter(seen_by_posts(user, on=on))
        mine = Q(author=user.pk) | Q(entered_by=user.pk) if user.pk else Q(pk__in=[])
        open_to_all = Q(state__in=PUBLIC, public_title__gt="")
        return self.filter(open_to_all | mine | Q(call__in=calls) | Q(department__in=bodies))

    def asked_of(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those that a body of `user` is to work out."""
        bodies = {body for scope in scopes_of(user, on=on) for body in scope.body_ids}
        return self.filter(state=IdeaState.DESIGNING, department__in=bodies)

    def in_order(self) -> Self:
        """The order of the result, ideas without a place last."""
        return self.order_by(F("rank").asc(nulls_last=True), "pk")


class Idea(models.Model):
    """What a resident wishes, where, and what it may cost.

    The words as written stay with those who work on it; `public_title` and `public_text` are what a
    person has released. After the decision `rank`, `votes`, `left` (fen left before it) and `fits`
    say why it was chosen or not.
    """

    call = models.ForeignKey(ProjectCall, models.PROTECT, related_name="ideas")
    title = models.CharField(_("what is wished"), max_length=100)
    text = models.TextField(_("why, and for whom"), max_length=2000)
    public_title = models.CharField(_("title for everybody"), max_length=100, blank=True)
    public_text = models.TextField(_("words for everybody"), max_length=2000, blank=True)
    place = models.CharField(_("place in words"), max_length=120, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    guess = models.BigIntegerField(_("cost, as guessed"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="ideas"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("A worker who wrote it down for a resident."),
    )  # fmt: skip
    contact_name = models.CharField(_("resident's name"), max_length=60, blank=True)
    contact_phone = models.CharField(_("resident's telephone"), max_length=30, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=IdeaState, default=IdeaState.SUBMITTED
    )
    department = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("department that works it out"),
    )  # fmt: skip
    estimate = models.BigIntegerField(_("cost, as estimated"), null=True, blank=True)
    finding = models.CharField(_("what the department says"), max_length=1000, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    rank = models.PositiveIntegerField(_("place"), null=True, blank=True)
    votes = models.PositiveIntegerField(pgettext_lazy("an idea", "votes"), null=True, blank=True)
    left = models.BigIntegerField(_("money left before it"), null=True, blank=True)
    key = models.CharField(max_length=60, unique=True)
    made_at = models.DateTimeField(_("made"))
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("project idea")
        verbose_name_plural = _("project ideas")
        constraints = [
            models.CheckConstraint(
                condition=Q(guess=None) | Q(guess__gt=0), name="idea_guess_positive"
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="idea_point_whole",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(entered_by__isnull=False),
                name="idea_comes_from_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["feasible", "chosen", "passed_over"])
                | Q(estimate__gt=0, department__isnull=False),
                name="idea_feasible_has_its_cost",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="idea_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["chosen", "passed_over"])
                | Q(rank__gte=1, votes__gte=0, left__gte=0),
                name="idea_decided_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="chosen") | Q(left__gte=F("estimate")),
                name="idea_chosen_fitted",
            ),
            models.UniqueConstraint(
                fields=["call", "rank"], condition=Q(rank__isnull=False), name="idea_place_once"
            ),
        ]
        indexes = [models.Index(fields=["call", "state"], name="idea_of_call")]

    def __str__(self) -> str:
        return self.public_title or self.title

    @property
    def public_place(self) -> str:
        """Where, as everybody reads it: without numbers and doors."""
        return mask_text(self.place)

    @property
    def number(self) -> str:
        """What people call it: DZ2026000017."""
        return f"DZ{localdate(self.made_at).year}{self.pk:06d}"

    @property
    def fits(self) -> bool:
        return self.state == IdeaState.CHOSEN


class IdeaScreening(ChainedEvent):
    """One step of an idea with its reason: taken up, joined, worked out, chosen or not."""

    idea = models.ForeignKey(Idea, models.PROTECT, related_name="screenings", db_index=False)
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=IdeaState, blank=True)
    to_state = models.CharField(max_length=12, choices=IdeaState)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of an idea")
        verbose_name_plural = _("steps of ideas")
        constraints = [
            models.UniqueConstraint(fields=["idea", "number"], name="ideascreening_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "idea": self.idea_id, "number": self.number, "move": self.move,
            "from": str(self.from_state), "to": str(self.to_state), "reason": self.reason,
            "facts": self.facts, "by": self.by_id, "at": self.at,
        }  # fmt: skip


class VoterSheet(models.Model):
    """That a person has voted in a call: once, by the unique key. Its row is the voter's lock."""

    call = models.ForeignKey(ProjectCall, models.PROTECT, related_name="sheets")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("voted"))

    class Meta:
        verbose_name = _("sheet of a voter")
        verbose_name_plural = _("sheets of voters")
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="votersheet_once")]


class Choice(models.Model):
    """One idea on a voter's sheet. `slot` counts from 1; a trigger keeps it within the cap."""

    sheet = models.ForeignKey(VoterSheet, models.PROTECT, related_name="choices", db_index=False)
    slot = models.PositiveSmallIntegerField()
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="choices")

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "slot"], name="choice_slot_once"),
            models.UniqueConstraint(fields=["sheet", "idea"], name="choice_idea_once"),
            models.CheckConstraint(condition=Q(slot__gte=1), name="choice_slot_counts"),
        ]
