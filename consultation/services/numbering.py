"""Numbers of consultations (XS2026000017), topics (YT), objections (YY), and query codes."""

import datetime
import secrets
from typing import Any

from django.db.models import F
from django.utils.timezone import localdate

from consultation.models import NumberBook

CONSULTATION, TOPIC, OBJECTION = "XS", "YT", "YY"
# Without letters and digits that look alike on paper.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def next_number(prefix: str, *, at: datetime.datetime) -> str:
    """Taken late in a transaction: the row of the book stays locked until it ends."""
    year = localdate(at).year
    key: dict[str, Any] = {"prefix": prefix, "year": year}
    NumberBook.objects.get_or_create(**key)
    NumberBook.objects.filter(**key).update(last=F("last") + 1)
    return f"{prefix}{year}{NumberBook.objects.get(**key).last:06d}"


def new_code() -> str:
    """Eight letters and digits that only the person who asked and the house know."""
    return "".join(secrets.choice(_LETTERS) for _place in range(8))
