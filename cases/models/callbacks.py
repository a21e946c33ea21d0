"""Residents are asked what became of their matter: the question, tries to call, the answer."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.events import CaseEvent
from grids.scopes import scopes_of, within
from lib.languages import in_language
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User

# Who calls: never somebody who worked on the case.
CALLERS = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER})


class CallBackRuleQuerySet(DatedQuerySet):
    def in_force(self, on: datetime.date) -> "CallBackRule":
        """The rule of the day; where nobody has written one, the usual numbers."""
        rule = self.valid_on(on).order_by("-valid_from").first()
        return rule if isinstance(rule, CallBackRule) else CallBackRule(valid_from=on)


class CallBackRule(Dated):
    """How long a link is open, when a clerk calls instead, how often, and what is said then."""

    answer_days = models.PositiveSmallIntegerField(
        _("days in which the resident may answer"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    call_after_hours = models.PositiveSmallIntegerField(
        _("hours without an answer before a clerk calls"),
        default=24,
        validators=[MaxValueValidator(720)],
    )
    attempts = models.PositiveSmallIntegerField(
        _("tries to reach somebody by telephone"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    retry_hours = models.PositiveSmallIntegerField(
        _("hours between two tries"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    script = models.TextField(_("what the clerk says"), blank=True)
    script_en = models.TextField(_("what the clerk says (English)"), blank=True)

    objects = CallBackRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of call-backs")
        verbose_name_plural = _("rules of call-backs")
        constraints = [
            ends_after_it_begins("callback_rule_ends_after_it_begins"),
            models.UniqueConstraint(fields=["valid_from"], name="callback_rule_begins_once"),
            models.CheckConstraint(
                condition=Q(answer_days__gt=0, attempts__gt=0, retry_hours__gt=0),
                name="callback_numbers_mean_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)

    def words(self) -> str:
        """The script in the reader's language, as far as there is one."""
        return in_language(self.script, self.script_en)


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those of the territory of a caller's posts; cases without a place to every caller."""
        if not isinstance(user, User):
            return self.none()
        mine = Q(pk__in=[])
        for scope in scopes_of(user, on=on):
            if scope.role in CALLERS:
                mine |= within(scope, prefix="case__") | Q(case__town=None)
        return self.filter(mine).exclude(case__handled_by=user)

    def to_call(self, at: datetime.datetime) -> Self:
        """Questions that nobody has answered by link and whose next call is due."""
        return self.filter(state=CallBack.State.OPEN, call_at__lte=at)

    def to_answer(self, case: Case, at: datetime.datetime) -> "CallBack | None":
        """The newest question about a case that can still be answered."""
        unanswered = self.filter(case=case, answer_until__gt=at)
        return unanswered.exclude(state=CallBack.State.ANSWERED).order_by("-id").first()

    def for_list(self) -> Self:
        return self.select_related("case__category", "case__community", "case__lead_body")


class CallBack(models.Model):
    """One question to one resident. `code` alone opens the page on which it is answered.

    Asked when a case is closed, and when a limit ends while the work is not done; `round` counts
    how often the case was reopened before, so that each round is asked once.
    """

    class Occasion(models.TextChoices):
        CLOSING = "closing", _("The case was closed")
        LIMIT = "limit", _("The limit has ended")

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")
        GIVEN_UP = "given_up", _("Not reached")
        EXPIRED = "expired", _("No answer in time")

    case = models.ForeignKey(Case, models.PROTECT, related_name="callbacks")
    occasion = models.CharField(max_length=8, choices=Occasion)
    round = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    answer_until = models.DateTimeField()
    call_at = models.DateTimeField(_("to be called from"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "occasion", "round"], name="callback_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(call_at=None), name="callback_over_calls_nobody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["call_at", "id"], condition=Q(state="open"), name="callback_to_call"
            ),
        ]


class CallAttempt(models.Model):
    """A clerk tried to reach the resident. Append-only."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached, answered")
        NOT_REACHED = "not_reached", _("Not reached")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        REFUSED = "refused", _("Does not want to answer")

    callback = models.ForeignKey(CallBack, models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.UniqueConstraint(fields=["callback", "number"], name="call_number_once")
        ]


class CallBackAnswer(models.Model):
    """What the resident said. Append-only; their words stand, erasable, beside the event."""

    class Way(models.TextChoices):
        LINK = "link", _("By link")
        PHONE = "phone", _("By telephone")

    class Satisfaction(models.TextChoices):
        VERY = "very", _("Very satisfied")
        SATISFIED = "satisfied", _("Satisfied")
        BASICALLY = "basically", _("Basically satisfied")
        NOT = "not", _("Not satisfied")
        NOT_AT_ALL = "not_at_all", _("Not satisfied at all")

    callback = models.OneToOneField(CallBack, models.PROTECT, related_name="answer")
    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="+")
    way = models.CharField(max_length=5, choices=Way)
    contacted = models.BooleanField(_("was contacted"))
    solved = models.BooleanField(_("solved"))
    satisfaction = models.CharField(max_length=10, choices=Satisfaction)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")


PLEASED = frozenset(
    {
        CallBackAnswer.Satisfaction.VERY,
        CallBackAnswer.Satisfaction.SATISFIED,
        CallBackAnswer.Satisfaction.BASICALLY,
    }
)
