"""质询: what anybody asks about money, and what is answered, in public."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funding.models.lines import Line
from lib.numbering import YearBook
from organizations.models import User


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_names(self) -> Self:
        return self.select_related("body", "line", "line__body", "answered_by")

    def published(self) -> Self:
        """What everybody reads: released wordings, answered or not."""
        return self.filter(state__in=[Question.State.OPEN, Question.State.ANSWERED])

    def overdue(self, *, at: datetime.datetime) -> Self:
        return self.filter(state=Question.State.OPEN, due_at__lt=at)

    def waiting(self) -> Self:
        return self.filter(state__in=[Question.State.ASKED, Question.State.OPEN])

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Questions to bodies in whose money `user` deals."""
        bodies = Line.objects.visible_to(user, on=on).values("body")
        return self.filter(body__in=bodies)


class Question(models.Model):
    """A question to a body about its money (`line`: about one line of it).

    `text` and `contact` are as the asker typed them and are read only by those who answer;
    everybody reads `public_text`, which somebody has freed of personal details.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Being read")
        OPEN = "open", _("Waits for the answer")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Not published")

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="questions", verbose_name=_("body")
    )
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="questions",
        verbose_name=_("budget line"),
    )  # fmt: skip
    month = models.DateField(_("month"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("query code"), max_length=12)
    text = models.TextField(_("question"), max_length=1000)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    public_text = models.TextField(_("question as everybody reads it"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("to be answered by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about money")
        verbose_name_plural = _("questions about money")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", public_text="", released_by=None, answer="")
                | (Q(state="open", released_by__isnull=False, answer="") & ~Q(public_text=""))
                | (
                    Q(state="answered", released_by__isnull=False, answered_by__isnull=False)
                    & Q(answered_at__isnull=False) & ~Q(public_text="") & ~Q(answer="")
                )
                | (Q(state="declined", public_text="", released_by__isnull=False) & ~Q(answer="")),
                name="question_has_what_its_state_needs",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="question_due_after_asked"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-id"], name="question_state")]

    def __str__(self) -> str:
        return self.number

    def is_overdue(self, at: datetime.datetime) -> bool:
        return self.state == Question.State.OPEN and self.due_at < at


class QuestionBook(YearBook):
    """Numbers of questions of a year."""
