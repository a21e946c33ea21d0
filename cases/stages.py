"""How long each stage of a case took, on its own clock, stops left out."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from cases.models import Case, CaseEvent, Stage, StageLimit
from cases.workflow import CLOCK_RUNS, WITH_DEPARTMENT
from lib.worktime import Pause, seconds_of, share_used
from organizations.calendars import working_calendar


@dataclass(frozen=True, slots=True)
class StageTime:
    """`used` and `limit` in seconds of the clock of `unit`; `ended_at` None while it lasts."""

    stage: Stage
    begun_at: datetime.datetime
    ended_at: datetime.datetime | None
    due_at: datetime.datetime
    unit: str
    used: int
    limit: int

    @property
    def share(self) -> int:
        return share_used(self.used, self.limit)

    @property
    def share_words(self) -> str:
        return f"{self.share}%"

    @property
    def is_late(self) -> bool:
        return self.used > self.limit


def stage_times(case: Case, *, at: datetime.datetime) -> list[StageTime]:
    """The stages that the case has begun, in their order: two queries."""
    limits = _limits(case, timezone.localdate(case.created_at))
    pauses = list(stops(list(case.events.order_by("number")), at=at))
    return [
        _timed(stage, begun, ended, *limits[stage], pauses if stage == Stage.HANDLE else [], at)
        for stage, begun, ended in _stretches(case)
        if begun is not None and stage in limits
    ]


Stretch = tuple[Stage, datetime.datetime | None, datetime.datetime | None]


def _stretches(case: Case) -> list[Stretch]:
    ended = case.ended_at
    return [
        (Stage.ACCEPT, case.created_at, case.filed_at or ended),
        (Stage.DISPATCH, case.filed_at, case.dispatched_at or ended),
        (Stage.HANDLE, case.dispatched_at, case.confirmed_at or ended),
        (Stage.CHECK, case.confirmed_at, ended),
        (Stage.TOTAL, case.filed_at, ended),
    ]


def _limits(case: Case, on: datetime.date) -> dict[Stage, tuple[int, str]]:
    """Amount and unit of each stage: what is said of this urgency before what is said of all."""
    rows = StageLimit.objects.valid_on(on).filter(urgency__in=["", case.urgency])
    found = {Stage(row.stage): (row.amount, row.unit) for row in rows.order_by("urgency")}
    if case.standard is not None:
        amount = case.standard.handle_limit * (1 + case.extensions)
        found[Stage.HANDLE] = (amount, case.standard.handle_unit)
    return found


def _timed(  # noqa: PLR0913, PLR0917 -- what a stage is reckoned from
    stage: Stage,
    begun: datetime.datetime,
    ended: datetime.datetime | None,
    amount: int,
    unit: str,
    pauses: Sequence[Pause],
    at: datetime.datetime,
) -> StageTime:
    calendar, limit = working_calendar(), seconds_of(amount, unit)
    return StageTime(
        stage=stage,
        begun_at=begun,
        ended_at=ended,
        due_at=calendar.after(begun, limit, unit, pauses=pauses),
        unit=unit,
        used=calendar.used(begun, ended or at, unit, pauses=pauses),
        limit=limit,
    )


def stops(events: Sequence[CaseEvent], *, at: datetime.datetime) -> Iterator[Pause]:
    """When the handling clock of a case with a department stood: suspended, or being checked."""
    since: datetime.datetime | None = None
    for event in events:
        stands = event.to_state in WITH_DEPARTMENT - CLOCK_RUNS
        if stands and since is None:
            since = event.at
        elif not stands and since is not None:
            yield since, event.at
            since = None
    if since is not None:
        yield since, max(at, since)
