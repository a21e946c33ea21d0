"""Numbers of consultations (XS2026000017), topics (YT) and objections (YY)."""

import datetime

from consultation.models import NumberBook
from lib import numbering

CONSULTATION, TOPIC, OBJECTION = "XS", "YT", "YY"


def next_number(prefix: str, *, at: datetime.datetime) -> str:
    """Taken late in a transaction: the row of the book stays locked until it ends."""
    return numbering.next_number(NumberBook, prefix, at=at, prefix=prefix)
