"""Tasks by grid: of a kind that a measure brings, for the grid's team or for who has come."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.models.calling import Called
from emergency.models.orders import FIELD, Order, Somewhere
from emergency.models.reference import TaskKind
from emergency.workflow import TaskState
from grids.scopes import in_reach
from lib.moving import MoveEvent, Moving
from organizations.models import User


class FieldTaskQuerySet(models.QuerySet["Task"]):
    def with_names(self) -> Self:
        return self.select_related("order", "kind__measure", "territory", "grid", "community")

    def open(self) -> Self:
        return self.filter(state__in=[TaskState.GIVEN, TaskState.WORKING])

    def of(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Whose hand `user` is, by name or as a worker of the place."""
        if not user.pk:
            return self.none()
        named = TaskHand.objects.filter(called__person=user.pk).values("task")
        near = Task.objects.filter(in_reach(user, FIELD, on=on), for_team=True).values("pk")
        return self.filter(Q(pk__in=named) | Q(pk__in=near))

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        if not user.pk:
            return self.none()
        watched = Order.objects.watched_by(user, on=on).values("pk")
        mine = Task.objects.of(user, on=on).values("pk")
        return self.filter(Q(pk__in=mine) | Q(order__in=watched))


class Task(Moving, Somewhere):
    """A task in a grid (or a community). `for_team`: the workers of the place have it; otherwise
    the people named by `hands`. `progress` is a percentage; what was done stands in `TaskProof`,
    which is deleted after the emergency.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="tasks")
    kind = models.ForeignKey(TaskKind, models.PROTECT, related_name="+", verbose_name=_("kind"))
    text = models.CharField(_("what is to be done"), max_length=200, blank=True)
    for_team = models.BooleanField(_("for the workers of the grid"), default=True)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0)
    households = models.PositiveIntegerField(_("households reached"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=TaskState, default=TaskState.GIVEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(pgettext_lazy("task", "given out"))
    due_at = models.DateTimeField(_("to be done by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = FieldTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of an emergency")
        verbose_name_plural = _("tasks of emergencies")
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress_percent"),
            models.CheckConstraint(
                condition=Q(state="done", ended_at__isnull=False, progress=100)
                | Q(state="dropped", ended_at__isnull=False)
                | Q(state__in=["given", "working"], ended_at=None),
                name="task_ended_or_not",
            ),
        ]
        indexes = [models.Index(fields=["order", "state"], name="task_order_state")]


class TaskEvent(MoveEvent):
    subject = models.ForeignKey(Task, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a task")
        verbose_name_plural = _("moves of tasks")
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="taskevent_once")]


class TaskHand(models.Model):
    """Somebody who came and has this task; deleted after the emergency."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="hands")
    called = models.ForeignKey(Called, models.PROTECT, related_name="hands")

    class Meta:
        verbose_name = _("person who has a task")
        verbose_name_plural = _("people who have tasks")
        constraints = [models.UniqueConstraint(fields=["task", "called"], name="taskhand_once")]


class TaskProof(models.Model):
    """What was done, in words; may name people, so it is deleted after the emergency."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="proofs")
    text = models.CharField(_("what was done"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("proof of a task")
        verbose_name_plural = _("proofs of tasks")


class TaskPhoto(models.Model):
    """A photo that shows it, without what the camera wrote beside it; deleted with its proof."""

    proof = models.ForeignKey(TaskProof, models.PROTECT, related_name="photos")
    image = models.FileField(upload_to="emergency/%Y/%m/")
    thumbnail = models.FileField(upload_to="emergency/%Y/%m/")
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("photo of a task")
        verbose_name_plural = _("photos of tasks")
        constraints = [models.UniqueConstraint(fields=["proof", "sha256"], name="taskphoto_once")]
