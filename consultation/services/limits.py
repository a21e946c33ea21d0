"""Days as a form counts them: calendar days around the clock, or working days."""

import datetime

from organizations.calendars import working_calendar


def days_after(start: datetime.datetime, days: int, unit: str) -> datetime.datetime:
    """The moment at which `days` of `unit` have run out since `start`; 0 days: at once."""
    return working_calendar().deadline(start, days, unit) if days else start
