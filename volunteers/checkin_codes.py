"""The code that a leader shows at a shift: it changes every so many seconds, and names its moment.

Eleven letters and digits without what is misread: four say when, seven are a keyed digest of shift
and moment. So a code that was read without a connection may be sent later and still tells when it
was shown, whatever the telephone's own clock says.
"""

import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from volunteers.models import Shift

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WHEN, _PROOF = 4, 7
# Codes begin to exist so long before the shift.
_LEAD = datetime.timedelta(hours=12)


def code_at(shift: Shift, at: datetime.datetime, *, seconds: int) -> str:
    """What is shown at that moment."""
    window = int((at - _beginning(shift)).total_seconds()) // seconds
    return _code(shift, max(0, window), seconds)


def moment_of(shift: Shift, code: str, *, seconds: int) -> datetime.datetime | None:
    """When this code was shown first; None where it is none of this shift."""
    cleaned = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1")
    cleaned = cleaned.replace("L", "1")
    if len(cleaned) != _WHEN + _PROOF or not set(cleaned) <= set(LETTERS):
        return None
    window = _number(cleaned[:_WHEN])
    if not constant_time_compare(cleaned, _code(shift, window, seconds)):
        return None
    return _beginning(shift) + datetime.timedelta(seconds=window * seconds)


def spelled(code: str) -> str:
    """In groups, as people read it: 0A3F-7KQ2-M9D."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _beginning(shift: Shift) -> datetime.datetime:
    return shift.starts_at - _LEAD


def _code(shift: Shift, window: int, seconds: int) -> str:
    proof = salted_hmac("volunteers.checkin", f"{shift.pk}:{window}:{seconds}", algorithm="sha256")
    return _letters(window, _WHEN) + _letters(int(proof.hexdigest()[:12], 16), _PROOF)


def _letters(number: int, length: int) -> str:
    places = (number >> (5 * place) & 31 for place in reversed(range(length)))
    return "".join(LETTERS[place] for place in places)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 32 + LETTERS.index(letter)
    return number
