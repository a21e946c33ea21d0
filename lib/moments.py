"""Moments and spans in everyday words, in the city's time zone and the reader's language."""

import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


def midnight(day: datetime.date) -> datetime.datetime:
    """The first instant of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def full(moment: datetime.datetime) -> str:
    """2026-11-23 14:20, what hovering and screen readers get."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def words(moment: datetime.datetime, *, at: datetime.datetime) -> str:
    """ "today 14:20", "3 days ago", "4 Nov", as seen at `at`."""
    local, here = timezone.localtime(moment), timezone.localtime(at)
    clock = local.strftime("%H:%M")
    days = (local.date() - here.date()).days
    near = {
        0: _("today %(time)s"),
        -1: _("yesterday %(time)s"),
        1: _("tomorrow %(time)s"),
    }
    if days in near:
        return near[days] % {"time": clock}
    if -7 < days < 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}
    if local.year == here.year:
        return formats.date_format(local, pgettext("date format", "F j"))
    return formats.date_format(local, "DATE_FORMAT")


def span(length: datetime.timedelta) -> str:
    """ "2 days", "5 hours", "40 minutes": the largest unit that fits, rounded down."""
    length = abs(length)
    if length >= DAY:
        days = length // DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if length >= HOUR:
        hours = length // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = max(1, length // MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def left(due: datetime.datetime, *, at: datetime.datetime) -> str:
    """ "2 days left" or "3 hours late"."""
    length = span(due - at)
    if due >= at:
        return _("%(span)s left") % {"span": length}
    return _("%(span)s late") % {"span": length}


def share_gone(start: datetime.datetime, due: datetime.datetime, *, at: datetime.datetime) -> int:
    """How much of the time between `start` and `due` has gone at `at`, in percent, 0 to 100."""
    if due <= start:
        return 100
    return round(min(1.0, max(0.0, (at - start) / (due - start))) * 100)
