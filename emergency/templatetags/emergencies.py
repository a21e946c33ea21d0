"""Moves of orders and tasks in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

register = template.Library()
_MOVES: dict[str, str | Promise] = {
    "draft": pgettext_lazy("order", "Drawn up"),
    "confirm": gettext_lazy("Confirmed, in force"),
    "withdraw": pgettext_lazy("order", "Withdrawn"),
    "press": gettext_lazy("Told upwards"),
    "extend": pgettext_lazy("order", "Extended"),
    "raise": pgettext_lazy("order", "Raised"),
    "lower": pgettext_lazy("order", "Lowered"),
    "call": gettext_lazy("People called out"),
    "report": pgettext_lazy("order", "Reported"),
    "stand_down": gettext_lazy("Stood down"),
    "review": gettext_lazy("Reviewed"),
    "delete": gettext_lazy("Data deleted"),
    "give": pgettext_lazy("task", "Given out"),
    "begin": pgettext_lazy("task", "Begun"),
    "progress": gettext_lazy("Progress noted"),
    "finish": pgettext_lazy("task", "Done"),
    "reopen": pgettext_lazy("task", "Opened again"),
    "drop": pgettext_lazy("task", "Dropped"),
}


@register.filter
def move_of(name: str) -> str | Promise:
    return _MOVES[name]
