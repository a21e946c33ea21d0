"""Step 4: a community leads only what is on its own lawful list or was admitted with resources.

(Beijing 接诉即办条例 art. 17; residents' and villagers' committees' laws: who delegates, pays.)
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing
from routing.models import Admission, CommunityDuty, PromisedPost
from routing.models.duty import CommunityList
from routing.workflow import OVER


@dataclass(frozen=True, slots=True)
class Admitted:
    """`posts`: those whom the department sent along, and who do nothing else in the community;
    empty where it named nobody (then the community's own people do it)."""

    id: int
    department_id: int
    department: Names
    line_id: int
    headcount: int
    points: int
    legal_basis: str
    posts: frozenset[int] = frozenset()


class Communities:
    def __init__(
        self,
        lists: dict[tuple[int | None, int], set[str]],
        admissions: dict[tuple[int, int], Admitted],
    ) -> None:
        self._lists = lists
        self._admissions = admissions
        # What came with an admission is for its matter alone.
        sent = [row for row in admissions.values() if row.posts]
        self.posts = frozenset().union(*(row.posts for row in sent))
        self.lines = frozenset(row.line_id for row in sent)

    @classmethod
    def load(cls, on: datetime.date, *, community: int | None = None) -> Self:
        """Three queries; of all communities, or what concerns one."""
        lists: dict[tuple[int | None, int], set[str]] = defaultdict(set)
        said = CommunityDuty.objects.valid_on(on)
        given = Admission.objects.valid_on(on)
        if community is not None:
            said = said.filter(Q(body=None) | Q(body=community))
            given = given.filter(community=community)
        for body_id, category_id, name in said.values_list("body_id", "category_id", "list"):
            lists[body_id, category_id].add(name)
        posts: dict[int, set[int]] = defaultdict(set)
        sent = PromisedPost.objects.filter(share__admission__isnull=False, seconded__isnull=False)
        for key, post in sent.values_list("share__admission", "seconded"):
            posts[key].add(post)
        rows = given.select_related("department").order_by("-id")
        admissions = rows.exclude(share__application__state__in=sorted(OVER))
        return cls(
            lists,
            {
                (row.community_id, row.category_id): _admitted(row, frozenset(posts[row.pk]))
                for row in admissions
            },
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
        admitted = self._admitted(community_id, categories)
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

    def may_lead(self, community_id: int, categories: tuple[int, ...]) -> bool:
        """Whether the matter is a community's own, or was admitted to it."""
        found = self._listed(community_id, categories)
        if CommunityList.NEGATIVE in found:
            return False
        own = CommunityList.LAWFUL in found
        return own or self._admitted(community_id, categories) is not None

    def _admitted(self, community_id: int, categories: tuple[int, ...]) -> Admitted | None:
        keys = ((community_id, category_id) for category_id in categories)
        return next((self._admissions[key] for key in keys if key in self._admissions), None)

    def said_of(self, categories: tuple[int, ...]) -> list[tuple[object, ...]]:
        """All that lists and admissions say of these classes, in a fixed order."""
        wanted = set(categories)
        lists: list[tuple[object, ...]] = [
            (body or 0, category, *sorted(found))
            for (body, category), found in self._lists.items()
            if category in wanted
        ]
        admitted: list[tuple[object, ...]] = [
            (community, category, row.id, row.points)
            for (community, category), row in self._admissions.items()
            if category in wanted
        ]
        return sorted(lists + admitted, key=repr)

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


def _admitted(row: Admission, posts: frozenset[int]) -> Admitted:
    return Admitted(
        id=row.pk,
        department_id=row.department_id,
        department=(row.department.name, row.department.name_en),
        line_id=row.line_id,
        headcount=row.headcount,
        points=row.points,
        legal_basis=row.legal_basis,
        posts=posts,
    )
