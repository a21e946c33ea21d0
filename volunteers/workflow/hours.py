"""From arriving at a shift to confirmed hours, and objections to them. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class PresenceState(models.TextChoices):
    PRESENT = "present", pgettext_lazy("at a shift", "Here")
    LEFT = "left", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not counted")
    REVOKED = "revoked", _("Revoked")


class PresenceActor(models.TextChoices):
    """Whoever is the volunteer is nothing else to his own hours."""

    VOLUNTEER = "volunteer", _("The volunteer, or the guardian of a child")
    LEADER = "leader", _("Who leads the activity")
    ORGANIZER = "organizer", _("Volunteer organiser of the place")
    CLOCK = "clock", _("The clock")


_LEAD = frozenset({PresenceActor.LEADER, PresenceActor.ORGANIZER})
_SETTLED = frozenset({PresenceState.CONFIRMED, PresenceState.REFUSED})

PRESENCE_MOVES: dict[str, Move] = {
    "leave": move(
        {PresenceState.PRESENT},
        PresenceState.LEFT,
        by=_LEAD | {PresenceActor.VOLUNTEER, PresenceActor.CLOCK},
    ),
    "correct": move({PresenceState.LEFT}, None, by=_LEAD),
    "confirm": move({PresenceState.LEFT}, PresenceState.CONFIRMED, by=_LEAD),
    "refuse": move({PresenceState.LEFT}, PresenceState.REFUSED, by=_LEAD),
    "remind": move({PresenceState.LEFT}, None, by={PresenceActor.CLOCK}),
    "escalate": move({PresenceState.LEFT}, None, by={PresenceActor.CLOCK}),
    "amend": move(_SETTLED, PresenceState.CONFIRMED, by={PresenceActor.ORGANIZER}),
    "revoke": move({PresenceState.CONFIRMED}, PresenceState.REVOKED, by={PresenceActor.ORGANIZER}),
}
PRESENCE_NEEDS_REASON = frozenset({"correct", "refuse", "amend", "revoke"})


class ObjectionState(models.TextChoices):
    OPEN = "open", _("Waits for an answer")
    GRANTED = "granted", pgettext_lazy("hours", "Granted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ObjectionActor(models.TextChoices):
    VOLUNTEER = "volunteer", _("The volunteer, or the guardian of a child")
    ANSWERER = "answerer", _("Organiser who did not decide on these hours")


OBJECTION_MOVES: dict[str, Move] = {
    "grant": move({ObjectionState.OPEN}, ObjectionState.GRANTED, by={ObjectionActor.ANSWERER}),
    "decline": move({ObjectionState.OPEN}, ObjectionState.DECLINED, by={ObjectionActor.ANSWERER}),
    "withdraw": move(
        {ObjectionState.OPEN}, ObjectionState.WITHDRAWN, by={ObjectionActor.VOLUNTEER}
    ),
}
OBJECTION_NEEDS_REASON = frozenset({"grant", "decline"})
