"""The code that an assembly point shows: it changes every minute, so that only who is there has it.

Eight letters and digits without what is misread, a keyed digest of the point and the minute.
"""

import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from emergency.models import AssemblyPoint

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECONDS = 60
# A code is read, carried over a poor connection, and still taken.
_WINDOWS = 5


def code_at(point: AssemblyPoint, at: datetime.datetime) -> str:
    return _code(point, _window(at))


def is_shown(point: AssemblyPoint, code: str, at: datetime.datetime) -> bool:
    """Whether the point showed this code within the last minutes."""
    cleaned = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1")
    now = _window(at)
    return any(constant_time_compare(cleaned, _code(point, now - back)) for back in range(_WINDOWS))


def spelled(code: str) -> str:
    """As people read it: 0A3F-7KQ2."""
    return f"{code[:4]}-{code[4:]}"


def _window(at: datetime.datetime) -> int:
    return int(at.timestamp()) // SECONDS


def _code(point: AssemblyPoint, window: int) -> str:
    proof = salted_hmac("emergency.checkin", f"{point.pk}:{window}", algorithm="sha256")
    number = int(proof.hexdigest()[:10], 16)
    return "".join(LETTERS[number >> (5 * place) & 31] for place in range(8))
