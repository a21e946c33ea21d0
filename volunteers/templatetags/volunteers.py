"""Minutes in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from volunteers.hours_words import as_number, in_hours

register = template.Library()


@register.filter
def hours(minutes: int | None) -> str:
    """150 → "2 hours 30 minutes"."""
    return "—" if minutes is None else in_hours(minutes)


@register.filter
def in_number(minutes: int) -> str:
    """150 → "2.5", for tables whose head says that these are hours."""
    return as_number(minutes)


@register.filter
def times(count: int) -> range:
    """`{% for _ in 3|times %}`."""
    return range(count)


_STAY_MOVES = {
    "arrive": gettext_lazy("Arrived"),
    "leave": pgettext_lazy("of a stay", "Left"),
    "correct": gettext_lazy("Times corrected"),
    "confirm": gettext_lazy("Hours confirmed"),
    "refuse": gettext_lazy("Not counted"),
    "remind": gettext_lazy("Organiser reminded"),
    "escalate": gettext_lazy("Passed on: not confirmed in time"),
    "amend": gettext_lazy("Changed after an objection"),
    "revoke": gettext_lazy("Revoked"),
}


@register.filter
def stay_move(name: str) -> Promise:
    """What a move of a stay was, in words."""
    return _STAY_MOVES[name]


_WISH_MOVES = {
    "ask": pgettext_lazy("wish", "Asked"),
    "edit": gettext_lazy("Changed"),
    "resubmit": gettext_lazy("Sent again"),
    "publish": gettext_lazy("Put on the list"),
    "return": pgettext_lazy("wish", "Returned"),
    "refuse": pgettext_lazy("wish", "Refused"),
    "withdraw": gettext_lazy("Withdrawn"),
    "fill": gettext_lazy("Taken up"),
    "reopen": gettext_lazy("On the list again"),
    "grant": pgettext_lazy("wish", "Granted"),
}
_DEAL_MOVES = {
    "agree": gettext_lazy("Agree"),
    "decline": gettext_lazy("Not this time"),
    "done": gettext_lazy("It is done"),
    "call_off": gettext_lazy("Call it off"),
}


@register.filter
def wish_move(name: str) -> Promise:
    """What a move of a wish was, in words."""
    return _WISH_MOVES[name]


@register.filter
def deal_move(name: str) -> Promise:
    """The words on the button of a move of agreed help."""
    return _DEAL_MOVES[name]


@register.filter
def words(text: str) -> list[str]:
    """`{% for name in "agree decline"|words %}`."""
    return text.split()
