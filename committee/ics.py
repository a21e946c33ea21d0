"""Meetings as a calendar that telephones and mail programs take in (RFC 5545)."""

import datetime
from collections.abc import Iterable

from icalendar import Calendar, Event

from committee.models import Meeting
from committee.workflow import MeetingState


def calendar_of(meetings: Iterable[Meeting], *, host: str, at: datetime.datetime) -> bytes:
    """One event a meeting; `host` makes its identifier unique in the world."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gongzhi//committee//")
    calendar.add("version", "2.0")
    for meeting in meetings:
        event = Event()
        event.add("uid", f"meeting-{meeting.pk}@{host}")
        event.add("dtstamp", at)
        event.add("dtstart", meeting.starts_at)
        event.add("dtend", meeting.ends_at)
        event.add("summary", f"{meeting.title} · {meeting.body}")
        event.add("location", meeting.place)
        called_off = meeting.state == MeetingState.CANCELLED
        event.add("status", "CANCELLED" if called_off else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
