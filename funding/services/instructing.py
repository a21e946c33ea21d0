"""Money that moves without an application: asked for by a finance clerk, done by a reviewer."""

import datetime
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import (
    BankAccount,
    Instruction,
    Kind,
    Line,
    Payment,
    Posting,
    Quota,
    SourceRule,
)
from funding.services.accounts import check_serves
from funding.services.actors import demand, is_in
from funding.services.answers import booked
from funding.services.moving import begin, finish
from funding.services.receiving import receive, transfer
from funding.services.refusals import CannotReverse, NotAPositiveAmount, NotBetweenTheseLines
from funding.services.resolving import refund
from funding.services.reversing import reverse
from funding.services.vouching import vouch
from lib.errors import NotYours, RuleViolation, WrongState
from lib.fen import yuan
from lib.roles import Role
from organizations.models import User

What = Instruction.Kind
REVERSIBLE = frozenset({Kind.RECEIVE, Kind.TRANSFER, Kind.PAY})


class MoreThanQuota(RuleViolation):
    def __init__(self, quota: Quota, *, asked: int) -> None:
        text = _("%(asked)s yuan is more than the %(left)s yuan that the budget leaves to release.")
        facts = {"asked": yuan(asked), "left": yuan(quota.unreleased)}
        super().__init__(text % facts, code="more_than_quota")


class CannotCarry(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "This money cannot be carried over: the line has not ended, was carried before, or the "
            "years that its source allows are over."
        )
        super().__init__(text, code="cannot_carry")


@booked
def instruct(  # noqa: PLR0913 -- an instruction says all this
    kind: str,
    line: Line,
    *,
    amount: int,
    reason: str,
    key: str,
    by: User,
    at: datetime.datetime,
    to_line: Line | None = None,
    reverses: Posting | None = None,
    payment: Payment | None = None,
    account: BankAccount | None = None,
) -> Instruction:
    """What somebody else is to decide. The same key again answers the first one.

    Raises NotYours, NotAPositiveAmount, NotBetweenTheseLines, CannotCarry, RuleViolation.
    """
    if known := Instruction.objects.filter(key=key, asked_by=by).first():
        return known
    demand(by, Role.FINANCE_MAKER, line.body_id, at=at)
    instruction = Instruction(
        kind=kind, line=line, to_line=to_line, amount=amount, reason=reason.strip()[:200],
        reverses=reverses, payment=payment, account=account, key=key, asked_by=by, asked_at=at,
    )  # fmt: skip
    _check(instruction, at=at)
    instruction.save(force_insert=True)
    return instruction


def _check(asked: Instruction, *, at: datetime.datetime) -> None:
    if asked.amount <= 0:
        raise NotAPositiveAmount(asked.amount)
    if not asked.reason:
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    if asked.to_line is not None and (
        asked.to_line.pk == asked.line.pk or asked.to_line.source_id != asked.line.source_id
    ):
        raise NotBetweenTheseLines
    if asked.account is not None:
        check_serves(asked.account, asked.line.body)
    if asked.kind == What.RECEIVE and Quota.objects.filter(line=asked.line).exists():
        raise RuleViolation(
            _("This line follows a budget: release a quota instead."), code="has_quota"
        )
    if asked.kind == What.CARRY and not may_carry(asked.line, at=at):
        raise CannotCarry
    if asked.reverses is not None and asked.reverses.kind not in REVERSIBLE:
        raise RuleViolation(
            _("Only receipts, adjustments and payments are reversed here."), code="not_reversible"
        )


def may_carry(line: Line, *, at: datetime.datetime) -> bool:
    """The line has ended, and its source lets money wait one year more (预算法 art. 42)."""
    today = localdate(at)
    if line.valid_to is None or line.valid_to > today:
        return False
    rule = SourceRule.objects.filter(source=line.source_id).valid_on(today).first()
    return rule is not None and _times_carried(line) < rule.carry_years


def _times_carried(line: Line) -> int:
    """Through how many year's ends some of its money has come."""
    times, reached = 0, {line.pk}
    while reached:
        rows = Instruction.objects.filter(kind=What.CARRY, state="done", to_line__in=reached)
        reached = set(rows.values_list("line", flat=True))
        times += bool(reached)
    return times


@transaction.atomic
def carry_out(
    instruction: Instruction, *, by: User, at: datetime.datetime, answer: str = ""
) -> Instruction:
    """Do what was asked: the ledger moves the money, vouchers prove it.

    Raises NotYours, WrongState, MoreThanQuota, and what the movement raises.
    """
    locked = _to_decide(instruction, by=by, at=at)
    posting = _DOING[What(locked.kind)](locked, f"instruction:{locked.pk}", by, at)
    locked.posting = posting
    _decide(locked, Instruction.State.DONE, by=by, at=at, answer=answer)
    vouch(posting, summary=f"{locked.get_kind_display()} · {locked.reason}", by=by, at=at)
    return locked


@transaction.atomic
def turn_down(
    instruction: Instruction, *, by: User, at: datetime.datetime, answer: str
) -> Instruction:
    """Refuse it, with a reason. Raises NotYours, WrongState, RuleViolation."""
    locked = _to_decide(instruction, by=by, at=at)
    if not answer.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    _decide(locked, Instruction.State.REFUSED, by=by, at=at, answer=answer)
    return locked


def _to_decide(instruction: Instruction, *, by: User, at: datetime.datetime) -> Instruction:
    rows = Instruction.objects.select_for_update(of=("self",))
    locked = rows.select_related("line", "to_line", "payment", "reverses").get(pk=instruction.pk)
    if locked.state != Instruction.State.WAITING:
        raise WrongState(_("This instruction has been decided already."))
    if locked.asked_by_id == by.pk:
        raise NotYours(_("Nobody decides on what he asked for himself."))
    if not is_in(by, Role.FINANCE_CHECKER, locked.line.body_id, at=at):
        raise NotYours(_("A finance reviewer of this body decides that."))
    return locked


def _decide(
    instruction: Instruction,
    state: Instruction.State,
    *,
    by: User,
    at: datetime.datetime,
    answer: str,
) -> None:
    instruction.state, instruction.decided_by, instruction.decided_at = state, by, at
    instruction.answer = answer.strip()[:200]
    instruction.save(update_fields=["state", "decided_by", "decided_at", "answer", "posting"])


def _receive(asked: Instruction, key: str, by: User, at: datetime.datetime) -> Posting:
    return receive(asked.line, amount=asked.amount, key=key, by=by, at=at, note=asked.reason)


def _release_quota(asked: Instruction, key: str, by: User, at: datetime.datetime) -> Posting:
    left = Quota.objects.filter(line=asked.line, approved__gte=F("released") + asked.amount)
    if not left.update(released=F("released") + asked.amount):
        quota = Quota.objects.filter(line=asked.line).first() or Quota(line=asked.line)
        raise MoreThanQuota(quota, asked=asked.amount)
    return _receive(asked, key, by, at)


def _transfer(asked: Instruction, key: str, by: User, at: datetime.datetime) -> Posting:
    if asked.to_line is None:
        raise NotBetweenTheseLines
    return transfer(
        asked.line, asked.to_line, amount=asked.amount, key=key, by=by, at=at, note=asked.reason
    )


def _refund(asked: Instruction, key: str, by: User, at: datetime.datetime) -> Posting:
    """Money comes back for a payment, at most what it was."""
    payment = asked.payment
    if payment is None:
        raise LookupError(asked.pk)
    application = begin(payment.application, "refund", by=by, at=at, reason=asked.reason)
    before = payment.refunds.filter(state="done").aggregate(sum=Sum("amount"))["sum"] or 0
    if asked.amount > payment.amount - before or application.hold is None:
        raise RuleViolation(_("More would come back than was paid."), code="more_than_paid")
    refund(application.hold, amount=asked.amount, key=key, by=by, at=at)
    facts = {"amount": asked.amount, "posting": key}
    finish(application, "refund", by=by, at=at, note=asked.reason, facts=facts)
    return Posting.objects.get(key=key)


def _reverse(asked: Instruction, key: str, by: User, at: datetime.datetime) -> Posting:
    """Turn a posting round; what was paid by it waits for payment again."""
    turned = asked.reverses
    if turned is None:
        raise LookupError(asked.pk)
    payment = Payment.objects.filter(posting=turned).first()
    if payment is not None:
        _take_back(payment, asked, turned, by=by, at=at)
    released = Instruction.objects.filter(posting=turned, kind=What.QUOTA).first()
    if released is not None:
        Quota.objects.filter(line=released.line).update(released=F("released") - released.amount)
    return reverse(turned, key=key, by=by, at=at, reason=asked.reason)


def _take_back(
    payment: Payment, asked: Instruction, turned: Posting, *, by: User, at: datetime.datetime
) -> None:
    application = begin(payment.application, "unpay", by=by, at=at, reason=asked.reason)
    if payment.state != Payment.State.PAID:
        raise CannotReverse(turned)
    if payment.matches.standing().exists():
        raise RuleViolation(
            _("The bank confirms this payment: undo the match first."), code="matched"
        )
    if payment.refunds.filter(state="done").exists():
        raise RuleViolation(_("Money of this payment was refunded."), code="refunded")
    payment.state = Payment.State.REVERSED
    payment.save(update_fields=["state"])
    facts = {"amount": payment.amount, "instruction": asked.pk}
    paid = application.paid - payment.amount
    finish(application, "unpay", by=by, at=at, note=asked.reason, facts=facts, paid=paid)


_DOING: dict[What, Callable[[Instruction, str, User, datetime.datetime], Posting]] = {
    What.QUOTA: _release_quota,
    What.RECEIVE: _receive,
    What.TRANSFER: _transfer,
    What.CARRY: _transfer,
    What.REFUND: _refund,
    What.REVERSE: _reverse,
}
