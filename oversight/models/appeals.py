"""Appeals (申诉) and forgiveness (容错) against a result; rewards and penalties (奖惩) after it."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import User
from oversight.models.appraisals import Appraised
from oversight.models.outcomes import Edition
from oversight.workflow import REWARDS, AppealState, ConsequenceState, Follows


class AppealQuerySet(models.QuerySet["Appeal"]):
    def with_names(self) -> Self:
        return self.select_related(
            "appraised__appraisal__scheme", "appraised__appraisal__town", "appraised__body",
            "appraised__territory", "appraised__person", "asked_by", "answered_by", "edition",
        )  # fmt: skip

    def open(self) -> Self:
        return self.filter(state=AppealState.OPEN)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        seen = Appraised.objects.concerning(user, on=on)
        return self.filter(appraised__in=seen.values("pk"))


class Appeal(models.Model):
    """Other numbers are asked for, because stored ones are wrong, or because what happened shall
    be forgiven (北京市接诉即办工作条例 Article 36: honest attempts and what nobody could avert).

    `text` and `answer` may speak of a person: they stand here and not in the history.
    """

    class Kind(models.TextChoices):
        APPEAL = "appeal", _("Appeal")
        FORGIVENESS = "forgiveness", _("Forgiveness")

    appraised = models.ForeignKey(Appraised, models.PROTECT, related_name="appeals")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("reason"), max_length=1000)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("answer until"))
    state = models.CharField(_("state"), max_length=10, choices=AppealState, default="open")
    answer = models.TextField(pgettext_lazy("appeal", "answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="appeals"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("appraisal", "appeal")
        verbose_name_plural = pgettext_lazy("appraisal", "appeals")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeal_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(kind="forgiveness") | ~Q(legal_basis=""),
                name="forgiveness_has_a_basis",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["granted", "refused"], answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                & ~Q(answer="")
                | ~Q(state__in=["granted", "refused"]) & Q(answered_by=None),
                name="appeal_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")),
                name="appeal_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", edition__isnull=False)
                | ~Q(state="granted") & Q(edition=None),
                name="appeal_granted_has_an_edition",
            ),
            models.UniqueConstraint(
                fields=["appraised"], condition=Q(state="open"), name="appeal_one_at_a_time"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "due_at"], name="appeal_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.appraised}"


class AppealChange(models.Model):
    """A number that shall be another; `before` as it stood when the appeal was written."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="changes")
    code = models.CharField(_("number"), max_length=30)
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField(_("should be"))

    class Meta:
        verbose_name = _("number asked for")
        verbose_name_plural = _("numbers asked for")
        constraints = [
            models.UniqueConstraint(fields=["appeal", "code"], name="appeal_change_once"),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="appeal_change_changes_something"
            ),
        ]


class ConsequenceQuerySet(models.QuerySet["Consequence"]):
    def with_names(self) -> Self:
        return self.select_related(
            "appraised__appraisal__scheme", "appraised__appraisal__town", "appraised__body",
            "appraised__territory", "appraised__person", "proposed_by", "decided_by", "line",
        )  # fmt: skip

    def waiting(self) -> Self:
        return self.filter(state=ConsequenceState.PROPOSED)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        seen = Appraised.objects.concerning(user, on=on)
        return self.filter(appraised__in=seen.values("pk"))


class Consequence(models.Model):
    """A reward or penalty that follows from a published result; money (fen) only for a bonus.

    `person`: whom it concerns, None for bodies; kept here so that the table can refuse one's own.
    """

    appraised = models.ForeignKey(Appraised, models.PROTECT, related_name="consequences")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Follows)
    words = models.CharField(_("grounds"), max_length=300)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    line = models.ForeignKey(
        "funding.Line", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("budget line"),
    )  # fmt: skip
    purpose = models.ForeignKey(
        "funding.Purpose", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("purpose"),
    )  # fmt: skip
    hold = models.ForeignKey(
        "funding.Hold", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ConsequenceState, default="proposed"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward or penalty")
        verbose_name_plural = _("rewards and penalties")
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="consequence_has_grounds"),
            models.CheckConstraint(
                condition=Q(
                    kind="bonus",
                    amount__isnull=False,
                    amount__gt=0,
                    line__isnull=False,
                    purpose__isnull=False,
                )
                | ~Q(kind="bonus") & Q(amount=None, line=None, purpose=None, hold=None),
                name="consequence_money_for_a_bonus",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="consequence_decided_or_not",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="consequence_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(person=None)
                | ~Q(proposed_by=F("person")) & (Q(decided_by=None) | ~Q(decided_by=F("person"))),
                name="consequence_not_ones_own",
            ),
            models.CheckConstraint(
                condition=~Q(kind="bonus", state="approved") | Q(hold__isnull=False),
                name="consequence_bonus_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="consequence_refused_with_reason",
            ),
            models.UniqueConstraint(
                fields=["appraised", "kind"],
                condition=~Q(state="refused"),
                name="consequence_once_of_a_kind",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="consequence_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.appraised}"

    @property
    def is_reward(self) -> bool:
        return self.kind in REWARDS
