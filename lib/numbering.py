"""Numbers of a year, one after the other without gaps, and codes by chance that people type."""

import datetime
import secrets
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.timezone import localdate

# Without letters and digits that look alike on paper.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class YearBook(models.Model):
    """Abstract: the numbers of a year; the row is locked while one is taken."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


def next_number(book: type[Any], prefix: str, /, *, at: datetime.datetime, **kind: str) -> str:
    """PX2026000017. Taken late in a transaction: the row of the book stays locked until it ends."""
    key = {"year": localdate(at).year, **kind}
    book.objects.get_or_create(**key)
    book.objects.filter(**key).update(last=F("last") + 1)
    return f"{prefix}{key['year']}{book.objects.get(**key).last:06d}"


def new_code(length: int) -> str:
    """Letters and digits that nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))
