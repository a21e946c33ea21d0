"""How often one address may try something: counted in the cache, forgotten with the window."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy, what the proxy named in the configured header."""
    header = settings.CLIENT_ADDRESS_HEADER
    named = request.META.get(header, "").split(",")[-1].strip() if header else ""
    return named or request.META.get("REMOTE_ADDR", "")


def count(action: str, who: str, *, seconds: int) -> int:
    """Count one try; how many there were in this window, this one included."""
    key = f"throttle:{action}:{who}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, timeout=seconds)
        return 1


def tries(action: str, who: str) -> int:
    found = cache.get(f"throttle:{action}:{who}", 0)
    return int(found)
