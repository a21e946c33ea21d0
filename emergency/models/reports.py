"""Duty reports (值守报告) with deadlines; the review; the proof that data were deleted."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.orders import Order
from emergency.workflow import OrderState
from lib.chain import digest
from organizations.models import User


class ReportKind(models.TextChoices):
    PHONE = "phone", _("By telephone")
    TEXT = "text", _("In writing")
    FOLLOW = "follow", _("Follow-up")
    FINAL = "final", _("Final report")


class ReportQuerySet(models.QuerySet["Report"]):
    def with_names(self) -> Self:
        return self.select_related("order", "by")

    def open(self) -> Self:
        return self.filter(done_at=None)

    def late(self, at: datetime.datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def to_tell(self, at: datetime.datetime) -> Self:
        running = [OrderState.IN_FORCE, OrderState.STOOD_DOWN]
        return self.late(at).filter(told_at=None, order__state__in=running)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(order__in=Order.objects.watched_by(user, on=on).values("pk"))


class Report(models.Model):
    """A report that is due to the level above; `told_at`: that it is late was told upwards."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=8, choices=ReportKind)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(_("made"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    receiver = models.CharField(_("to whom"), max_length=80, blank=True)
    text = models.TextField(_("what was reported"), max_length=2000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty report")
        verbose_name_plural = _("duty reports")
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "number"], name="report_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, by=None, text="")
                | (Q(done_at__isnull=False, by__isnull=False) & ~Q(text="") & ~Q(receiver="")),
                name="report_made_or_not",
            ),
        ]
        indexes = [models.Index(fields=["done_at", "due_at"], name="report_due")]

    def is_late(self, at: datetime.datetime) -> bool:
        return (self.done_at or at) > self.due_at


class Review(models.Model):
    """What the figures said when people looked back (复盘), what went well, what did not."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="review_row")
    figures = models.JSONField(_("figures"), default=dict)
    went_well = models.TextField(_("what went well"), max_length=2000)
    to_mend = models.TextField(_("what has to be mended"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of an emergency")
        verbose_name_plural = _("reviews of emergencies")


class Lesson(models.Model):
    """A lesson for a body, from which the committee may make a directive."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="lessons")
    text = models.CharField(_("lesson"), max_length=300)
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("for whom"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")


class DeletionProof(models.Model):
    """Rows per table before and after deletion, with a digest that the order's chain holds."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="deletion")
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField(_("deleted"))
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("proof of deletion")
        verbose_name_plural = _("proofs of deletion")

    def record(self) -> dict[str, Any]:
        return {"order": self.order_id, "before": self.before, "after": self.after, "at": self.at}

    def computed(self) -> str:
        return digest(self.record(), previous="")

    @property
    def total(self) -> int:
        """Rows that were deleted."""
        return sum(self.before.values())
