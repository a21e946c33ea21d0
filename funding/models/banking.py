"""What the bank says: statements with their rows, and which row is which payment."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.models.budgets import bodies_read_by
from funding.models.instructions import Instruction
from funding.models.payments import BankAccount, Payment
from organizations.models import User


class BankStatement(models.Model):
    """One file of the bank, brought in once: opening and closing balance meet its rows."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    opening = models.BigIntegerField(_("opening balance"))
    closing = models.BigIntegerField(_("closing balance"))
    came_in = models.BigIntegerField(_("came in"))
    went_out = models.BigIntegerField(pgettext_lazy("account", "went out"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        constraints = [
            models.UniqueConstraint(fields=["account", "sha256"], name="statement_file_once"),
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("came_in") - F("went_out")),
                name="statement_balances",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BankRowQuerySet(models.QuerySet["BankRow"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(account__body__in=bodies_read_by(user, on=on))

    def with_match(self) -> Self:
        """Each with `standing`: the list of its match that stands, empty or one."""
        standing = Match.objects.standing().select_related("payment__application", "instruction")
        return self.prefetch_related(Prefetch("matches", standing, to_attr="standing"))

    def unmatched(self) -> Self:
        return self.exclude(pk__in=Match.objects.standing().values("row"))


class BankRow(models.Model):
    """One movement on an account, as the bank wrote it; `serial` is the bank's own number."""

    class Direction(models.TextChoices):
        IN = "in", _("In")
        OUT = "out", _("Out")

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="rows")
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="rows")
    serial = models.CharField(_("bank's number"), max_length=60)
    day = models.DateField(_("day"))
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    amount = models.BigIntegerField(_("amount"))
    party = models.CharField(_("other party"), max_length=120, blank=True)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)

    objects = BankRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank movement")
        verbose_name_plural = _("bank movements")
        constraints = [
            models.UniqueConstraint(fields=["account", "serial"], name="bankrow_serial_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bankrow_amount_positive"),
        ]


class MatchQuerySet(models.QuerySet["Match"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def receipts(self, row: BankRow) -> models.QuerySet[Instruction]:
        """Money that was to come to the account of `row`, of its amount, and is not matched."""
        taken = self.standing().filter(instruction__isnull=False).values("instruction")
        asked = Instruction.objects.filter(account=row.account_id, amount=row.amount)
        return asked.exclude(pk__in=taken).exclude(state="refused").with_names().order_by("pk")

    def candidates(self, row: BankRow) -> models.QuerySet[Payment]:
        """Payments from the account of `row`, of its amount, that no movement stands for."""
        taken = self.standing().filter(payment__isnull=False).values("payment")
        payments = Payment.objects.filter(account=row.account_id, amount=row.amount)
        alive = payments.filter(state__in=[Payment.State.ORDERED, Payment.State.PAID])
        return alive.exclude(pk__in=taken).select_related("application")


class Match(models.Model):
    """A person said that a bank movement is this payment, or this receipt: one to one.

    The database demands the same account, direction and amount. A match is undone, never deleted.
    """

    row = models.ForeignKey(BankRow, models.PROTECT, related_name="matches")
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="matches"
    )
    instruction = models.ForeignKey(
        Instruction, models.PROTECT, null=True, blank=True, related_name="matches"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.CharField(max_length=200, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(
                fields=["row"], condition=Q(undone_at=None), name="match_row_once"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(undone_at=None), name="match_payment_once"
            ),
            models.UniqueConstraint(
                fields=["instruction"], condition=Q(undone_at=None), name="match_receipt_once"
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, instruction=None)
                | Q(payment=None, instruction__isnull=False),
                name="match_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_because="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_because="")),
                name="match_is_undone_by_somebody_with_a_reason",
            ),
        ]
