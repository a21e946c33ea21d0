"""What a person wishes of messages, and the secret address of their calendar of deadlines."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from organizations.models import FeedAddress, Preference, User
from organizations.models.tokens import digest_of


def set_wishes(person: User, values: Mapping[str, Any]) -> Preference:
    """Columns of `Preference`; what is not given stays."""
    wishes, _is_new = Preference.objects.update_or_create(person=person, defaults=dict(values))
    return wishes


def make_feed_address(person: User, *, at: datetime.datetime) -> str:
    """A new secret for the person's calendar; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    values = {"digest": digest_of(secret), "made_at": at}
    FeedAddress.objects.update_or_create(person=person, defaults=values)
    return secret


def revoke_feed_address(person: User) -> None:
    FeedAddress.objects.filter(person=person).delete()


def owner_of_feed(secret: str) -> User | None:
    """Whose calendar this is; None for a secret that nobody has and for closed accounts."""
    address = (
        FeedAddress.objects.filter(digest=digest_of(secret), person__is_active=True)
        .select_related("person")
        .first()
    )
    return address.person if address else None
