"""How points, shares and grades are written."""

from fractions import Fraction
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oversight.models import AppraisalEvent, Score
from oversight.tables import NOTHING, per_cent
from oversight.workflow import Grade

register = template.Library()
TONES = {
    Grade.EXCELLENT: "done",
    Grade.GOOD: "work",
    Grade.BASIC: "asked",
    Grade.POOR: "overdue",
}


@register.filter
def points(hundredths: int | Fraction | None) -> str:
    """Two decimals; “—” for what could not be judged."""
    return NOTHING if hundredths is None else f"{float(hundredths) / 100:.2f}"


HAPPENED = {
    "open": _("Opened"),
    "score": _("Numbers stored, results computed"),
    "sign_first": _("Results signed (first review)"),
    "pass_first": _("First review done"),
    "sign_second": _("Results signed (second review)"),
    "pass_second": _("Second review done"),
    "confer": _("A free place for excellence given"),
    "return": _("Sent back, numbers stored anew"),
    "publicise": _("Publicised inside"),
    "appeal": _("Appeal received"),
    "forgive": _("Forgiveness asked for"),
    "correct": _("Corrected after an appeal"),
    "refuse_appeal": _("Appeal refused"),
    "withdraw_appeal": _("Appeal withdrawn"),
    "publish": pgettext_lazy("appraisal", "Published"),
    "cancel": pgettext_lazy("appraisal", "Cancelled"),
}


@register.filter
def happened(event: AppraisalEvent) -> Any:
    """A move of an appraisal in words."""
    return HAPPENED.get(event.move, event.move)


@register.filter
def share(value: Fraction | None) -> str:
    return per_cent(None if value is None else float(value))


@register.inclusion_tag("_badge.html")
def grade(score: Score) -> dict[str, Any]:
    """The badge of a grade, with what a committee conferred."""
    if not score.final:
        return {"label": _("too little to judge by"), "tone": "ended", "icon": "minus"}
    icon = "award" if score.final == Grade.EXCELLENT else "circle"
    return {"label": score.final_label, "tone": TONES[Grade(score.final)], "icon": icon}
