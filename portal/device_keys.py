"""Keys with which a device seals what waits on it: derived for an account, handed over only to it.

A key follows from the installation's secret and the account, so the same person gets the same key
again after signing in again, on any device, and nobody else does. While an old secret is still
named in SECRET_KEY_FALLBACKS, what was sealed under it opens as well.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

from organizations.models import User

_PURPOSE = b"gongzhi.field.queue.1\0"


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """`secret` are 256 bits in base64; `id` names the key and says nothing of it."""

    id: str
    secret: str


def keys_of(user: User) -> list[DeviceKey]:
    """The key to seal with, then those that old things may still need."""
    return [
        _derived(secret, user) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def tag_of(user: User | None) -> str:
    """What pages say of who has signed in; empty for nobody."""
    return _derived(settings.SECRET_KEY, user).id if user is not None else ""


def _derived(secret: str, user: User) -> DeviceKey:
    raw = hmac.digest(secret.encode(), _PURPOSE + str(user.pk).encode(), hashlib.sha256)
    name = hashlib.sha256(_PURPOSE + raw).hexdigest()[:16]
    return DeviceKey(name, base64.b64encode(raw).decode())
