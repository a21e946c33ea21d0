"""Moves of courses and selections in words."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lib import tones
from talent.models import Course, CourseEvent, SelectionEvent
from talent.workflow.training import CourseState

register = template.Library()
_BUTTONS: dict[str, Promise] = {
    "open": pgettext_lazy("talent move", "Open for sign-up"),
    "finish": pgettext_lazy("talent move", "Finish"),
    "close": pgettext_lazy("talent move", "Close applications"),
    "decide": pgettext_lazy("talent move", "Decide"),
}
_DONE: dict[str, Promise] = {
    "plan": pgettext_lazy("talent move", "Planned"),
    "draft": pgettext_lazy("talent move", "Begun"),
    "edit": pgettext_lazy("talent move", "Changed"),
    "open": pgettext_lazy("talent move", "Opened for sign-up"),
    "finish": pgettext_lazy("talent move", "Finished"),
    "cancel": pgettext_lazy("talent move", "Cancelled"),
    "close": pgettext_lazy("talent move", "Applications closed"),
    "publish": pgettext_lazy("talent move", "Short list published"),
    "decide": pgettext_lazy("talent move", "Decided"),
}
# What a change says of itself, by the fact that is kept of it.
_CHANGED: dict[str, Promise] = {
    "criteria": pgettext_lazy("talent move", "Criteria fixed"),
    "judge": pgettext_lazy("talent move", "Judge named"),
}


@register.inclusion_tag("_badge.html", takes_context=True)
def course_state(context: Context, course: Course) -> dict[str, Any]:
    """The badge of a course; one that is open and takes nobody any more says so."""
    over = course.sign_up_until <= (context.get("at") or timezone.now())
    if course.state == CourseState.OPEN and over:
        return {"label": _("Sign-up is over"), "tone": "work", "icon": "hourglass-empty"}
    tone = tones.of_state(course.state)
    return {"label": course.get_state_display(), "tone": tone.name, "icon": tone.icon}


@register.filter
def talent_move(name: str) -> Promise | str:
    """What stands on the button of a move."""
    return _BUTTONS.get(name, name)


@register.filter
def talent_done(event: CourseEvent | SelectionEvent) -> Promise | str:
    """What happened, as the history tells it."""
    told = (words for fact, words in _CHANGED.items() if fact in event.facts)
    return next(told, _DONE.get(event.move, event.move))
