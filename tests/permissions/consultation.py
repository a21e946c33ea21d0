"""A consultation under way in the home town's community."""

from django.utils import timezone

from tests.factories import consultation as makers
from tests.permissions import carrying


def make_consultations(town):
    """Things by name, made by people of their own."""
    place = makers.make_place(town)
    at = timezone.now()
    running = makers.make_running(place, at=at)
    return {"consultation": running, "promises": carrying.make_promises(town, running)}


def examples_at(name, things):
    """(label, values) for an address of consultation; none where it is about something else."""
    mine = carrying.examples_at(name, things["promises"], things["consultation"].number)
    if mine:
        return mine
    space, _colon, last = name.rpartition(":")
    if space != "consultation":
        return []
    about = {"consultation": {"number": things["consultation"].number}}
    return [("", about[last])] if last in about else []
