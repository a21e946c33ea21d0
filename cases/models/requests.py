"""What a department asks for and two others decide: more time, a suspension, a timeout forgiven."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.tasks import Task


class RequestQuerySet(models.QuerySet["Request"]):
    def pending(self) -> Self:
        return self.filter(state=Request.State.PENDING)

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
