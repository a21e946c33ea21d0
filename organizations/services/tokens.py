"""Tokens of programs: shown once, kept as a digest, revoked at any time."""

import datetime
import secrets

from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from organizations.models import AccessToken, User
from organizations.models.tokens import digest_of

PREFIX = "gz_"
PER_PERSON = 20


def make_token(
    person: User,
    *,
    name: str,
    at: datetime.datetime,
    expires_at: datetime.datetime | None = None,
) -> tuple[AccessToken, str]:
    """The token's row and the token itself, which nobody can read again."""
    if AccessToken.objects.filter(person=person).usable_at(at).count() >= PER_PERSON:
        raise RuleViolation(_("Revoke a token that you no longer need first."), code="too_many")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        person=person, name=name, digest=digest_of(secret), created_at=at, expires_at=expires_at
    )
    return token, secret


def revoke_token(token: AccessToken, *, at: datetime.datetime) -> None:
    """It opens nothing from now on. Revoking twice changes nothing."""
    AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def note_use(token: AccessToken, *, at: datetime.datetime) -> None:
    """Remember when it was last used: at most one write a minute, however busy a program is."""
    stale = at - datetime.timedelta(minutes=1)
    if token.last_used_at is None or token.last_used_at < stale:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=at)
