"""Step 5, the person: skill, territory, duty hours, room; least loaded, then longest idle."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self

from grids.duty import Duty
from grids.models import PostTerritory
from lib.roles import Role
from lib.worktime import CITY_ZONE, WorkCalendar
from organizations.models import Post
from routing.matching.catalogue import Standard
from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing

HANDLES = frozenset({Role.HANDLER})
HANDLES_IN_COMMUNITY = HANDLES | {Role.COMMUNITY_WORKER, Role.GRID_WORKER}
_NEVER = float("-inf")
NOW, NEXT, OFF, AWAY = range(4)  # on duty now; at the next working period; neither; on leave
_AGAINST = {OFF: "off_duty", AWAY: "on_leave"}


@dataclass(slots=True)
class Worker:
    """A post that may be given work. `load` and `last_given` change while a batch is judged."""

    id: int
    role: str
    names: Names
    capacity: int
    load: int
    last_given: float
    skills: frozenset[int]
    territories: frozenset[int]
    duty: int

    def why_not(self, standard: Standard, territories: frozenset[int]) -> str:
        """The first reason against this person; "" = none."""
        if standard.skill_id is not None and standard.skill_id not in self.skills:
            return "no_skill"
        if self.territories and self.territories.isdisjoint(territories):
            return "other_territory"
        if self.duty in _AGAINST:
            return _AGAINST[self.duty]
        return "full" if self.load + standard.points > self.capacity else ""

    def order(self) -> tuple[int, float, float, int]:
        return self.duty, self.load / self.capacity, self.last_given, self.id

    def take(self, points: int, at: datetime.datetime) -> None:
        self.load += points
        self.last_given = at.timestamp()


class People:
    """Posts by body; made into workers when their body is first asked for."""

    def __init__(self, links: "Links", duty: "DutyNow") -> None:
        self._rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        self._links = links
        self._duty = duty
        self._workers: dict[int, list[Worker]] = {}

    @classmethod
    def load(
        cls, at: datetime.datetime, calendar: WorkCalendar, covered: list[tuple[int, int]]
    ) -> Self:
        """Seven queries. `covered`: (body, territory)."""
        on = at.astimezone(CITY_ZONE).date()
        people = cls(Links.load(on, covered), DutyNow.load(at, calendar))
        posts = Post.objects.valid_on(on).filter(
            role__in=HANDLES_IN_COMMUNITY, person__is_active=True
        )
        columns = (
            "body_id",
            "id",
            "role",
            "person__full_name",
            "person__full_name_en",
            "capacity",
            "load__points",
            "load__last_given_at",
        )
        for row in posts.order_by("id").values_list(*columns):
            people._rows[row[0]].append(row)
        return people

    def choose(
        self,
        weighing: Weighing,
        body: tuple[int, Names, bool],
        standard: Standard,
        territories: frozenset[int],
        *,
        sent: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset()),
    ) -> Worker:
        """`body`: id, name, whether it is a community. `sent`: the posts that came along with this
        matter (nobody else does it), and those that came along with any. Refuses with NO_STAFF."""
        body_id, names, is_community = body
        staff = self._staff(body_id, HANDLES_IN_COMMUNITY if is_community else HANDLES, *sent)
        against = [worker.why_not(standard, territories) for worker in staff]
        able = [worker for worker, why in zip(staff, against, strict=True) if not why]
        chosen = min(able, key=Worker.order, default=None)
        weighing.candidates += [
            _shown(worker, why or _behind(worker, chosen))
            for worker, why in zip(staff, against, strict=True)
        ]
        if chosen is None:
            weighing.refuse(
                RefusalCode.NO_STAFF,
                _nobody(against),
                body=names,
                people=len(staff),
                skill=standard.skill,
            )
        weighing.because(
            "person" if chosen.duty == NOW else "person_next_period",
            person=chosen.names,
            load=chosen.load,
            points=standard.points,
            capacity=chosen.capacity,
        )
        return chosen

    def _staff(
        self, body_id: int, roles: Collection[str], along: frozenset[int], any_along: frozenset[int]
    ) -> list[Worker]:
        return [
            worker
            for worker in self._of(body_id)
            if worker.role in roles
            and (worker.id in along if along else worker.id not in any_along)
        ]

    def worker(self, body_id: int, post_id: int) -> Worker:
        """One of a body's workers."""
        return next(worker for worker in self._of(body_id) if worker.id == post_id)

    def _of(self, body_id: int) -> list[Worker]:
        workers = self._workers.get(body_id)
        if workers is None:
            workers = [self._worker(row) for row in self._rows.get(body_id, ())]
            self._workers[body_id] = workers
        return workers

    def _worker(self, row: tuple[Any, ...]) -> Worker:
        body_id, key, role, name, name_en, capacity, load, last_given = row
        return Worker(
            id=key,
            role=role,
            names=(name, name_en or name),
            capacity=capacity,
            load=load or 0,
            last_given=last_given.timestamp() if last_given else _NEVER,
            skills=frozenset(self._links.skills.get(key, ())),
            territories=self._territories(key, body_id),
            duty=self._duty.of(key),
        )

    def _territories(self, post_id: int, body_id: int) -> frozenset[int]:
        """One's own, and those of the people whom one stands in for."""
        reach = [
            self._links.covered(post, body_id)
            for post in (post_id, *self._duty.stood_in_for(post_id))
        ]
        return frozenset().union(*reach) if all(reach) else frozenset()


class Links:
    """Skills and territories of posts; a post without territory has its body's (none: any, since
    the duty list named the body for the place)."""

    def __init__(
        self,
        skills: dict[int, list[int]],
        posts: dict[int, list[int]],
        bodies: dict[int, list[int]],
    ) -> None:
        self.skills = skills
        self._posts = posts
        self._bodies = {key: frozenset(territories) for key, territories in bodies.items()}

    @classmethod
    def load(cls, on: datetime.date, covered: list[tuple[int, int]]) -> Self:
        """Two queries."""
        posts = PostTerritory.objects.valid_on(on).values_list("post_id", "territory_id")
        return cls(
            _grouped(Post.skills.through.objects.values_list("post_id", "skill_id")),
            _grouped(posts),
            _grouped(covered),
        )

    def covered(self, post_id: int, body_id: int) -> frozenset[int]:
        own = self._posts.get(post_id)
        return frozenset(own) if own else self._bodies.get(body_id, frozenset())


class DutyNow:
    """Who is on duty at a moment, and who will be when working time begins next.

    The roster, duty hours, leave and stand-ins are judged by `grids.duty`.
    """

    def __init__(self, duty: Duty) -> None:
        self._duty = duty
        self._stood_in_for = duty.stood_in_for()

    @classmethod
    def load(cls, at: datetime.datetime, calendar: WorkCalendar) -> Self:
        """Four queries."""
        return cls(Duty.load([at, calendar.next_working(at)], calendar))

    def of(self, post_id: int) -> int:
        if self._duty.is_on(post_id, 0):
            return NOW
        if self._duty.is_on(post_id, 1):
            return NEXT
        return AWAY if self._duty.is_away(post_id, 0) else OFF

    def stood_in_for(self, post_id: int) -> set[int]:
        return self._stood_in_for.get(post_id, set())


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return grouped


def _nobody(against: list[str]) -> str:
    """The exact reason where all candidates have the same."""
    if not against:
        return "no_staff_at_all"
    return "no_staff_with_skill" if set(against) == {"no_skill"} else "no_staff"


def _behind(worker: Worker, chosen: Worker | None) -> str:
    """Why somebody who could do it was not taken."""
    if chosen is None or worker is chosen:
        return "chosen"
    theirs, best = worker.order(), chosen.order()
    if theirs[0] != best[0]:
        return "on_duty_later"
    return "busier" if theirs[1] != best[1] else "served_later"


def _shown(worker: Worker, why: str) -> dict[str, Any]:
    return {
        "kind": "person",
        "post": worker.id,
        "name": worker.names,
        "load": worker.load,
        "capacity": worker.capacity,
        "why": why,
    }
