"""异议: what anybody says against a result within its time; answered, or the matter is reopened."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consultation.models.matters import Consultation, Stage
from consultation.workflow import ObjectionState
from organizations.models import User


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        consultations = Consultation.objects.visible_to(user, on=on)
        return self.filter(consultation__in=consultations.values("pk"))

    def waiting(self) -> Self:
        return self.filter(state=ObjectionState.RAISED)

    def answered(self) -> Self:
        """What everybody reads: the released wording with its answer."""
        return self.filter(state__in=[ObjectionState.ANSWERED, ObjectionState.UPHELD])


class Objection(models.Model):
    """`text` and the contact are as they were typed; `public_text` and `answer` is what everybody
    reads once it has been answered. `by`: who objected with an account, None without one."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="objections")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="objections")
    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("query code"), max_length=12)
    state = models.CharField(
        _("state"), max_length=9, choices=ObjectionState, default=ObjectionState.RAISED
    )
    text = models.TextField(_("objection"), max_length=2000)
    contact_name = models.CharField(_("your name"), max_length=40, blank=True)
    contact_phone = models.CharField(_("your telephone number"), max_length=30, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_supervisor = models.BooleanField(_("raised by a supervisor"), default=False)
    raised_at = models.DateTimeField(_("raised"))
    due_at = models.DateTimeField(_("answer due"))
    public_text = models.TextField(
        _("objection as everybody reads it"), max_length=2000, blank=True
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["raised", "withdrawn"], answer="", public_text="")
                | (
                    Q(state__in=["answered", "upheld"], answered_at__isnull=False)
                    & Q(answered_by__isnull=False) & ~Q(answer="") & ~Q(public_text="")
                ),
                name="objection_has_what_its_state_needs",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("raised_at")), name="objection_due_after_raised"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-id"], name="objection_state")]

    def __str__(self) -> str:
        return self.number

    def is_overdue(self, at: datetime.datetime) -> bool:
        return self.state == ObjectionState.RAISED and self.due_at < at
