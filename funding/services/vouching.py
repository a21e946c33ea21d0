"""Vouchers: the next number of a body's book for each posting that changes its money."""

import datetime
from collections import defaultdict

from django.db.models import Max
from django.utils.timezone import localdate

from funding.models import Bucket, Payment, Posting, Voucher, VoucherBook
from organizations.models import User

# What a voucher's amount is: the movement that crosses the body's books.
_CROSSING = (
    {Bucket.OUTSIDE, Bucket.AVAILABLE},
    {Bucket.PAYABLE, Bucket.SPENT},
)


def vouch(
    posting: Posting,
    *,
    summary: str,
    by: User,
    at: datetime.datetime,
    payment: Payment | None = None,
) -> list[Voucher]:
    """A voucher in the book of each body whose money `posting` moved in or out, by their keys.

    The book's row stays locked until the transaction ends: vouch last.
    """
    amounts: dict[int, int] = defaultdict(int)
    for entry in posting.entries.select_related("line"):
        if {entry.source_bucket, entry.target_bucket} in _CROSSING:
            amounts[entry.line.body_id] += entry.amount
    year = localdate(posting.at).year
    made = []
    for body, amount in sorted(amounts.items()):
        book = _book(body, year)
        last = book.vouchers.aggregate(last=Max("number"))["last"] or 0
        voucher = Voucher(
            book=book,
            number=last + 1,
            posting=posting,
            payment=payment,
            summary=summary[:200],
            amount=amount,
            by=by,
            at=at,
        )
        voucher.save(force_insert=True)
        made.append(voucher)
    return made


def _book(body_id: int, year: int) -> VoucherBook:
    """The book, locked; begun where this is its first voucher."""
    VoucherBook.objects.bulk_create(
        [VoucherBook(body_id=body_id, year=year)], ignore_conflicts=True
    )
    return VoucherBook.objects.select_for_update().get(body=body_id, year=year)
