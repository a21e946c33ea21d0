"""What the judge is told and what it answers. Nothing here knows a case."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# [code, params]: `routing.wording.sentence` puts it into the reader's language.
Reason = list[Any]
# One thing that was weighed: `kind` (duty, person, line, category), what it is, and `why` (not).
Candidate = dict[str, Any]


class RefusalCode(StrEnum):
    NO_PLACE = "no_place"
    NO_CATEGORY = "no_category"
    GAP = "gap"
    OVERLAP = "overlap"
    NOT_ADMITTED = "not_admitted"
    NO_STAFF = "no_staff"
    NO_MONEY = "no_money"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Facts:
    """`at` is the moment from which the limits run; `cost` (fen) replaces the standard's estimate.

    `avoid_bodies` have returned the matter before; `lead_id` was chosen by a person, so the duty
    list is not asked. `text` only serves to suggest categories where there is none.
    """

    category_id: int | None
    standard_id: int | None
    town_id: int | None
    community_id: int | None
    grid_id: int | None
    at: datetime.datetime
    cost: int | None = None
    avoid_bodies: frozenset[int] = frozenset()
    urgent: bool = False
    text: str = ""
    lead_id: int | None = None

    def record(self) -> dict[str, Any]:
        """For the stored trace; without the text, which is personal and stands in the case."""
        return {
            "category": self.category_id,
            "standard": self.standard_id,
            "town": self.town_id,
            "community": self.community_id,
            "grid": self.grid_id,
            "at": self.at.isoformat(),
            "cost": self.cost,
            "avoid": sorted(self.avoid_bodies),
            "urgent": self.urgent,
            "lead": self.lead_id,
        }


@dataclass(frozen=True, slots=True)
class Match:
    """Who does it, with whom, from which line, by when, and why. `estimate` is fen; 0 = no cost.

    `duty_id` is None when a person chose the lead; `admission_id` names the admission by which a
    community may lead.
    """

    duty_id: int | None
    lead_id: int
    assistant_ids: tuple[int, ...]
    post_id: int
    line_id: int | None
    purpose_id: int | None
    payer_id: int
    estimate: int
    points: int
    standard_id: int
    sign_due_at: datetime.datetime
    handle_due_at: datetime.datetime
    reasons: list[Reason]
    candidates: list[Candidate]
    facts: dict[str, Any]
    admission_id: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is missing; as far as it was known: the standard, the lead (whose head is asked) and the
    payer (whose finance is asked)."""

    code: RefusalCode
    reasons: list[Reason]
    candidates: list[Candidate]
    facts: dict[str, Any]
    standard_id: int | None = None
    duty_id: int | None = None
    lead_id: int | None = None
    payer_id: int | None = None
