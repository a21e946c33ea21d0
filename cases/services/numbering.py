"""Numbers in blocks, and query codes that can be read out over the telephone."""

import datetime
import secrets

from django.db import transaction
from django.db.models import F

from cases.models import NumberBlock

# Without 0/O, 1/I/L, U/V, S/5, B/8, Z/2: 22 letters and digits, 8 of them are 35 bits.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 8


def take_numbers(day: datetime.date, count: int = 1) -> list[str]:
    """`count` numbers of the day, in order: YYYYMMDD and six digits (more, when a day needs more).

    The day's row stays locked until the caller's transaction ends: take them late.
    """
    block = NumberBlock.objects.filter(day=day)
    with transaction.atomic():
        if not block.update(last=F("last") + count):
            NumberBlock.objects.bulk_create([NumberBlock(day=day)], ignore_conflicts=True)
            block.update(last=F("last") + count)
        last = block.values_list("last", flat=True).get()
    return [f"{day:%Y%m%d}{number:06d}" for number in range(last - count + 1, last + 1)]


def make_query_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))
