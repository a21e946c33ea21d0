"""A cashier pays what was approved: ordered first, then confirmed, failed, or finished early."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import Application, BankAccount, Payment, Posting
from funding.services.accounts import check_serves
from funding.services.actors import why_not_pay
from funding.services.applying import let_go
from funding.services.approving import settle_key
from funding.services.moving import begin, finish
from funding.services.resolving import drop, pay
from funding.services.reversing import reverse
from funding.services.vouching import vouch
from lib.errors import NotYours, RuleViolation, WrongState
from lib.fen import yuan
from organizations.models import User


class MoreThanApproved(RuleViolation):
    def __init__(self, application: Application, *, asked: int) -> None:
        text = _("%(asked)s yuan is more than the %(left)s yuan approved and not paid yet.")
        facts = {"asked": yuan(asked), "left": yuan(application.unpaid)}
        super().__init__(text % facts, code="more_than_approved")


@transaction.atomic
def order(
    application: Application,
    *,
    amount: int,
    by: User,
    at: datetime.datetime,
    account: BankAccount | None = None,
    method: str = Payment.Method.BANK,
) -> Payment:
    """Order a payment of `amount` fen, all or a part; the bank's statement or a person confirms it.

    Raises WrongState, NotYours (also where `by` made, checked or approved it), MoreThanApproved.
    """
    locked = _begun(application, "order", by=by, at=at)
    if not 0 < amount <= locked.unpaid:
        raise MoreThanApproved(locked, asked=amount)
    _check_account(locked, account, method)
    finish(locked, "order", by=by, at=at, facts={"amount": amount, "method": str(method)})
    number = locked.payments.count() + 1
    payment = Payment(
        application=locked,
        account=account,
        method=method,
        amount=amount,
        reference=f"{locked.number}-{number:02d}",
        ordered_by=by,
        ordered_at=at,
    )
    payment.save(force_insert=True)
    return payment


def _begun(
    application: Application, name: str, *, by: User, at: datetime.datetime, note: str = ""
) -> Application:
    locked = begin(application, name, by=by, at=at, reason=note)
    if reason := why_not_pay(by, locked):
        raise NotYours(reason)
    return locked


def _check_account(application: Application, account: BankAccount | None, method: str) -> None:
    if account is None and method == Payment.Method.BANK:
        raise RuleViolation(_("Choose the account that pays."), code="account_missing")
    if account is not None:
        check_serves(account, application.line.body)


@transaction.atomic
def confirm(payment: Payment, *, by: User, at: datetime.datetime, note: str = "") -> Payment:
    """The money has gone: the ledger spends it, a voucher proves it.

    Raises WrongState (confirmed or failed before), NotYours.
    """
    application, ordered = _under_way(payment, "pay", by=by, at=at)
    key = f"payment:{ordered.pk}"
    if application.hold is None:
        raise LookupError(application.pk)
    pay(application.hold, amount=ordered.amount, key=key, by=by, at=at)
    ordered.posting = Posting.objects.get(key=key)
    _end(ordered, Payment.State.PAID, by=by, at=at, note=note)
    paid = application.paid + ordered.amount
    name = "pay" if paid == application.amount else "pay_part"
    facts = {"amount": ordered.amount, "posting": key}
    finish(application, name, by=by, at=at, facts=facts, paid=paid)
    vouch(ordered.posting, summary=application.title, by=by, at=at, payment=ordered)
    return ordered


@transaction.atomic
def fail(payment: Payment, *, by: User, at: datetime.datetime, note: str) -> Payment:
    """The bank did not pay: the application waits for another order. Raises as `confirm`."""
    application, ordered = _under_way(payment, "fail", by=by, at=at, note=note)
    _end(ordered, Payment.State.FAILED, by=by, at=at, note=note)
    finish(application, "fail", by=by, at=at, note=note, facts={"amount": ordered.amount})
    return ordered


def _under_way(
    payment: Payment, name: str, *, by: User, at: datetime.datetime, note: str = ""
) -> tuple[Application, Payment]:
    application = _begun(payment.application, name, by=by, at=at, note=note)
    ordered = Payment.objects.get(pk=payment.pk)
    if ordered.state != Payment.State.ORDERED:
        raise WrongState(_("This payment was confirmed or given up before."))
    return application, ordered


def _end(
    payment: Payment, state: Payment.State, *, by: User, at: datetime.datetime, note: str
) -> None:
    payment.state, payment.confirmed_by, payment.confirmed_at = state, by, at
    payment.note = note.strip()[:200]
    payment.save(update_fields=["state", "confirmed_by", "confirmed_at", "note", "posting"])


@transaction.atomic
def finish_early(
    application: Application, *, by: User, at: datetime.datetime, note: str = ""
) -> Application:
    """No more will be paid: what is left of its own money is free again."""
    locked = _begun(application, "finish", by=by, at=at, note=note)
    if not locked.paid:
        raise WrongState(_("Nothing has been paid yet: send the application back instead."))
    if locked.hold is not None and locked.owns_its_hold and locked.hold.payable:
        key = f"application:{locked.pk}:{locked.version}:drop"
        drop(locked.hold, amount=locked.hold.payable, key=key, by=by, at=at)
    facts = {"left": locked.unpaid}
    return finish(locked, "finish", by=by, at=at, note=note, facts=facts)


@transaction.atomic
def return_unpaid(
    application: Application, *, by: User, at: datetime.datetime, note: str
) -> Application:
    """The cashier sends it back before anything was paid (account closed, name wrong)."""
    locked = _begun(application, "send_back", by=by, at=at, note=note)
    if locked.paid:
        raise WrongState(_("A part has been paid already: finish the application instead."))
    if locked.hold is not None and locked.owns_its_hold:
        settled = Posting.objects.get(key=settle_key(locked))
        key = f"{settled.key}:reverse"
        reverse(settled, key=key, by=by, at=at, reason=note[:200])
        locked.hold.refresh_from_db()
        let_go(locked, by=by, at=at)
    return finish(locked, "send_back", by=by, at=at, note=note)
