"""Times, demands and moves of voluntary service in words."""

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from volunteers.forms.people import WEEKDAYS
from volunteers.models import Prerequisite
from volunteers.models.people import Language

register = template.Library()
_DAYS = dict(WEEKDAYS)


@register.filter
def span(row: Any) -> str:
    """From – to of a shift or a call: "2026-11-26 Thu 10:00–12:00"."""
    begins, ends = localtime(row.starts_at), localtime(row.ends_at)
    day = f"{begins:%Y-%m-%d} {date_format(begins, 'D')}"
    last = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%Y-%m-%d %H:%M}"
    return f"{day} {begins:%H:%M}–{last}"


@register.filter
def asked(row: Prerequisite) -> str:
    """A prerequisite: the skill, the course or insurance, and how strictly it is meant."""
    thing = str(row.skill or row.course or _("Insurance"))
    if not row.is_required:
        return _("%(thing)s (wished)") % {"thing": thing}
    return _("%(thing)s (with proof)") % {"thing": thing} if row.needs_proof else thing


@register.filter
def rule_words(rule: Any) -> str:
    """A rule of shifts: its weekdays, hours and days."""
    days = ", ".join(str(_DAYS[day]) for day in sorted(rule.weekdays))
    every = (
        _("every %(count)s weeks") % {"count": rule.every_weeks}
        if rule.every_weeks > 1
        else _("every week")
    )
    until = f"–{rule.last_day:%Y-%m-%d}" if rule.last_day else "–"
    hours = f"{rule.starts:%H:%M}–{rule.ends:%H:%M}"
    return f"{days} · {hours} · {every} · {rule.first_day:%Y-%m-%d}{until}"


@register.filter
def weekly(row: Any) -> str:
    """A time that a volunteer has: "Monday 8:00–12:00"."""
    return f"{_DAYS[row.weekday]} {row.starts:%H:%M}–{row.ends:%H:%M}"


@register.filter
def spoken(volunteer: Any) -> str:
    known = dict(Language.choices)
    return ", ".join(str(known[code]) for code in volunteer.languages if code in known)


_MOVES: dict[str, str | Promise] = {
    "register": gettext_lazy("Registered"),
    "edit": gettext_lazy("Changed"),
    "resubmit": gettext_lazy("Sent again"),
    "confirm": gettext_lazy("Confirmed"),
    "return": pgettext_lazy("volunteers", "Returned"),
    "refuse": pgettext_lazy("volunteers", "Refused"),
    "suspend": pgettext_lazy("volunteers", "Suspended"),
    "resume": gettext_lazy("Resumed"),
    "leave": pgettext_lazy("volunteers", "Left"),
    "rejoin": gettext_lazy("Registered again"),
    "erase": gettext_lazy("Erased"),
    "end": gettext_lazy("Ended"),
    "draft": gettext_lazy("Drafted"),
    "submit": gettext_lazy("Handed in for review"),
    "take_back": gettext_lazy("Taken back"),
    "publish": pgettext_lazy("volunteers", "Published"),
    "amend": gettext_lazy("Changed"),
    "cancel": gettext_lazy("Cancelled"),
    "finish": gettext_lazy("Over"),
}


@register.filter
def move_words(name: str) -> str | Promise:
    """What a move of a registration, an organisation or an activity was."""
    return _MOVES[name]
