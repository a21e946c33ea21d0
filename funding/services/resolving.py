"""What becomes of a hold: settled by the actual cost, released, expired; what is owed is paid."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from funding.ledger import Act, Books, Facts, Movement
from funding.models import Bucket, Hold, Kind
from funding.services.answers import answered, booked
from funding.services.refusals import (
    MoreThanOpen,
    MoreThanPaid,
    MoreThanPayable,
    NotAPositiveAmount,
    NothingOpen,
)
from lib.errors import RuleViolation
from organizations.models import User

EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """What to do with a hold, under the caller's key; releases ask for no `amount`.

    `at`: when it happened, where that is not the moment of the whole batch (history brought in).
    """

    hold: Hold
    key: str
    amount: int = 0
    at: datetime.datetime | None = None


def settle(hold: Hold, *, actual: int, key: str, by: User, at: datetime.datetime) -> Hold:
    """`actual` fen become payable, the rest of what is open goes back; 0 gives all back.

    Raises MoreThanOpen (ask for a top-up), NothingOpen, NotAPositiveAmount, KeyReused.
    """
    return _only(_resolve(Kind.SETTLE, [HoldRequest(hold, key, actual)], Act(by, at)))


def settle_many(
    requests: Sequence[HoldRequest], *, by: User, at: datetime.datetime
) -> list[Hold | None]:
    """As `settle` for each, `amount` being the actual cost; None where the rules refuse."""
    return _or_none(_resolve(Kind.SETTLE, requests, Act(by, at)))


def settle_part(hold: Hold, *, actual: int, key: str, by: User, at: datetime.datetime) -> Hold:
    """`actual` fen become payable, the rest stays reserved for the next bill. Raises as settle."""
    return _only(_resolve(Kind.SETTLE_PART, [HoldRequest(hold, key, actual)], Act(by, at)))


def release(hold: Hold, *, key: str, by: User, at: datetime.datetime) -> Hold:
    """All that is open goes back to the line. Raises NothingOpen, KeyReused."""
    return _only(_resolve(Kind.RELEASE, [HoldRequest(hold, key)], Act(by, at)))


def release_many(
    requests: Sequence[HoldRequest], *, by: User, at: datetime.datetime
) -> list[Hold | None]:
    """As `release` for each; None where nothing was open."""
    return _or_none(_resolve(Kind.RELEASE, requests, Act(by, at)))


def pay(hold: Hold, *, amount: int, key: str, by: User, at: datetime.datetime) -> Hold:
    """`amount` fen of what is owed are spent.

    Raises MoreThanPayable, NotAPositiveAmount, KeyReused.
    """
    return _only(_resolve(Kind.PAY, [HoldRequest(hold, key, amount)], Act(by, at)))


def pay_many(
    requests: Sequence[HoldRequest], *, by: User, at: datetime.datetime
) -> list[Hold | None]:
    """As `pay` for each; None where the rules refuse."""
    return _or_none(_resolve(Kind.PAY, requests, Act(by, at)))


def drop(hold: Hold, *, amount: int, key: str, by: User, at: datetime.datetime) -> Hold:
    """`amount` fen of what is owed are not owed after all, and free again. Raises as pay."""
    return _only(_resolve(Kind.DROP, [HoldRequest(hold, key, amount)], Act(by, at)))


def refund(hold: Hold, *, amount: int, key: str, by: User, at: datetime.datetime) -> Hold:
    """`amount` fen that were spent have come back, and are free again.

    Raises MoreThanPaid, NotAPositiveAmount, KeyReused.
    """
    return _only(_resolve(Kind.REFUND, [HoldRequest(hold, key, amount)], Act(by, at)))


def expire_holds(*, at: datetime.datetime) -> int:
    """Release what is open of holds whose time is over; how many. Safe to run twice."""
    due = list(Hold.objects.expired(at=at).order_by("pk")[:EXPIRED_AT_ONCE])
    # `amount` grows with a top-up, so a hold that is filled again may expire again.
    requests = [HoldRequest(hold, f"expire:{hold.pk}:{hold.amount}") for hold in due]
    answers = _resolve(Kind.EXPIRE, requests, Act(User.objects.system(), at))
    return sum(isinstance(answer, Hold) for answer in answers)


@booked
def _resolve(kind: Kind, requests: Sequence[HoldRequest], act: Act) -> list[Hold | RuleViolation]:
    """The answer to each request, in their order, in a handful of queries for any number."""
    books = Books.open({r.hold.line_id for r in requests}, keys={r.key for r in requests})
    # Read under the locks of their lines: the callers' copies may be stale.
    holds = Hold.objects.in_bulk({request.hold.pk for request in requests})
    answers = [_decide(kind, r, holds[r.hold.pk], books, act) for r in requests]
    books.write()
    return answers


def _decide(
    kind: Kind, request: HoldRequest, hold: Hold, books: Books, act: Act
) -> Hold | RuleViolation:
    payload = _payload(kind, request)
    if found := answered(books, kind, key=request.key, payload=payload):
        return hold if found.hold.pk == hold.pk else found.hold
    decision = _MOVEMENTS[kind](hold, request.amount)
    if isinstance(decision, RuleViolation):
        return decision
    act = act.moved_to(request.at)
    posting = act.posting(kind, key=request.key, payload=payload, about=hold)
    books.move(posting, *decision)
    return hold


def _payload(kind: Kind, request: HoldRequest) -> Facts:
    if kind in {Kind.RELEASE, Kind.EXPIRE}:
        return {"hold": request.hold.pk}
    return {"hold": request.hold.pk, "amount": request.amount}


Decision = list[Movement] | RuleViolation


def _settling(hold: Hold, actual: int) -> Decision:
    owed = _owing(hold, actual) if actual else []
    if isinstance(owed, RuleViolation):
        return owed
    rest = hold.open - actual
    back = Movement(hold.line_id, Bucket.RESERVED, Bucket.AVAILABLE, rest, hold)
    return [*owed, back] if rest else (owed or NothingOpen(hold))


def _owing(hold: Hold, actual: int) -> Decision:
    if actual <= 0:
        return NotAPositiveAmount(actual)
    if hold.open == 0:
        return NothingOpen(hold)
    if actual > hold.open:
        return MoreThanOpen(hold, asked=actual)
    return [Movement(hold.line_id, Bucket.RESERVED, Bucket.PAYABLE, actual, hold)]


def _releasing(hold: Hold, _amount: int) -> Decision:
    if hold.open == 0:
        return NothingOpen(hold)
    return [Movement(hold.line_id, Bucket.RESERVED, Bucket.AVAILABLE, hold.open, hold)]


def _paying(hold: Hold, amount: int) -> Decision:
    if amount <= 0:
        return NotAPositiveAmount(amount)
    if amount > hold.payable:
        return MoreThanPayable(hold, asked=amount)
    return [Movement(hold.line_id, Bucket.PAYABLE, Bucket.SPENT, amount, hold)]


def _dropping(hold: Hold, amount: int) -> Decision:
    if amount <= 0:
        return NotAPositiveAmount(amount)
    if amount > hold.payable:
        return MoreThanPayable(hold, asked=amount)
    return _backwards(hold, amount, Bucket.PAYABLE, Bucket.RESERVED, Bucket.AVAILABLE)


def _refunding(hold: Hold, amount: int) -> Decision:
    if amount <= 0:
        return NotAPositiveAmount(amount)
    if amount > hold.paid:
        return MoreThanPaid(hold, asked=amount)
    return _backwards(hold, amount, Bucket.SPENT, Bucket.PAYABLE, Bucket.RESERVED, Bucket.AVAILABLE)


def _backwards(hold: Hold, amount: int, *buckets: Bucket) -> list[Movement]:
    return [Movement(hold.line_id, near, far, amount, hold) for near, far in pairwise(buckets)]


_MOVEMENTS: dict[Kind, Callable[[Hold, int], Decision]] = {
    Kind.SETTLE: _settling,
    Kind.SETTLE_PART: _owing,
    Kind.RELEASE: _releasing,
    Kind.EXPIRE: _releasing,
    Kind.PAY: _paying,
    Kind.DROP: _dropping,
    Kind.REFUND: _refunding,
}


def _only(answers: list[Hold | RuleViolation]) -> Hold:
    [answer] = answers
    if isinstance(answer, RuleViolation):
        raise answer
    return answer


def _or_none(answers: list[Hold | RuleViolation]) -> list[Hold | None]:
    return [None if isinstance(answer, RuleViolation) else answer for answer in answers]
