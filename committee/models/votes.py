"""Ballots and decisions. One voice per entitled attendee, guarded by the database itself.

Triggers (`committee/migrations/sql`) refuse a voice or a paper of somebody who was not there, has
no vote or stands aside, a count that differs from them, and more papers than people who voted.
"""

import datetime
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.models.meetings import AgendaItem, Invitation
from committee.workflow import BallotState, Choice

PERSON = settings.AUTH_USER_MODEL
_COUNTS = ("entitled", "present", "pros", "cons", "abstentions")


def chance_key() -> int:
    """Keys of papers say nothing about their order."""
    return secrets.randbits(62)


class Recusal(models.Model):
    """Who has an interest in a point stands aside: no voice, and not counted for the majority."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="recusals")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(fields=["item", "invitation"], name="recusal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_a_reason"),
        ]


class Ballot(models.Model):
    """A motion put to the vote. Its counts stand from its closing on and never change.

    Open ones are made of voices; secret ones of papers in a box, beside a list of who voted.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="ballots")
    motion = models.TextField(_("motion"), max_length=2000)
    on_people = models.BooleanField(_("about people"), default=False)
    is_secret = models.BooleanField(pgettext_lazy("vote", "secret"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=BallotState, default=BallotState.OPEN
    )
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    entitled = models.PositiveSmallIntegerField(_("may vote"), null=True)
    present = models.PositiveSmallIntegerField(_("present"), null=True)
    pros = models.PositiveSmallIntegerField(pgettext_lazy("vote", "for"), null=True)
    cons = models.PositiveSmallIntegerField(_("against"), null=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True)
    passed = models.BooleanField(_("passed"), null=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="voting"), name="ballot_one_open"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(passed=True), name="ballot_one_passed"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="counted",
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    passed__isnull=False,
                    **{f"{name}__isnull": False for name in _COUNTS},
                )
                | Q(
                    state="voting",
                    closed_at=None,
                    closed_by=None,
                    passed=None,
                    **dict.fromkeys(_COUNTS),
                ),
                name="ballot_counted_or_open",
            ),
            models.CheckConstraint(
                condition=Q(present=None)
                | Q(
                    present__lte=F("entitled"),
                    present__gte=F("pros") + F("cons") + F("abstentions"),
                ),
                name="ballot_no_more_than_present",
            ),
        ]

    def __str__(self) -> str:
        return self.motion


class Voice(models.Model):
    """For, against or abstaining; `by` is the person, or the recorder who saw the hand."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="voices")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="voices")
    choice = models.CharField(pgettext_lazy("vote", "choice"), max_length=8, choices=Choice)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "invitation"], name="voice_once"),
            models.CheckConstraint(
                condition=Q(choice__in=["for", "against", "abstain"]), name="voice_is_a_choice"
            ),
        ]


class Turnout(models.Model):
    """Who put a paper into the box of a secret ballot; not when, and not what stands on it."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="turnout")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="turnout")

    class Meta:
        verbose_name = _("person who voted in secret")
        verbose_name_plural = _("people who voted in secret")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "invitation"], name="turnout_once")
        ]


class PaperRight(models.Model):
    """Somebody has just voted and his paper is not in the box yet: made and used up by triggers
    within one transaction, so that papers are never more than people who voted."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+")


class Paper(models.Model):
    """A choice in the box. Nothing leads to who made it: no name, no moment, no key in order."""

    # An AutoField, so that SQLite keeps the rows by this key and by no number of its own.
    id = models.BigAutoField(primary_key=True, default=chance_key)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="papers")
    choice = models.CharField(pgettext_lazy("vote", "choice"), max_length=8, choices=Choice)
    sealed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("paper of a secret ballot")
        verbose_name_plural = _("papers of secret ballots")
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=["for", "against", "abstain"]), name="paper_is_a_choice"
            )
        ]


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_names(self) -> Self:
        return self.select_related("item__meeting__body", "item__meeting__kind", "ballot", "by")


class Decision(models.Model):
    """What a body decided, by the ballot that passed, on which basis. Never changed."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision")
    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="decision")
    text = models.TextField(_("decision"), max_length=4000)
    basis = models.CharField(_("basis"), max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(basis=""), name="decision_says_why")
        ]

    def __str__(self) -> str:
        return self.item.title

    @property
    def number(self) -> str:
        """R0000017."""
        return f"R{self.pk:07d}"


class PublicDecisionQuerySet(models.QuerySet["PublicDecision"]):
    def current(self) -> Self:
        """The newest version of each."""
        later = PublicDecision.objects.filter(
            decision=models.OuterRef("decision"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))

    def with_names(self) -> Self:
        return self.select_related("decision__item__meeting__body", "decision__ballot")


class PublicDecision(models.Model):
    """What everybody reads of a decision, without personal details. Corrected by a new version."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="published")
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(pgettext_lazy("meeting", "title"), max_length=120)
    text = models.TextField(_("public text"), max_length=4000)
    reason = models.CharField(_("why corrected"), max_length=200, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PublicDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published decision")
        verbose_name_plural = _("published decisions")
        constraints = [
            models.UniqueConstraint(fields=["decision", "version"], name="publicdecision_once"),
            models.CheckConstraint(
                condition=Q(version=1) | (Q(version__gt=1) & ~Q(reason="")),
                name="publicdecision_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> datetime.date:
        return self.at.date()
