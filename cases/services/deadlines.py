"""Warnings and escalation: the clock claims what is due in batches until nothing is left."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cases import notifications
from cases.models import Case, CaseEvent, Watch
from cases.services import watching
from cases.services.chain_of_command import ChainOfCommand
from cases.services.moves import next_event
from cases.services.rows import write_cases
from cases.services.watching import Running, Steps
from lib.worktime import WorkCalendar
from organizations.calendars import working_calendar
from organizations.models import User

HISTORY = ("version", "head")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is due: the highest that has been reached, told to all that were passed."""

    case: Case
    running: Running
    percent: int
    audiences: frozenset[str]

    @property
    def move(self) -> str:
        """Up to the end of the limit a warning; beyond it the matter climbs."""
        return "warn" if self.percent <= 100 else "escalate"


def warn_due(*, at: datetime.datetime, limit: int = 200) -> int:
    """Take the steps that are due of at most `limit` limits; how many were looked at.

    The cases are locked: two workers never take the same step. A case that a person is moving at
    this moment is left for the next sweep.
    """
    with transaction.atomic():
        keys = list(Watch.objects.due(at).values_list("case_id", flat=True)[:limit])
        cases = _locked(keys)
        watches = list(Watch.objects.due(at).filter(case__in=cases))
        if watches:
            _take(cases, watches, at=at)
    return len(watches)


def _locked(keys: Sequence[int]) -> dict[int, Case]:
    rows = Case.objects.filter(pk__in=keys).order_by("pk")
    return {case.pk: case for case in rows.select_for_update(of=("self",), skip_locked=True)}


def _take(cases: Mapping[int, Case], watches: Sequence[Watch], *, at: datetime.datetime) -> None:
    calendar, steps = working_calendar(), watching.steps_on(timezone.localdate(at))
    limits = watching.limits_of(cases.values(), calendar)
    due = [
        step
        for row in watches
        if (one := limits.get((row.case_id, row.limit))) is not None
        if (step := _reached(cases[row.case_id], one, row, steps, calendar, at)) is not None
    ]
    _tell(due, at=at)
    watching.store(
        watching.after_step(one, _done(row, one, due), steps[row.limit], calendar)
        for row in watches
        if (one := limits.get((row.case_id, row.limit))) is not None
    )
    over = [row.pk for row in watches if (row.case_id, row.limit) not in limits]
    Watch.objects.filter(pk__in=over).delete()


def _reached(
    case: Case,
    one: Running,
    row: Watch,
    steps: Steps,
    calendar: WorkCalendar,
    at: datetime.datetime,
) -> Step | None:
    """The highest step that has come since the last one; what was slept through is not repeated."""
    done = _done_before(row, one)
    passed = {
        percent: audiences
        for percent, audiences in steps[row.limit].items()
        if percent > done and one.moment(percent, calendar) <= at
    }
    if not passed:
        return None
    return Step(case, one, max(passed), frozenset().union(*passed.values()))


def _done(row: Watch, one: Running, due: Sequence[Step]) -> int:
    for step in due:
        if step.running == one:
            return step.percent
    return _done_before(row, one)


def _done_before(row: Watch, one: Running) -> int:
    """A limit that has moved without its watch begins anew."""
    return row.done_percent if row.due_at == one.due_at else 0


def _tell(due: Sequence[Step], *, at: datetime.datetime) -> None:
    """One event and one message a person for each step; the same queries for any number."""
    if not due:
        return
    system = User.objects.system()
    chain = ChainOfCommand([step.case for step in due], at=at)
    told = [chain.people(step.case, step.audiences) for step in due]
    versions = {step.case.pk: step.case.version for step in due}
    events = [
        next_event(
            step.case,
            step.move,
            before=step.case.state,
            by=system,
            at=at,
            facts={
                "limit": step.running.limit,
                "percent": step.percent,
                "due": step.running.due_at.isoformat(),
                "told": sorted(people),
            },
        )
        for step, people in zip(due, told, strict=True)
    ]
    changed = list({step.case.pk: step.case for step in due}.values())
    write_cases(changed, HISTORY, versions=[versions[case.pk] for case in changed])
    CaseEvent.objects.bulk_create(events)
    notifications.tell_of_steps(
        [
            notifications.Late(
                step.case, step.move, step.running.limit, step.percent, step.running.due_at
            )
            for step in due
        ],
        told,
        at=at,
    )
