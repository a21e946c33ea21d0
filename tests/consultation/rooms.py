"""What tests of sessions and votes in the browser ask with."""

from django.urls import reverse

from tests.factories import voting as makers
from tests.factories.consultation import later

LINES = [("1-101", "100.00", "张三丰", "0011"), ("1-102", "50.00", "王五", "0033")]


def address(name, *values):
    return reverse(f"consultation:{name}", args=values)


def open_vote(started, **more):
    """An open vote of the owners in LINES, and its people by name."""
    place, consultation = started
    made = makers.make_roll(place, LINES)
    more = {"unit": "owner", "closes_at": later(days=60), **more}
    return makers.roll_vote(place, consultation, made.roll, **more), made.people
