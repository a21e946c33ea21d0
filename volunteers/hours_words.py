"""Minutes as people say them: 2 hours, 2 hours 30 minutes; and as certificates do: 2.5."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_hours(minutes: int) -> str:
    """150 → "2 hours 30 minutes"; -60 → "−1 hour"."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else ""
    whole = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    part = ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if not rest:
        return sign + whole
    both = _("%(hours)s %(minutes)s") % {"hours": whole, "minutes": part}
    return sign + (both if hours else part)


def as_number(minutes: int) -> str:
    """Hours with at most two decimals: 150 → "2.5", 120 → "2"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
