"""Shifts as a calendar that telephones and mail programs take in (RFC 5545)."""

import datetime
from collections.abc import Iterable

from icalendar import Calendar, Event

from volunteers.models import Shift


def calendar_of(shifts: Iterable[Shift], *, host: str, at: datetime.datetime) -> bytes:
    """One event a shift; `host` makes its identifier unique in the world."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gongzhi//volunteers//")
    calendar.add("version", "2.0")
    for shift in shifts:
        calendar.add_component(_event(shift, host, at))
    return bytes(calendar.to_ical())


def _event(shift: Shift, host: str, at: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", f"shift-{shift.pk}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("summary", str(shift.activity))
    event.add("location", shift.meeting_point or shift.activity.address)
    event.add("status", "CANCELLED" if shift.called_off_at else "CONFIRMED")
    return event
