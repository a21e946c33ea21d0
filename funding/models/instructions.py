"""Money that moves without an application: asked for by one person, decided by another."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funding.models.budgets import bodies_read_by
from funding.models.ledger import Posting
from funding.models.lines import Line
from funding.models.payments import BankAccount, Payment
from organizations.models import User


class InstructionQuerySet(models.QuerySet["Instruction"]):
    def with_names(self) -> Self:
        return self.select_related(
            "line__body", "line__source", "to_line__body", "asked_by", "decided_by", "reverses"
        )

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(line__body__in=bodies_read_by(user, on=on))

    def waiting(self) -> Self:
        return self.filter(state=Instruction.State.WAITING)


class Instruction(models.Model):
    """One movement that a finance clerk asks for and a reviewer, another person, carries out.

    `line` is where the money is (or comes to), `to_line` where it goes. `reverses` is the posting
    that a reversal takes back, `payment` the one that a refund belongs to, `account` the bank
    account that money from outside came to.
    """

    class Kind(models.TextChoices):
        QUOTA = "quota", _("Release of a quota")
        RECEIVE = "receive", _("Money received")
        TRANSFER = "transfer", _("Adjustment between lines")
        CARRY = "carry", _("Carried over to the next year")
        REFUND = "refund", _("Money refunded to us")
        REVERSE = "reverse", _("Reversal")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a decision")
        DONE = "done", _("Carried out")
        REFUSED = "refused", _("Refused")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    line = models.ForeignKey(
        Line, models.PROTECT, related_name="instructions", verbose_name=_("budget line")
    )
    to_line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to line")
    )
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=200)
    reverses = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="reversals_asked_for"
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, blank=True, related_name="receipts",
        verbose_name=_("to account"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    key = models.CharField(max_length=100, unique=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="instruction"
    )

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="instruction_amount_positive"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="instruction_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None, posting=None)
                | Q(state="refused", decided_by__isnull=False, decided_at__isnull=False,
                    posting=None)
                | Q(state="done", decided_by__isnull=False, decided_at__isnull=False,
                    posting__isnull=False),
                name="instruction_decided_or_not",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["transfer", "carry"], to_line__isnull=False)
                | (~Q(kind__in=["transfer", "carry"]) & Q(to_line=None)),
                name="instruction_names_both_lines",
            ),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False)
                | (~Q(kind="reverse") & Q(reverses=None)),
                name="instruction_names_what_it_reverses",
            ),
            models.CheckConstraint(
                condition=Q(kind="refund", payment__isnull=False)
                | (~Q(kind="refund") & Q(payment=None)),
                name="instruction_names_what_is_refunded",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind="carry", state__in=["waiting", "done"]),
                name="instruction_carries_a_line_once",
            ),
        ]  # fmt: skip
