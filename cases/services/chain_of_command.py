"""Who is told of a case that runs late: handler, head, the body above, the committee above."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.utils import timezone

from cases.models import Audience, Case
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post

HEADS = frozenset({Role.DEPARTMENT_HEAD})
SUPERIORS = HEADS | COMMITTEE


class ChainOfCommand:
    """Bodies and posts of a day, in three queries; then asked for any number of cases."""

    def __init__(self, cases: Iterable[Case], *, at: datetime.datetime) -> None:
        on = timezone.localdate(at)
        self._parents = dict(Body.objects.valid_on(on).values_list("pk", "parent_id"))
        self._posts: dict[int, list[tuple[str, int]]] = defaultdict(list)
        leading = Post.objects.valid_on(on).filter(role__in=SUPERIORS, person__is_active=True)
        for body, role, person in leading.values_list("body_id", "role", "person_id"):
            self._posts[body].append((role, person))
        posts = {case.lead_post_id for case in cases if case.lead_post_id}
        holders = Post.objects.filter(pk__in=posts).values_list("pk", "person_id")
        self._holders = dict(holders)

    def people(self, case: Case, audiences: Collection[str]) -> set[int]:
        """Keys of the people of these audiences; whoever is missing is replaced from above."""
        found: set[int] = set()
        for audience in Audience.values:
            if audience in audiences:
                found |= self._of(case, audience)
        return found

    def _of(self, case: Case, audience: str) -> set[int]:
        if audience == Audience.HANDLER:
            holder = self._holders.get(case.lead_post_id or 0)
            return {holder} if holder else set()
        headed, heads = self._nearest(case.lead_body_id, HEADS)
        if audience == Audience.HEAD:
            return heads or self._nearest(case.lead_body_id, SUPERIORS)[1]
        above = self._parents.get(headed or case.lead_body_id or 0)
        if audience == Audience.COMMITTEE:
            return self._nearest(above, COMMITTEE)[1]
        return self._nearest(above, SUPERIORS)[1]

    def _nearest(self, body: int | None, roles: Collection[str]) -> tuple[int | None, set[int]]:
        """The next body upwards, itself included, in which somebody holds such a role."""
        for each in self._upwards(body):
            people = {person for role, person in self._posts[each] if role in roles}
            if people:
                return each, people
        return None, set()

    def _upwards(self, body: int | None) -> Iterator[int]:
        while body is not None:
            yield body
            body = self._parents.get(body)
