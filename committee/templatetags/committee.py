"""Words of histories of meetings and directives."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

WORDS: dict[str, Any] = {
    "plan": _("planned the meeting"),
    "edit": _("changed the plan"),
    "arrange": _("arranged the agenda"),
    "invite": _("invited somebody"),
    "call": _("called the meeting"),
    "cancel": _("cancelled the meeting"),
    "check_in": _("noted somebody as present"),
    "excuse": _("noted an excuse"),
    "recuse": _("noted who stands aside"),
    "open": _("opened the meeting"),
    "decide": _("dealt with a point"),
    "instruct": _("gave a task"),
    "write": _("wrote the minutes"),
    "close": _("closed the meeting"),
    "publish": _("published a decision"),
    "issue": _("gave the task out"),
    "accept": _("accepted the task"),
    "progress": _("entered progress"),
    "report": _("reported back"),
    "send_back": _("sent the report back"),
    "extend": _("gave more time"),
    "drop": _("dropped the task"),
    "warn": _("told of the overrun"),
}
CONFIRMED = {True: _("confirmed it as done"), False: _("confirmed the minutes")}


@register.filter
def move_words(event: Any) -> Any:
    """What somebody did, as a sentence without its subject."""
    if event.move == "confirm":
        return CONFIRMED[event.to_state == "done"]
    return WORDS[event.move]
