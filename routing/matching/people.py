"""Step 5, the person: skill, territory, duty hours, room; least loaded, then longest idle."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from grids.models import PostTerritory
from lib.roles import Role
from lib.worktime import CITY_ZONE, WorkCalendar
from organizations.models import DutyHours, Post
from routing.matching.catalogue import Standard
from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing

HANDLES = frozenset({Role.HANDLER})
HANDLES_IN_COMMUNITY = HANDLES | {Role.COMMUNITY_WORKER, Role.GRID_WORKER}
# A clock has no 24:00: duty hours that end with the last minute of the day end with the day.
_LAST_MINUTE = datetime.time(23, 59)
_NEVER = float("-inf")
NOW, NEXT, OFF = range(3)  # on duty now; at the next working period; neither


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
        if self.duty == OFF:
            return "off_duty"
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
        """Four queries. `covered`: (body, territory)."""
        on = at.astimezone(CITY_ZONE).date()
        people = cls(Links.load(on, covered), DutyNow.load(at, calendar))
        posts = Post.objects.valid_on(on).filter(
            role__in=HANDLES_IN_COMMUNITY, person__is_active=True
        )
        has_hours = Exists(DutyHours.objects.filter(post=OuterRef("pk")))
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
        for row in posts.order_by("id").values_list(*columns, has_hours):
            people._rows[row[0]].append(row)
        return people

    def choose(
        self,
        weighing: Weighing,
        body: tuple[int, Names, bool],
        standard: Standard,
        territories: frozenset[int],
    ) -> Worker:
        """`body`: id, name, whether it is a community. Refuses with NO_STAFF."""
        body_id, names, is_community = body
        roles = HANDLES_IN_COMMUNITY if is_community else HANDLES
        staff = [worker for worker in self._of(body_id) if worker.role in roles]
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
        body_id, key, role, name, name_en, capacity, load, last_given, has_hours = row
        return Worker(
            id=key,
            role=role,
            names=(name, name_en or name),
            capacity=capacity,
            load=load or 0,
            last_given=last_given.timestamp() if last_given else _NEVER,
            skills=frozenset(self._links.skills.get(key, ())),
            territories=self._links.covered(key, body_id),
            duty=self._duty.of(key, has_hours=has_hours),
        )


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

    Duty hours hold on every day of their weekday, holidays too; without any the calendar's periods.
    """

    def __init__(self, now: set[int], following: set[int], *, is_working: bool) -> None:
        self._now = now
        self._following = following
        self._is_working = is_working

    @classmethod
    def load(cls, at: datetime.datetime, calendar: WorkCalendar) -> Self:
        """One query."""
        moments = [at.astimezone(CITY_ZONE), calendar.next_working(at).astimezone(CITY_ZONE)]
        rows = list(
            DutyHours.objects.filter(weekday__in={moment.weekday() for moment in moments})
            .filter(Q(starts__lte=moments[0].time()) | Q(starts__lte=moments[1].time()))
            .values_list("post_id", "weekday", "starts", "ends")
        )
        now, following = (_on_duty(rows, moment) for moment in moments)
        return cls(now, following, is_working=calendar.is_working(at))

    def of(self, post_id: int, *, has_hours: bool) -> int:
        if not has_hours:
            return NOW if self._is_working else NEXT
        if post_id in self._now:
            return NOW
        return NEXT if post_id in self._following else OFF


def _on_duty(
    rows: list[tuple[int, int, datetime.time, datetime.time]], moment: datetime.datetime
) -> set[int]:
    weekday, clock = moment.weekday(), moment.time()
    return {
        post_id
        for post_id, day, starts, ends in rows
        if day == weekday and starts <= clock and (clock < ends or ends >= _LAST_MINUTE)
    }


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
