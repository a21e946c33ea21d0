"""Moves of legislation in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

register = template.Library()
_MOVES: dict[str, Promise] = {
    "justify": pgettext_lazy("legislation move", "Examine the need"),
    "plan": pgettext_lazy("legislation move", "Into the legislative plan"),
    "schedule": pgettext_lazy("legislation move", "Into the plan of the year"),
    "draft": pgettext_lazy("legislation move", "Begin the draft"),
    "consult": pgettext_lazy("legislation move", "Open for comments"),
    "bring": pgettext_lazy("legislation move", "Bring before the government"),
    "redraft": pgettext_lazy("legislation move", "Draft anew"),
    "submit": pgettext_lazy("legislation move", "Submit to the congress"),
    "read_first": pgettext_lazy("legislation move", "First reading"),
    "read_second": pgettext_lazy("legislation move", "Second reading"),
    "read_third": pgettext_lazy("legislation move", "Third reading"),
    "pass": pgettext_lazy("legislation move", "Passed by vote"),
    "approve": pgettext_lazy("legislation move", "Approved by the province"),
    "announce": pgettext_lazy("legislation move", "Announce"),
    "enter": pgettext_lazy("legislation move", "Enters into force"),
    "record": pgettext_lazy("legislation move", "Put on record"),
    "assess": pgettext_lazy("legislation move", "Assess in force"),
    "amend": pgettext_lazy("legislation move", "Amended by another"),
    "repeal": pgettext_lazy("legislation move", "Repeal"),
    "stop": pgettext_lazy("legislation move", "Stop"),
}


@register.filter
def legislation_move(name: str) -> Promise | str:
    return _MOVES.get(name, name)
