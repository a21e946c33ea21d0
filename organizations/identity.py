"""How well a person is known: asked by opinions, votes and offers of help before they let in."""

import datetime
import hmac
import re

from django.conf import settings
from django.utils import timezone

from organizations.models import Level, User, Verification

__all__ = ["Level", "keyed", "level_of", "number_of", "phone_key"]

_CHINA = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")


def level_of(user: object, *, at: datetime.datetime | None = None) -> Level:
    """NONE for anybody who has not signed in; who works here is known by name, no more.

    One query for a resident with a name, none for others. Without `at`: now.
    """
    if not isinstance(user, User) or not user.is_active:
        return Level.NONE
    if not user.is_resident:
        return Level.REGISTERED
    if Verification.objects.filter(person=user).valid_at(at or timezone.now()).exists():
        return Level.VERIFIED
    return Level.REGISTERED if user.full_name else Level.PHONE


def number_of(text: str) -> str:
    """A mobile number as it is kept: eleven digits, without +86, blanks and signs."""
    return _CHINA.sub("", re.sub(r"[\s()（）-]", "", text))


def phone_key(phone: str) -> str:
    return keyed("phone", number_of(phone))


def keyed(purpose: str, text: str) -> str:
    """HMAC-SHA256 (hexadecimal): found again by who has the text, read by nobody."""
    secret = f"organizations.{purpose}:{settings.SECRET_KEY}".encode()
    return hmac.new(secret, text.encode(), "sha256").hexdigest()
