"""A statement is brought in once; a person says which movement is which payment, one to one."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funding.models import (
    BankAccount,
    BankRow,
    BankStatement,
    Instruction,
    Match,
    Payment,
)
from funding.services.actors import is_in
from funding.services.bank_files import BadStatement, Statement
from funding.services.paying import confirm
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import FINANCE, Role
from organizations.models import User

DAYS_APART = 30


class AlreadyMatched(RuleViolation):
    def __init__(self) -> None:
        text = _("One of the two is matched already, or account, direction or amount differ.")
        super().__init__(text, code="already_matched")


@transaction.atomic
def bring_in(
    statement: Statement, account: BankAccount, *, by: User, at: datetime.datetime
) -> BankStatement:
    """All rows of a file that balances, or none.

    Raises NotYours, BadStatement (faults, the same file again, a movement that is known).
    """
    _demand_finance(by, account, at)
    if statement.faults:
        raise BadStatement(statement.faults[0])
    stored = BankStatement(
        account=account,
        name=statement.name,
        sha256=statement.sha256,
        opening=statement.opening,
        closing=statement.closing,
        came_in=statement.sum_of(BankRow.Direction.IN),
        went_out=statement.sum_of(BankRow.Direction.OUT),
        by=by,
        at=at,
    )
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
            BankRow.objects.bulk_create(_rows(statement, stored))
    except IntegrityError as error:
        raise BadStatement(_("This file, or a movement in it, was brought in before.")) from error
    return stored


def _rows(statement: Statement, stored: BankStatement) -> list[BankRow]:
    return [
        BankRow(
            account=stored.account,
            statement=stored,
            serial=line.serial,
            day=line.day,
            direction=line.direction,
            amount=line.amount,
            party=line.party,
            summary=line.summary,
            reference=line.reference,
        )
        for line in statement.lines
    ]


def _demand_finance(user: User, account: BankAccount, at: datetime.datetime) -> None:
    if not any(is_in(user, role, account.body_id, at=at) for role in FINANCE):
        raise NotYours(_("The finance people of this body work with its accounts."))


def suggestions(row: BankRow) -> list[Payment]:
    """Payments that `row` may be, the likeliest first: by our reference, the payee, the day."""
    if row.direction != BankRow.Direction.OUT:
        return []
    found = Match.objects.candidates(row)
    said = f"{row.summary} {row.reference}"
    near = [payment for payment in found if abs(_days(payment, row)) <= DAYS_APART]
    return sorted(
        near,
        key=lambda payment: (
            payment.reference not in said,
            payment.application.payee_name not in row.party,
            abs(_days(payment, row)),
            payment.pk,
        ),
    )


def receipts_like(row: BankRow) -> list[Instruction]:
    """Receipts that `row` may be, the oldest first."""
    return list(Match.objects.receipts(row)) if row.direction == BankRow.Direction.IN else []


def _days(payment: Payment, row: BankRow) -> int:
    return (payment.ordered_at.date() - row.day).days


@transaction.atomic
def match_payment(row: BankRow, payment: Payment, *, by: User, at: datetime.datetime) -> Match:
    """`row` is this payment; one that was only ordered is paid by that, and then `by` must be a
    cashier who may pay it. Raises NotYours, AlreadyMatched, and as `confirm` does.
    """
    locked = _matchable(row, by, at)
    fresh = Payment.objects.select_related("application").get(pk=payment.pk)
    if fresh.state == Payment.State.ORDERED:
        fresh = confirm(fresh, by=by, at=at, note=locked.serial)
    return _matched(Match(row=locked, payment=fresh, by=by, at=at))


@transaction.atomic
def match_receipt(
    row: BankRow, instruction: Instruction, *, by: User, at: datetime.datetime
) -> Match:
    """`row` is the money of this instruction. Raises NotYours, AlreadyMatched."""
    return _matched(Match(row=_matchable(row, by, at), instruction=instruction, by=by, at=at))


def _matchable(row: BankRow, by: User, at: datetime.datetime) -> BankRow:
    """The movement under its lock."""
    rows = BankRow.objects.select_for_update(of=("self",), no_key=True).select_related("account")
    locked = rows.get(pk=row.pk)
    if not any(
        is_in(by, role, locked.account.body_id, at=at)
        for role in (Role.FINANCE_PAYER, Role.FINANCE_CHECKER)
    ):
        raise NotYours(_("A cashier or finance reviewer of this body matches movements."))
    return locked


def _matched(match: Match) -> Match:
    try:
        with transaction.atomic():
            match.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyMatched from error
    return match


@transaction.atomic
def undo_match(match: Match, *, by: User, at: datetime.datetime, because: str) -> Match:
    """It was another payment: the match is marked, nothing is deleted; what was paid stays paid.

    Raises NotYours, WrongState, RuleViolation (no reason).
    """
    locked = Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    if locked.undone_at is not None:
        raise WrongState(_("This match was undone already."))
    if not is_in(by, Role.FINANCE_CHECKER, locked.row.account.body_id, at=at):
        raise NotYours(_("A finance reviewer undoes matches."))
    if not because.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    locked.undone_by, locked.undone_at, locked.undone_because = by, at, because.strip()[:200]
    locked.save(update_fields=["undone_by", "undone_at", "undone_because"])
    return locked
