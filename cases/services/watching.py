"""Keeps a watch on each limit that runs, so that the clock need not look at every open case.

A step's moment lies on the limit's own clock: how far the limit is used, stops not counted. What a
stop took is what lies between beginning and end beyond the limit itself.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.models import Case, Limit, WarningStep, Watch
from cases.workflow import CLOCK_RUNS, State
from lib.units import Unit
from lib.worktime import WorkCalendar, seconds_of
from organizations.calendars import working_calendar
from routing.models import FilingStandard

# What a move must touch for a limit to begin, end or change.
MOVING = frozenset({"state", "dispatched_at", "sign_due_at", "handle_due_at"})
Steps = dict[str, dict[int, set[str]]]


def steps_on(day: datetime.date) -> Steps:
    """The steps of a day: limit → percent → audiences."""
    found: Steps = defaultdict(lambda: defaultdict(set))
    rows = WarningStep.objects.valid_on(day).values_list("limit", "percent", "audience")
    for limit, percent, audience in rows:
        found[limit][percent].add(audience)
    return found


@dataclass(frozen=True, slots=True)
class Running:
    """A limit of a case that runs now. `length` is in seconds of its unit's clock, stops left out;
    `stopped` what stops have taken."""

    case: int
    limit: str
    begun_at: datetime.datetime
    due_at: datetime.datetime
    unit: str
    length: int
    stopped: int

    def moment(self, percent: int, calendar: WorkCalendar) -> datetime.datetime:
        """When so much of the limit is used; at 100 exactly when it is due."""
        if percent == 100:
            return self.due_at
        used = -(-self.length * percent // 100)
        return calendar.after(self.begun_at, used + self.stopped, self.unit)


def running_of(
    case: Case, standard: FilingStandard | None, calendar: WorkCalendar
) -> list[Running]:
    """For signing until somebody has signed; for handling until the department confirms."""
    if case.state not in CLOCK_RUNS or case.dispatched_at is None:
        return []
    found = [_running(case, Limit.HANDLE, case.handle_due_at, standard, calendar)]
    if case.state == State.DISPATCHED:
        found.append(_running(case, Limit.SIGN, case.sign_due_at, standard, calendar))
    return [one for one in found if one is not None]


def _running(
    case: Case,
    limit: Limit,
    due: datetime.datetime | None,
    standard: FilingStandard | None,
    calendar: WorkCalendar,
) -> Running | None:
    begun = case.dispatched_at
    if due is None or begun is None or due < begun:
        return None
    unit: str = getattr(standard, f"{limit}_unit", Unit.URGENT_HOUR)
    stretch = calendar.used(begun, due, unit)
    whole = seconds_of(getattr(standard, f"{limit}_limit"), unit) if standard else stretch
    if limit == Limit.HANDLE:
        whole *= 1 + case.extensions
    length = min(whole, stretch)
    return Running(case.pk, limit, begun, due, unit, length, stretch - length)


def watch(cases: Sequence[Case], *, at: datetime.datetime, from_now: bool = True) -> None:
    """Bring the watches of locked cases to what their limits say now: four queries for any number.

    `from_now`: steps whose moment has passed already are not made up for (a limit that was just set
    begins at its present share); otherwise the next sweep takes them.
    """
    known = {
        (row.case_id, row.limit): row
        for row in Watch.objects.filter(case__in=[c.pk for c in cases])
    }
    if not known and not any(case.state in CLOCK_RUNS for case in cases):
        return
    calendar = working_calendar()
    running = limits_of(cases, calendar)
    over = [row.pk for key, row in known.items() if key not in running]
    if over:
        Watch.objects.filter(pk__in=over).delete()
    changed = [one for key, one in running.items() if _differs(known.get(key), one)]
    if changed:
        steps = steps_on(timezone.localdate(at))
        store(_fresh(one, steps[one.limit], calendar, at if from_now else None) for one in changed)


def limits_of(cases: Collection[Case], calendar: WorkCalendar) -> dict[tuple[int, str], Running]:
    """The limits of these cases that run, by case and limit."""
    standards = _standards_of(cases)
    return {
        (one.case, one.limit): one
        for case in cases
        for one in running_of(case, standards.get(case.standard_id), calendar)
    }


def _standards_of(cases: Iterable[Case]) -> dict[Any, FilingStandard]:
    keys = {case.standard_id for case in cases if case.standard_id}
    return FilingStandard.objects.in_bulk(keys) if keys else {}


def _differs(row: Watch | None, one: Running) -> bool:
    return row is None or (row.begun_at, row.due_at) != (one.begun_at, one.due_at)


def _fresh(
    one: Running, percents: Collection[int], calendar: WorkCalendar, at: datetime.datetime | None
) -> Watch:
    passed = [p for p in percents if at is not None and one.moment(p, calendar) <= at]
    return after_step(one, max(passed, default=0), percents, calendar)


def after_step(one: Running, done: int, percents: Collection[int], calendar: WorkCalendar) -> Watch:
    """The watch when the step of `done` percent has been taken."""
    following = min((percent for percent in percents if percent > done), default=None)
    return Watch(
        case_id=one.case,
        limit=one.limit,
        begun_at=one.begun_at,
        due_at=one.due_at,
        done_percent=done,
        next_at=None if following is None else one.moment(following, calendar),
    )


def store(watches: Iterable[Watch]) -> None:
    Watch.objects.bulk_create(
        list(watches),
        update_conflicts=True,
        unique_fields=["case", "limit"],
        update_fields=["begun_at", "due_at", "done_percent", "next_at"],
    )


def watch_forgotten(*, at: datetime.datetime, limit: int = 500) -> int:
    """Cases whose limits run and that nobody watches (brought in from elsewhere); how many."""
    forgotten = Case.objects.filter(state__in=CLOCK_RUNS, watches=None).exclude(desk="")
    found = list(forgotten.order_by("pk")[:limit])
    watch(found, at=at, from_now=False)
    return len(found)
