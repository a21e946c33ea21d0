"""Step 4: a community leads only what is on its own lawful list or was admitted with resources.

(Beijing 接诉即办条例 art. 17; residents' and villagers' committees' laws: who delegates, pays.)
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing
from routing.models import Admission, CommunityDuty
from routing.models.duty import CommunityList


@dataclass(frozen=True, slots=True)
class Admitted:
    id: int
    department_id: int
    department: Names
    line_id: int
    headcount: int
    points: int
    legal_basis: str


class Communities:
    def __init__(
        self,
        lists: dict[tuple[int | None, int], set[str]],
        admissions: dict[tuple[int, int], Admitted],
    ) -> None:
        self._lists = lists
        self._admissions = admissions

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Two queries."""
        lists: dict[tuple[int | None, int], set[str]] = defaultdict(set)
        rows = CommunityDuty.objects.valid_on(on).values_list("body_id", "category_id", "list")
        for body_id, category_id, name in rows:
            lists[body_id, category_id].add(name)
        admissions = Admission.objects.valid_on(on).select_related("department").order_by("-id")
        return cls(
            lists, {(row.community_id, row.category_id): _admitted(row) for row in admissions}
        )

    def allow(
        self, weighing: Weighing, community_id: int, names: Names, categories: tuple[int, ...]
    ) -> Admitted | None:
        """None: its own duty. Refuses what is neither its own nor admitted."""
        found = self._listed(community_id, categories)
        if CommunityList.NEGATIVE in found:
            weighing.refuse(RefusalCode.NOT_ADMITTED, "not_admitted_negative", community=names)
        if CommunityList.LAWFUL in found:
            weighing.because("community_lawful", community=names)
            return None
        keys = ((community_id, category_id) for category_id in categories)
        admitted = next((self._admissions[key] for key in keys if key in self._admissions), None)
        if admitted is None:
            reason = "not_admitted_assist" if CommunityList.ASSIST in found else "not_admitted"
            weighing.refuse(RefusalCode.NOT_ADMITTED, reason, community=names)
        weighing.because(
            "community_admitted",
            community=names,
            department=admitted.department,
            headcount=admitted.headcount,
            basis=admitted.legal_basis,
        )
        return admitted

    def assists(self, community_id: int, categories: tuple[int, ...]) -> bool:
        """Whether the matter stands on the community's list of assistance."""
        return CommunityList.ASSIST in self._listed(community_id, categories)

    def _listed(self, community_id: int, categories: tuple[int, ...]) -> set[str]:
        """The lists of the most specific category that stands on one; a community's own entries
        come before those of all communities."""
        for category_id in categories:
            for body_id in (community_id, None):
                found = self._lists.get((body_id, category_id))
                if found:
                    return found
        return set()


def _admitted(row: Admission) -> Admitted:
    return Admitted(
        id=row.pk,
        department_id=row.department_id,
        department=(row.department.name, row.department.name_en),
        line_id=row.line_id,
        headcount=row.headcount,
        points=row.points,
        legal_basis=row.legal_basis,
    )
