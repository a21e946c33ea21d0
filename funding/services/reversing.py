"""A mistake is not erased but reversed: a new posting moves the same amounts back."""

import datetime

from funding.ledger import Act, Books, Movement
from funding.models import Bucket, Entry, Hold, Kind, Posting
from funding.services.answers import answered, booked, tell_of_new_money
from funding.services.refusals import CannotReverse
from organizations.models import User


@booked
def reverse(posting: Posting, *, key: str, by: User, at: datetime.datetime, reason: str) -> Posting:
    """Every movement of `posting` the other way round, once. Raises CannotReverse, KeyReused."""
    payload = {"posting": posting.pk}
    entries = list(posting.entries.order_by("-position"))
    books = Books.open({entry.line_id for entry in entries}, keys=[key])
    if found := answered(books, Kind.REVERSE, key=key, payload=payload):
        return found.posting
    holds = Hold.objects.in_bulk({entry.hold_id for entry in entries if entry.hold_id})
    movements = [_turned(entry, holds) for entry in entries]
    back = Act(by, at).posting(
        Kind.REVERSE, key=key, payload=payload, note=reason, about=movements[0].hold
    )
    back.reverses = posting
    books.move(back, *movements)
    if posting.kind == Kind.REVERSE or _was_reversed(posting) or not _is_covered(books, holds):
        raise CannotReverse(posting)
    books.write()
    tell_of_new_money()
    return back


def _turned(entry: Entry, holds: dict[int, Hold]) -> Movement:
    return Movement(
        entry.line_id,
        Bucket(entry.target_bucket),
        Bucket(entry.source_bucket),
        entry.amount,
        holds[entry.hold_id] if entry.hold_id else None,
    )


def _was_reversed(posting: Posting) -> bool:
    return Posting.objects.filter(reverses=posting).exists()


def _is_covered(books: Books, holds: dict[int, Hold]) -> bool:
    """No bucket would fall below zero."""
    lines = books.lines.values()
    return all(
        amount >= 0
        for line in lines
        for amount in (line.available, line.reserved, line.payable, line.spent)
    ) and all(part >= 0 for hold in holds.values() for part in (hold.open, hold.payable, hold.paid))
