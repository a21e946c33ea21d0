"""Days as a form counts them: calendar days around the clock, or working days."""

import datetime

from consultation.models import PublicationKind, Stage
from organizations.calendars import working_calendar


def days_after(start: datetime.datetime, days: int, unit: str) -> datetime.datetime:
    """The moment at which `days` of `unit` have run out since `start`; 0 days: at once."""
    return working_calendar().deadline(start, days, unit) if days else start


def minutes_fall_due(stage: Stage, *, at: datetime.datetime) -> None:
    """A session or vote of `stage` is over: the time for publishing its minutes runs from now."""
    waiting = stage.required.filter(kind=PublicationKind.MINUTES, published_at=None, due_at=None)
    for row in waiting.exclude(due_days=None):
        row.due_at = days_after(at, row.due_days or 0, row.due_unit)
        row.save(update_fields=["due_at"])
