"""Hours served, confirmed and proven, and the addresses at which they are read."""

from django.urls import reverse

from tests.factories import hours as make
from tests.factories.hours import AT, DAY
from volunteers.services import certificates, checking_in, hours


def url(name, *arguments):
    return reverse(f"volunteers:{name}", args=arguments)


def text_of(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode()


def stayed(place, who, *, starts=AT, **more):
    return attended(make.shift(place, starts=starts, **more), who, place)


def attended(shift, who, place):
    stay = checking_in.note_arrival(make.signed(shift, who), by=place.organizer, at=shift.starts_at)
    return checking_in.note_leaving(stay, by=place.organizer, at=shift.ends_at)


def confirmed(place, who, **more):
    stay = stayed(place, who, **more)
    return hours.confirm(stay, by=place.organizer, at=stay.left_at)


def proof(place, who):
    days = {"since": AT.date() - 9 * DAY, "until": AT.date()}
    return certificates.issue(who, place.body, by=who.person, at=AT, **days)
