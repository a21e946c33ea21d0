"""The handling clock stops and goes on, exact to the second in each of the four units."""

import datetime

from cases.models import Case
from lib.units import Unit
from organizations.calendars import working_calendar


def limit(at: datetime.datetime, amount: int, unit: str) -> datetime.datetime:
    """The moment at which `amount` of `unit` that begin at `at` have run out."""
    return working_calendar().deadline(at, amount, unit)


def unit_of(case: Case) -> str:
    """The unit in which the case's handling limit is counted."""
    return case.standard.handle_unit if case.standard is not None else Unit.WORK_HOUR


def stopped_for(case: Case, since: datetime.datetime, *, until: datetime.datetime) -> int:
    """Seconds on the clock of the case's unit for which it has stood."""
    return working_calendar().used(since, until, unit_of(case))


def resumed_limit(
    case: Case, *, stopped: datetime.datetime, resumed: datetime.datetime
) -> datetime.datetime:
    """The handling limit after a stop: what was left then is left now, to the second.

    A limit that had passed when the clock stopped stays where it is.
    """
    due = case.handle_due_at
    if due is None or due <= stopped:
        return due or resumed
    calendar, unit = working_calendar(), unit_of(case)
    left = calendar.used(stopped, due, unit)
    return calendar.after(resumed, left, unit)


def extended_limit(case: Case) -> datetime.datetime:
    """The original limit once more, counted from the limit that holds now."""
    if case.standard is None or case.handle_due_at is None:
        raise ValueError("a case with a department has its standard and limit")
    return limit(case.handle_due_at, case.standard.handle_limit, case.standard.handle_unit)
