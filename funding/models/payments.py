"""Payments, and the vouchers that number everything which changes a body's money."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from funding.models.applications import Application
from funding.models.budgets import bodies_read_by
from funding.models.ledger import Posting
from organizations.models import User


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(body__in=bodies_read_by(user, on=on))

    def with_counts(self) -> Self:
        """Each with `waiting`: movements that no payment or receipt explains yet."""
        explained = Q(rows__matches__isnull=False, rows__matches__undone_at=None)
        matched = Count("rows", filter=explained, distinct=True)
        total = Count("rows", distinct=True)
        return self.select_related("body").annotate(waiting=total - matched)


class BankAccount(models.Model):
    """An account of a body; money of a body never stands on a person's account."""

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="bank_accounts", verbose_name=_("body")
    )
    name = models.CharField(_("account name"), max_length=100)
    bank = models.CharField(_("bank"), max_length=100)
    number = models.CharField(_("account number"), max_length=40, unique=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")

    def __str__(self) -> str:
        return f"{self.bank} …{self.number[-4:]}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def with_names(self) -> Self:
        return self.select_related("application__line__body", "account", "ordered_by", "voucher")

    def touched_by(self, user: User) -> Self:
        return self.filter(Q(ordered_by=user) | Q(confirmed_by=user))

    def under_way(self) -> Self:
        return self.filter(state=Payment.State.ORDERED)


class Payment(models.Model):
    """Money that goes out for an application: ordered by a cashier, then paid or failed.

    At most one is under way for an application; several, one after the other, pay it in parts.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", _("Ordered")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        REVERSED = "reversed", _("Reversed")

    class Method(models.TextChoices):
        BANK = "bank", _("Bank transfer")
        CARD = "card", _("Official card")
        CASH = "cash", _("Cash")

    application = models.ForeignKey(Application, models.PROTECT, related_name="payments")
    account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, blank=True, related_name="payments",
        verbose_name=_("from account"),
    )  # fmt: skip
    method = models.CharField(_("method"), max_length=5, choices=Method, default=Method.BANK)
    amount = models.BigIntegerField(_("amount"))
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ORDERED)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("ordered"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="payment"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state="ordered"),
                name="payment_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state="ordered", confirmed_by=None, confirmed_at=None, posting=None)
                | Q(
                    state="failed", confirmed_by__isnull=False, confirmed_at__isnull=False,
                    posting=None,
                )
                | Q(
                    state__in=["paid", "reversed"], confirmed_by__isnull=False,
                    confirmed_at__isnull=False, posting__isnull=False,
                ),
                name="payment_state_has_its_facts",
            ),
            models.CheckConstraint(
                condition=~Q(method="bank") | Q(account__isnull=False),
                name="payment_by_bank_names_its_account",
            ),
        ]  # fmt: skip


class VoucherBook(models.Model):
    """The vouchers of a body and year: the row that is locked while a number is taken."""

    body = models.ForeignKey("organizations.Body", models.PROTECT, related_name="voucher_books")
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("voucher book")
        verbose_name_plural = _("voucher books")
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="voucherbook_once")]

    def __str__(self) -> str:
        return f"{self.body} {self.year}"


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def with_names(self) -> Self:
        return self.select_related("book__body", "posting", "by")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(book__body__in=bodies_read_by(user, on=on))


class Voucher(models.Model):
    """The numbered proof (记账凭证) of one posting in the books of one body.

    Numbers run 1, 2, 3 … in a book: a trigger refuses any other, the row is never changed or
    deleted, and a rolled back one gives its number to the next.
    """

    book = models.ForeignKey(VoucherBook, models.PROTECT, related_name="vouchers", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="vouchers")
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="voucher"
    )
    summary = models.CharField(_("summary"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="voucher_number_once"),
            models.UniqueConstraint(fields=["book", "posting"], name="voucher_posting_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.book.year}-{self.number:06d}"
