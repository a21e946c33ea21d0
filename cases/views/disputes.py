"""What departments and dispatcher said about whose matter a case is, side by side."""

import datetime
from dataclasses import dataclass

from cases.models import Case, CaseEvent, Reason
from cases.views.timeline import WORDS
from lib.masking import mask_text
from organizations.models import Body

SAID = ("return", "refer", "adjudicate")


@dataclass(frozen=True, slots=True)
class Side:
    title: str
    body: Body | None
    reason: Reason | None
    words: str
    who: str
    at: datetime.datetime


def sides_of(case: Case, *, knows: bool) -> list[Side]:
    """Returns, referrals and decisions in their order; none of them, no query."""
    if not case.returns:
        return []
    events = list(case.events.filter(move__in=SAID).for_page().order_by("number"))
    bodies = Body.objects.in_bulk([e.facts["body"] for e in events if e.facts.get("body")])
    reasons = Reason.objects.in_bulk([e.facts["reason"] for e in events if e.facts.get("reason")])
    return [_side(event, bodies, reasons, knows=knows) for event in events]


def _side(
    event: CaseEvent, bodies: dict[int, Body], reasons: dict[int, Reason], *, knows: bool
) -> Side:
    note = getattr(event, "note_row", None)
    words = note.text if note else ""
    return Side(
        title=str(WORDS[event.move][1]),
        body=bodies.get(event.facts.get("body", 0)),
        reason=reasons.get(event.facts.get("reason", 0)),
        words=words if knows else mask_text(words),
        who=str(event.by),
        at=event.at,
    )
