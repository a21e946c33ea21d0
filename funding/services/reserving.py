"""Keep money for a piece of work: one request or a batch, the same few statements."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.timezone import localdate

from funding.ledger import Act, Books, Facts, Movement
from funding.models import Bucket, Hold, Kind, Line, LinePurpose, Purpose
from funding.services.answers import answered, booked
from funding.services.refusals import (
    LedgerIsFrozen,
    LineNotValid,
    NotAPositiveAmount,
    NotDecided,
    NotEnoughMoney,
    PurposeNotAllowed,
)
from lib.errors import RuleViolation
from organizations.models import User


@dataclass(frozen=True, slots=True)
class ReserveRequest:
    """`amount` fen of a line for a purpose and a subject (kind, key), under the caller's key.

    `at`: when it happened, where that is not the moment of the whole batch (history brought in).
    """

    line_id: int
    purpose_id: int
    amount: int
    subject: tuple[str, str]
    key: str
    expires_at: datetime.datetime | None = None
    at: datetime.datetime | None = None

    @property
    def payload(self) -> Facts:
        asked = {"purpose": self.purpose_id, "subject": list(self.subject), "amount": self.amount}
        return {"line": self.line_id, **asked}

    def hold(self, *, made_at: datetime.datetime) -> Hold:
        """The hold that answers this request, before its money is in it."""
        kind, key = self.subject
        return Hold(
            line_id=self.line_id,
            purpose_id=self.purpose_id,
            subject_kind=kind,
            subject_key=key,
            made_at=made_at,
            expires_at=self.expires_at,
        )


def reserve(  # noqa: PLR0913 -- a reservation says all this
    line: Line,
    *,
    amount: int,
    purpose: Purpose,
    subject: tuple[str, str],
    key: str,
    by: User,
    at: datetime.datetime,
    expires_at: datetime.datetime | None = None,
) -> Hold:
    """Keep `amount` fen of `line` for `subject` (kind, key).

    Raises NotEnoughMoney, PurposeNotAllowed, LineNotValid, LedgerIsFrozen, NotAPositiveAmount,
    KeyReused.
    """
    request = ReserveRequest(line.pk, purpose.pk, amount, subject, key, expires_at)
    [answer] = _reserve_all([request], Act(by, at))
    if isinstance(answer, RuleViolation):
        raise answer
    return answer


def reserve_many(
    requests: Sequence[ReserveRequest], *, by: User, at: datetime.datetime
) -> list[Hold | None]:
    """The holds of `requests`, in their order; None where the rules refuse one. Raises KeyReused.

    First come, first served: what does not fit is refused, and what comes after it may still fit.
    """
    answers = _reserve_all(requests, Act(by, at))
    return [None if isinstance(answer, RuleViolation) else answer for answer in answers]


@booked
def top_up(hold: Hold, *, amount: int, key: str, by: User, at: datetime.datetime) -> Hold:
    """Keep `amount` fen more of the same line under the same hold. Raises as `reserve` does."""
    payload = {"hold": hold.pk, "amount": amount}
    books = Books.open([hold.line_id], keys=[key])
    if found := answered(books, Kind.TOP_UP, key=key, payload=payload):
        return found.hold
    fresh = Hold.objects.get(pk=hold.pk)
    line = books.lines[fresh.line_id]
    if refusal := _Judge.of(books, at=at).refusal(line, fresh.purpose_id, amount):
        raise refusal
    posting = Act(by, at).posting(Kind.TOP_UP, key=key, payload=payload, about=fresh)
    books.move(posting, Movement(line.pk, Bucket.AVAILABLE, Bucket.RESERVED, amount, fresh))
    books.write()
    return fresh


@booked
def _reserve_all(requests: Sequence[ReserveRequest], act: Act) -> list[Hold | RuleViolation]:
    books = Books.open({r.line_id for r in requests}, keys={r.key for r in requests})
    judge = _Judge.of(books, at=act.at)
    answers = [_take(request, books, judge, act) for request in requests]
    books.write()
    return answers


def _take(request: ReserveRequest, books: Books, judge: "_Judge", act: Act) -> Hold | RuleViolation:
    """Move the money in the open books, or say why not; nothing is written yet."""
    if found := answered(books, Kind.RESERVE, key=request.key, payload=request.payload):
        return found.hold
    line = books.lines[request.line_id]
    if refusal := judge.refusal(line, request.purpose_id, request.amount):
        return refusal
    act = act.moved_to(request.at)
    hold = request.hold(made_at=act.at)
    posting = act.posting(Kind.RESERVE, key=request.key, payload=request.payload, about=hold)
    books.move(posting, Movement(line.pk, Bucket.AVAILABLE, Bucket.RESERVED, request.amount, hold))
    return hold


@dataclass(frozen=True, slots=True)
class _Judge:
    """Whether money may be kept: the purposes that the lines allow, the day, the freeze."""

    allowed: frozenset[tuple[int, int]]
    on: datetime.date
    frozen: bool
    decided: dict[int, int | None]

    @classmethod
    def of(cls, books: Books, *, at: datetime.datetime) -> "_Judge":
        pairs = LinePurpose.objects.filter(line__in=books.lines).values_list("line", "purpose")
        return cls(frozenset(pairs), localdate(at), books.frozen, books.decided)

    def refusal(self, line: Line, purpose_id: int, amount: int) -> RuleViolation | None:
        if amount <= 0:
            return NotAPositiveAmount(amount)
        if self.frozen:
            return LedgerIsFrozen()
        if (line.pk, purpose_id) not in self.allowed:
            return PurposeNotAllowed(line)
        if not line.is_valid_on(self.on):
            return LineNotValid(line, on=self.on)
        if line.available < amount:
            return NotEnoughMoney(line, asked=amount)
        return self._undecided(line, amount)

    def _undecided(self, line: Line, amount: int) -> RuleViolation | None:
        decided = self.decided[line.pk]
        used = line.reserved + line.payable + line.spent
        if decided is None or used + amount <= decided:
            return None
        return NotDecided(line, decided=decided, used=used)
