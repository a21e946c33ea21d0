"""The rules of steps 1 to 4 as they stand on a day: place, matter, duty, right of a community."""

import datetime
from dataclasses import dataclass
from typing import Self

from routing.matching.catalogue import Catalogue
from routing.matching.communities import Admitted, Communities
from routing.matching.duty import Duties, Duty
from routing.matching.facts import RefusalCode
from routing.matching.place import Places
from routing.matching.weighing import Weighing


@dataclass(frozen=True, slots=True)
class Rules:
    """What the judge of a case and the check of the whole duty list both ask."""

    places: Places
    catalogue: Catalogue
    duties: Duties
    communities: Communities

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Eleven queries."""
        return cls(Places.load(on), Catalogue.load(on), Duties.load(on), Communities.load(on))

    def duty(self, weighing: Weighing, categories: tuple[int, ...], place: tuple[int, ...]) -> Duty:
        """Who leads. Refuses a gap and an overlap."""
        duty = self.duties.find(weighing, categories, place)
        if duty.lead_id not in self.duties.bodies:
            weighing.refuse(RefusalCode.GAP, "body_ended")
        weighing.duty_id, weighing.lead_id = duty.id, duty.lead_id
        if duty.id is not None:
            weighing.because(
                "duty_precedent" if duty.is_precedent else "duty_list",
                body=self.duties.name(duty.lead_id),
                category=self.catalogue.name(duty.category_id),
                territory=duty.territory,
                basis=duty.legal_basis,
            )
        return duty

    def right(
        self, weighing: Weighing, duty: Duty, categories: tuple[int, ...], points: int
    ) -> Admitted | None:
        """By which admission a community leads a matter of so many points (None: its own, or the
        lead is no community). Refuses what is not admitted."""
        body = self.duties.bodies[duty.lead_id]
        if not body.is_community:
            return None
        admitted = self.communities.allow(weighing, body.id, body.names, categories)
        if admitted is not None and points > admitted.points:
            weighing.refuse(
                RefusalCode.NOT_ADMITTED,
                "admitted_for_less",
                points=points,
                admitted=admitted.points,
            )
        return admitted
