"""Identifiers of people and organisations, checked by the rules of their standards."""

import datetime
import re

_MOBILE = re.compile(r"1[3-9]\d{9}")
_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT = re.compile(rf"[{_CREDIT_ALPHABET}]{{2}}\d{{6}}[{_CREDIT_ALPHABET}]{{10}}")


def is_mobile(text: str) -> bool:
    """A mobile number of mainland China: eleven digits, 13… to 19…."""
    return _MOBILE.fullmatch(text) is not None


def resident_check(first17: str) -> str:
    """Check character of a resident identity number (GB 11643-1999, ISO 7064 mod 11-2)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first17, _RESIDENT_WEIGHTS, strict=True)
    )
    return _RESIDENT_CHECKS[total % 11]


def is_resident_id(text: str, *, on: datetime.date) -> bool:
    """A resident identity number (GB 11643-1999) of somebody born by the day `on`."""
    text = text.upper()
    if _RESIDENT.fullmatch(text) is None or resident_check(text[:17]) != text[17]:
        return False
    try:
        born = datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return born <= on


def credit_check(first17: str) -> str:
    """Check character of a unified social credit code (GB 32100-2015, mod 31)."""
    total = sum(
        _CREDIT_ALPHABET.index(letter) * weight
        for letter, weight in zip(first17, _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """A unified social credit code (GB 32100-2015); its first two characters may be letters."""
    text = text.upper()
    return _CREDIT.fullmatch(text) is not None and credit_check(text[:17]) == text[17]
