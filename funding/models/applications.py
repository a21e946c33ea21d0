"""An application for money (用款申请), its documents and its chained history."""

import datetime
import re
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from funding.models.budgets import bodies_read_by
from funding.models.ledger import Hold, HoldQuerySet
from funding.models.lines import Line, Purpose
from funding.workflow import IN_WORK, State
from lib.chain import ChainedEvent
from organizations.models import User

# `subject_kind` of holds that an application made for itself.
SUBJECT = "funding.application"
NUMBER = re.compile(r"YK(20\d\d)(\d{6,12})", re.IGNORECASE)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def with_names(self) -> Self:
        return self.select_related(
            "line", "line__source", "line__body", "purpose", "asked_by", "hold"
        )

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Applications on the lines that `user` may read, and his own."""
        mine = Q(line__body__in=bodies_read_by(user, on=on))
        return self.filter(mine | Q(asked_by=user.pk)) if user.pk else self.none()

    def sought(self, words: str) -> Self:
        """By the number that people know, or by what stands in title or payee; "" is all."""
        if number := NUMBER.fullmatch(words):
            year = int(number[1])
            begins, ends = (
                datetime.datetime(one, 1, 1, tzinfo=datetime.UTC) for one in (year, year + 1)
            )
            return self.filter(pk=int(number[2]), asked_at__gte=begins, asked_at__lt=ends)
        if not words:
            return self
        return self.filter(Q(title__icontains=words) | Q(payee_name__icontains=words))

    def owed(self, user: User | AnonymousUser, *, on: datetime.date) -> HoldQuerySet:
        """Holds of cases, on lines that `user` may read, of which `unclaimed` fen wait for an
        application."""
        running = self.filter(hold=OuterRef("pk"), state__in=IN_WORK).order_by().values("hold")
        claimed = running.annotate(sum=Sum(F("amount") - F("paid"))).values("sum")
        holds = Hold.objects.visible_to(user, on=on).exclude(subject_kind=SUBJECT)
        return (
            holds.filter(payable__gt=0)
            .annotate(unclaimed=F("payable") - Coalesce(Subquery(claimed), 0))
            .filter(unclaimed__gt=0)
        )

    def claimed(self, hold: Hold, *, besides: "Application") -> int:
        """Fen of `hold` that other applications in work are still to be paid."""
        others = self.filter(hold=hold, state__in=IN_WORK).exclude(pk=besides.pk)
        found: int = others.aggregate(sum=Coalesce(Sum(F("amount") - F("paid")), 0))["sum"]
        return found


class Application(models.Model):
    """A request to pay `amount` fen of a line to a payee, for a purpose.

    `subject_kind` and `subject_key` name what it is for (a case, a commitment, an activity), empty
    when it stands by itself. `round` counts how often it was handed in; each round climbs the
    ladder from the bottom. `version` and `head` are those of its history. Triggers
    (`funding/migrations/sql/payment.*.sql`) refuse every change of state that the rules forbid.
    """

    line = models.ForeignKey(
        Line, models.PROTECT, related_name="applications", verbose_name=_("budget line")
    )
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, related_name="+", verbose_name=_("purpose")
    )
    hold = models.ForeignKey(
        Hold, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    title = models.CharField(_("what is paid"), max_length=120)
    reason = models.TextField(_("reason"), max_length=2000)
    amount = models.BigIntegerField(_("amount"))
    paid = models.BigIntegerField(_("paid"), default=0)
    payee_name = models.CharField(_("payee"), max_length=100)
    payee_bank = models.CharField(_("payee's bank"), max_length=100, blank=True)
    payee_account = models.CharField(_("payee's account"), max_length=40, blank=True)
    payee_key = models.CharField(max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=100, unique=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    asked_at = models.DateTimeField(_("made at"))
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for money")
        verbose_name_plural = _("applications for money")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="application_amount_positive"),
            models.CheckConstraint(
                condition=Q(paid__gte=0, paid__lte=F("amount")),
                name="application_paid_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(submitted_at__isnull=False, round__gte=1)
                | Q(state="withdrawn"),
                name="application_was_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "refused", "withdrawn"], ended_at__isnull=False)
                | (~Q(state__in=["paid", "refused", "withdrawn"]) & Q(ended_at=None)),
                name="application_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approving", "approved", "paying", "paid"])
                | Q(hold__isnull=False),
                name="application_in_work_is_funded",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "line"], name="application_state"),
            models.Index(fields=["subject_kind", "subject_key"], name="application_subject"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: YK2026000017."""
        return f"YK{self.asked_at.year}{self.pk:06d}"

    @property
    def unpaid(self) -> int:
        return self.amount - self.paid

    @property
    def subject(self) -> tuple[str, str]:
        """How the hold that it makes for itself names it."""
        return SUBJECT, str(self.pk)

    @property
    def owns_its_hold(self) -> bool:
        """Whether the money was kept by this application, and not by a case before it."""
        hold = self.hold
        return hold is not None and (hold.subject_kind, hold.subject_key) == self.subject


class ApplicationFile(models.Model):
    """A document of an application, checked by content; its digest stands in the history."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract or quotation")
        INVOICE = "invoice", _("Invoice")
        ACCEPTANCE = "acceptance", _("Record of acceptance")
        DECISION = "decision", _("Decision of members, owners or committee")
        OTHER = "other", _("Other")

    application = models.ForeignKey(Application, models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(upload_to="funding/%Y/%m/")
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "sha256"], name="document_once_per_application"
            )
        ]


class ApplicationEvent(ChainedEvent):
    """One move of an application; `facts` holds amounts and digests, never a name or account."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="events", db_index=False
    )
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, choices=State)
    to_state = models.CharField(max_length=10, choices=State)
    note = models.CharField(_("note"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("move of an application")
        verbose_name_plural = _("moves of applications")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="applicationevent_number_once"
            )
        ]

    def record(self) -> dict[str, Any]:
        return {
            "application": self.application_id,
            "number": self.number,
            "move": self.move,
            "from": str(self.from_state),
            "to": str(self.to_state),
            "note": self.note,
            "facts": self.facts,
            "by": self.by_id,
            "at": self.at,
        }
