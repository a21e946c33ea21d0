"""Words and small parts for pages of the duty list and of admissions."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from organizations.models import Body
from routing.models import DutyFlaw
from routing.tables import Row

register = template.Library()

REASONS = {
    "gap": _("No entry speaks of it here."),
    "body_ended": _("The body that leads it is no more."),
    "overlap": _("Two entries of the same rank name different leads."),
    "not_admitted": _("The community leads what is not its own and was not admitted."),
    "not_admitted_assist": _("The community only assists with it, and was made to lead."),
    "not_admitted_negative": _("It stands on the list of what may not be handed to communities."),
    "admitted_for_less": _("It was admitted for less work than one case takes."),
}
MOVES = {
    "draft": _("Drafted"),
    "edit": _("Edited"),
    "submit": _("Submitted for review"),
    "adopt": _("Adopted"),
    "send_back": _("Sent back"),
    "refuse": _("Refused"),
    "withdraw": _("Withdrawn"),
    "apply": _("Applied for"),
    "turn_down": _("Refused: something is missing"),
    "revise": _("Taken up again"),
    "convene": _("Joint review opened"),
    "agree": _("A reviewer agreed"),
    "object": _("A reviewer objected"),
    "try": _("Trial begun: people and money have arrived"),
    "admit": _("Admitted"),
    "revoke": _("Revoked: people and money have gone back"),
    "expire": _("Expired: people and money have gone back"),
}


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key, "")


@register.filter
def cells(row: Row, bodies: list[Body]) -> list[list[str]]:
    return row.cells(bodies)


@register.filter
def flaw_word(kind: str) -> Any:
    return DutyFlaw(kind).label


@register.filter
def refusal_word(code: str) -> Any:
    """Of the router's refusal, what it is to the list."""
    kind = "misplaced" if code == "not_admitted" else code
    return DutyFlaw(kind).label if kind in DutyFlaw.values else code


@register.filter
def flaw_reason(code: str) -> Any:
    return REASONS.get(code, code)


@register.filter
def duty_move(name: str) -> Any:
    return MOVES.get(name, name)
