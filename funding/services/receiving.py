"""Money comes in, and moves between lines of one source."""

import datetime

from funding.ledger import Act, Books, Movement
from funding.models import Bucket, Kind, Line, Posting
from funding.services.answers import answered, booked, check_positive, tell_of_new_money
from funding.services.refusals import NotBetweenTheseLines, NotEnoughMoney
from organizations.models import User


@booked
def receive(
    line: Line, *, amount: int, key: str, by: User, at: datetime.datetime, note: str = ""
) -> Posting:
    """`amount` fen come in from outside. Raises NotAPositiveAmount, KeyReused."""
    check_positive(amount)
    payload = {"line": line.pk, "amount": amount}
    books = Books.open([line.pk], keys=[key])
    if found := answered(books, Kind.RECEIVE, key=key, payload=payload):
        return found.posting
    posting = Act(by, at).posting(Kind.RECEIVE, key=key, payload=payload, note=note)
    books.move(posting, Movement(line.pk, Bucket.OUTSIDE, Bucket.AVAILABLE, amount))
    books.write()
    tell_of_new_money()
    return posting


@booked
def transfer(  # noqa: PLR0913 -- two lines, and what every movement says
    source: Line,
    target: Line,
    *,
    amount: int,
    key: str,
    by: User,
    at: datetime.datetime,
    note: str = "",
) -> Posting:
    """Free money of `source` moves to `target`, a line of the same source of money.

    Raises NotAPositiveAmount, NotBetweenTheseLines, NotEnoughMoney, KeyReused.
    """
    check_positive(amount)
    if source.pk == target.pk or source.source_id != target.source_id:
        raise NotBetweenTheseLines
    payload = {"line": source.pk, "to": target.pk, "amount": amount}
    books = Books.open([source.pk, target.pk], keys=[key])
    if found := answered(books, Kind.TRANSFER, key=key, payload=payload):
        return found.posting
    if books.lines[source.pk].available < amount:
        raise NotEnoughMoney(books.lines[source.pk], asked=amount)
    posting = Act(by, at).posting(Kind.TRANSFER, key=key, payload=payload, note=note)
    books.move(
        posting,
        Movement(source.pk, Bucket.AVAILABLE, Bucket.OUTSIDE, amount),
        Movement(target.pk, Bucket.OUTSIDE, Bucket.AVAILABLE, amount),
    )
    books.write()
    tell_of_new_money()
    return posting
