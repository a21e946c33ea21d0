"""A volunteer's registration: its states and who moves it. Data only.

Registering is of one's own free will (志愿服务条例 2017, article 25): nobody is enrolled, and who
wants to leave leaves at once. What was recorded of service stays; what names the person may be
erased.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class State(models.TextChoices):
    WAITING = "waiting", _("Waits for review")
    ACTIVE = "active", _("Registered")
    RETURNED = "returned", pgettext_lazy("volunteers", "Returned")
    REFUSED = "refused", pgettext_lazy("volunteers", "Refused")
    SUSPENDED = "suspended", pgettext_lazy("volunteers", "Suspended")
    LEFT = "left", pgettext_lazy("a volunteer", "Left")
    ERASED = "erased", _("Erased")


class Actor(models.TextChoices):
    VOLUNTEER = "volunteer", _("The volunteer, or the guardian of a child")
    ORGANIZER = "organizer", _("Volunteer organiser of the place")


PRESENT = frozenset({State.WAITING, State.ACTIVE, State.RETURNED, State.SUSPENDED})
GONE = frozenset({State.REFUSED, State.LEFT})

MOVES: dict[str, Move] = {
    "edit": move({State.WAITING, State.ACTIVE, State.RETURNED}, None, by={Actor.VOLUNTEER}),
    "resubmit": move({State.RETURNED}, State.WAITING, by={Actor.VOLUNTEER}),
    "confirm": move({State.WAITING}, State.ACTIVE, by={Actor.ORGANIZER}),
    "return": move({State.WAITING}, State.RETURNED, by={Actor.ORGANIZER}),
    "refuse": move({State.WAITING}, State.REFUSED, by={Actor.ORGANIZER}),
    "suspend": move({State.ACTIVE}, State.SUSPENDED, by={Actor.ORGANIZER}),
    "resume": move({State.SUSPENDED}, State.ACTIVE, by={Actor.ORGANIZER}),
    "leave": move(PRESENT, State.LEFT, by={Actor.VOLUNTEER, Actor.ORGANIZER}),
    "rejoin": move(GONE, State.WAITING, by={Actor.VOLUNTEER}),
    "erase": move(GONE, State.ERASED, by={Actor.VOLUNTEER, Actor.ORGANIZER}),
}
NEEDS_REASON = frozenset({"return", "refuse", "suspend"})
