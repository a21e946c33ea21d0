"""Shifts as a calendar file (RFC 5545) that telephones and mail programs take in."""

import datetime
from collections.abc import Iterable

from volunteers.models import Shift

LONGEST_LINE = 73  # octets, less the line's end


def calendar_of(shifts: Iterable[Shift], *, host: str, at: datetime.datetime) -> str:
    """One event a shift; `host` makes its identifier unique in the world."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gongzhi//Volunteers//EN"]
    for shift in shifts:
        lines += _event(shift, host, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(shift: Shift, host: str, at: datetime.datetime) -> list[str]:
    activity = shift.activity
    return [
        "BEGIN:VEVENT",
        f"UID:shift-{shift.pk}@{host}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(shift.starts_at)}",
        f"DTEND:{_utc(shift.ends_at)}",
        f"SUMMARY:{_text(str(activity))}",
        f"LOCATION:{_text(shift.meeting_point or activity.address)}",
        f"STATUS:{'CANCELLED' if shift.called_off_at else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _utc(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """Backslash, semicolon, comma and line ends have a meaning of their own there."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.splitlines())


def _folded(line: str) -> Iterable[str]:
    """Lines of at most 75 octets; what goes on begins with a blank; no character is cut."""
    part, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > LONGEST_LINE:
            yield part
            part, octets = " ", 1
        part, octets = part + letter, octets + size
    yield part
