"""Work given to a body, to a person in it, with the money for it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.cases import Case


class TaskState(models.TextChoices):
    DISPATCHED = "dispatched", _("To be signed")
    HANDLING = "handling", _("In work")
    SUSPENDED = "suspended", _("Suspended until a date")
    REPORTED = "reported", _("Result to be confirmed")
    CHECKING = "checking", _("To be checked")
    REWORK = "rework", _("Rework")
    DONE = "done", _("Done")
    RETURNED = "returned", pgettext_lazy("case", "Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# While a task is in one of these its points lie on its person; the hold stays until it has ended,
# also while it is suspended.
LOADING = frozenset(
    {TaskState.DISPATCHED, TaskState.HANDLING, TaskState.REPORTED, TaskState.REWORK}
)
UNSETTLED = LOADING | {TaskState.SUSPENDED, TaskState.CHECKING}


class TaskQuerySet(models.QuerySet):
    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)

    def lacking_money(self) -> Self:
        return self.filter(ended_at=None, missing__gt=0)

    def for_page(self) -> Self:
        """With the names that the page of one case tells, the newest first."""
        return self.select_related("body", "post__person", "hold__line", "hold__purpose").order_by(
            "-id"
        )

    def loading(self) -> Self:
        return self.filter(state__in=LOADING)


class Task(models.Model):
    """A piece of a case's work. `estimate` and `actual` are fen; what costs nothing has estimate 0.

    `unfunded` marks 先行处置: work ordered with a written reason before money was found; such a
    task cannot be closed until it is funded. `missing` is what the hold lacks (fen):
    all of it then, or what the work cost more than was kept. `wanted` is what an assisting body is
    asked for.
    """

    class Kind(models.TextChoices):
        LEAD = "lead", _("Lead")
        ASSIST = "assist", _("Assistance")

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LEAD)
    state = models.CharField(_("state"), max_length=12, choices=TaskState)
    body = models.ForeignKey("organizations.Body", models.PROTECT, related_name="tasks")
    post = models.ForeignKey("organizations.Post", models.PROTECT, related_name="tasks")
    points = models.PositiveSmallIntegerField()
    estimate = models.PositiveBigIntegerField(default=0)
    actual = models.PositiveBigIntegerField(null=True, blank=True)
    hold = models.OneToOneField(
        "funding.Hold", models.PROTECT, null=True, blank=True, related_name="task"
    )
    unfunded = models.BooleanField(default=False)
    missing = models.PositiveBigIntegerField(default=0)
    act_first_reason = models.CharField(max_length=300, blank=True)
    wanted = models.CharField(_("what is asked of them"), max_length=500, blank=True)
    duty = models.ForeignKey("routing.DutyEntry", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    handle_due_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(_("result"), blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind="lead", state__in=UNSETTLED),
                name="case_has_one_open_lead",
            ),
            models.UniqueConstraint(
                fields=["case", "body"],
                condition=Q(kind="assist", state__in=UNSETTLED),
                name="body_has_one_open_assistance",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSETTLED, ended_at=None)
                | (~Q(state__in=UNSETTLED) & Q(ended_at__isnull=False)),
                name="task_ends_with_its_state",
            ),
            models.CheckConstraint(
                # `actual` twice: compared with an unknown cost the whole is unknown, and passes.
                condition=Q(estimate=0)
                | Q(hold__isnull=False)
                | Q(unfunded=True)
                | Q(actual=0, actual__isnull=False),
                name="task_work_comes_with_money",
            ),
            models.CheckConstraint(
                condition=Q(unfunded=False) | ~Q(act_first_reason=""),
                name="unfunded_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE) | Q(unfunded=False, missing=0),
                name="task_done_is_paid_for",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "handle_due_at"],
                condition=Q(ended_at=None),
                name="task_open_by_post",
            ),
            models.Index(
                fields=["body", "handle_due_at"],
                condition=Q(ended_at=None),
                name="task_open_by_body",
            ),
            models.Index(
                fields=["body"],
                condition=Q(ended_at=None, missing__gt=0),
                name="task_lacks_money",
            ),
        ]
