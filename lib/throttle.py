"""How often somebody may try something: counted in the cache, forgotten with the window."""

from django.core.cache import cache


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
