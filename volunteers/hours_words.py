"""Minutes as people say them: 2 hours, 2 hours 30 minutes; and as certificates do: 2.5."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_hours(minutes: int) -> str:
    """150 → "2 hours 30 minutes"; -60 → "−1 hour"."""
    hours, rest = divmod(abs(minutes), 60)
    parts = []
    if hours or not rest:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return ("−" if minutes < 0 else "") + _(" ").join(parts)


def as_number(minutes: int) -> str:
    """Hours with at most two decimals: 150 → "2.5", 120 → "2"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
