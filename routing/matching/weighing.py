"""One decision while it is being made: what was found so far, and how it stops."""

from dataclasses import dataclass, field
from typing import Any, NoReturn

from routing.matching.facts import Candidate, Facts, Reason, Refusal, RefusalCode

Names = tuple[str, str]  # (Chinese, English): traces keep both, readers differ


class Undecided(Exception):
    """Ends the decision with a refusal."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Weighing:
    facts: Facts
    reasons: list[Reason] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    standard_id: int | None = None
    duty_id: int | None = None
    lead_id: int | None = None
    payer_id: int | None = None

    def because(self, code: str, **params: Any) -> None:
        self.reasons.append([code, params])

    def refuse(self, refusal: RefusalCode, reason: str = "", **params: Any) -> NoReturn:
        """Stop with `refusal`; `reason` is the more exact code where there is one."""
        self.because(reason or refusal.value, **params)
        raise Undecided(refusal)

    def refusal(self, code: RefusalCode) -> Refusal:
        return Refusal(
            code=code,
            reasons=self.reasons,
            candidates=self.candidates,
            facts=self.facts.record(),
            standard_id=self.standard_id,
            duty_id=self.duty_id,
            lead_id=self.lead_id,
            payer_id=self.payer_id,
        )
