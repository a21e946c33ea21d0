"""What a department asks for and two others decide: more time, a suspension, a timeout forgiven."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.tasks import Task
from grids.scopes import scopes_of, within
from lib.roles import Role
from organizations.models import User

MORE_TIME = Q(kind__in=["extension", "suspension"])
REVIEWS = frozenset({Role.DEPARTMENT_HEAD, Role.DISPATCHER, Role.ACCEPTOR})


class RequestQuerySet(models.QuerySet["Request"]):
    def pending(self) -> Self:
        return self.filter(state=Request.State.PENDING)

    def for_reviewer(self, user: User, *, on: datetime.date) -> Self:
        """What waits for this person's answer: of their department, of their territory."""
        waiting = Q(pk__in=[])
        for scope in scopes_of(user, on=on):
            if scope.role == Role.DEPARTMENT_HEAD:
                waiting |= MORE_TIME & Q(first_by=None, case__lead_body__in=scope.body_ids)
            elif scope.role == Role.DISPATCHER:
                mine = MORE_TIME & Q(first_granted=True) | Q(kind="appeal", first_by=None)
                waiting |= mine & within(scope, prefix="case__")
            elif scope.role == Role.ACCEPTOR:
                mine = Q(kind="appeal", first_granted=True)
                waiting |= mine & within(scope, prefix="case__")
        answered = Q(asked_by=user) | Q(first_by=user, first_by__isnull=False)
        return self.pending().filter(waiting).exclude(answered)

    def with_cases(self) -> Self:
        """With what a list says of each."""
        return self.select_related("asked_by", "first_by", "case__category", "case__lead_body")

    def for_page(self) -> Self:
        """With the people that the page of one case names, the newest first."""
        return self.select_related("asked_by", "first_by", "second_by").order_by("-id")


class Request(models.Model):
    """Asked by the department, reviewed twice by different people; a refusal ends it at once.

    `until` is the end of a suspension. `due_before` and `due_after` are the handling limit before
    and after a granted extension. What was still pending when the task moved on is withdrawn.
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("Extension")
        SUSPENSION = "suspension", _("Suspension")
        APPEAL = "appeal", _("Timeout appeal")

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for review")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Overtaken, withdrawn")

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    task = models.ForeignKey(Task, models.PROTECT, related_name="requests")
    reason = models.CharField(_("reason"), max_length=1000)
    until = models.DateTimeField(null=True, blank=True)
    due_before = models.DateTimeField(null=True, blank=True)
    due_after = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_at = models.DateTimeField(null=True, blank=True)
    first_granted = models.BooleanField(null=True, blank=True)
    first_note = models.CharField(max_length=1000, blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    second_granted = models.BooleanField(null=True, blank=True)
    second_note = models.CharField(max_length=1000, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state="pending"),
                name="request_one_pending_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind="suspension", state="granted"),
                name="request_one_suspension_granted",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="appeal"), name="request_one_appeal"
            ),
            models.CheckConstraint(
                condition=Q(kind="suspension", until__isnull=False)
                | ~Q(kind="suspension") & Q(until=None),
                name="request_suspension_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(first_by=None, first_at=None, first_granted=None)
                | Q(first_by__isnull=False, first_at__isnull=False, first_granted__isnull=False),
                name="request_first_review_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, second_at=None, second_granted=None)
                | Q(
                    second_by__isnull=False,
                    second_at__isnull=False,
                    second_granted__isnull=False,
                    first_granted=True,
                ),
                name="request_second_review_follows",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted")
                | Q(
                    first_granted=True,
                    first_granted__isnull=False,
                    second_granted=True,
                    second_granted__isnull=False,
                ),
                name="request_granted_twice",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None)
                | (~Q(second_by=F("first_by")) & ~Q(second_by=F("asked_by"))),
                name="request_reviewed_by_others",
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"],
                condition=Q(kind="suspension", state="granted"),
                name="request_suspended_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case_id}"

    @property
    def review(self) -> str:
        """The move by which it is answered."""
        return f"review_{self.kind}"
