"""Activities, sign-ups, places on the waiting list, calls for volunteers. Data only.

A sign-up that is asked for or confirmed holds a place of its shift; so does a place on the waiting
list that has been offered. Every other state holds none.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for review")
    RETURNED = "returned", pgettext_lazy("volunteers", "Returned")
    PUBLISHED = "published", pgettext_lazy("volunteers", "Published")
    FINISHED = "finished", _("Over")
    CANCELLED = "cancelled", _("Cancelled")


class Actor(models.TextChoices):
    LEADER = "leader", _("Who made it, or acts for its organisation")
    REVIEWER = "reviewer", _("Reviewer who did not make it")
    ORGANIZER = "organizer", _("Volunteer organiser of the place")
    CLOCK = "clock", _("The clock")


EDITABLE = frozenset({State.DRAFT, State.RETURNED})
_LEAD = frozenset({Actor.LEADER, Actor.ORGANIZER})

MOVES: dict[str, Move] = {
    "edit": move(EDITABLE, None, by=_LEAD),
    "submit": move(EDITABLE, State.WAITING, by=_LEAD),
    "take_back": move({State.WAITING}, State.DRAFT, by={Actor.LEADER}),
    "publish": move({State.WAITING}, State.PUBLISHED, by={Actor.REVIEWER}),
    "return": move({State.WAITING}, State.RETURNED, by={Actor.REVIEWER}),
    "amend": move({State.PUBLISHED}, None, by=_LEAD),
    "cancel": move(EDITABLE | {State.WAITING, State.PUBLISHED}, State.CANCELLED, by=_LEAD),
    "finish": move({State.PUBLISHED}, State.FINISHED, by=_LEAD | {Actor.CLOCK}),
}
NEEDS_REASON = frozenset({"return", "cancel"})


class SignupState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    CONFIRMED = "confirmed", _("Has a place")
    REFUSED = "refused", pgettext_lazy("volunteers", "Refused")
    CANCELLED = "cancelled", _("Cancelled by the volunteer")
    CALLED_OFF = "called_off", _("Called off by the organiser")
    ATTENDED = "attended", _("Came")
    MISSED = "missed", _("Did not come")


class SignupActor(models.TextChoices):
    VOLUNTEER = "volunteer", _("The volunteer, or the guardian of a child")
    LEADER = "leader", _("Who leads the activity")


HOLDING = frozenset({SignupState.ASKED, SignupState.CONFIRMED})
# Was there, or is to be: what a clash of times is looked for in.
COMING = HOLDING | {SignupState.ATTENDED}

SIGNUP_MOVES: dict[str, Move] = {
    "accept": move({SignupState.ASKED}, SignupState.CONFIRMED, by={SignupActor.LEADER}),
    "refuse": move({SignupState.ASKED}, SignupState.REFUSED, by={SignupActor.LEADER}),
    "cancel": move(HOLDING, SignupState.CANCELLED, by={SignupActor.VOLUNTEER}),
    "call_off": move(HOLDING, SignupState.CALLED_OFF, by={SignupActor.LEADER}),
    "attend": move(
        {SignupState.CONFIRMED, SignupState.MISSED},
        SignupState.ATTENDED,
        by={SignupActor.VOLUNTEER, SignupActor.LEADER},
    ),
    "miss": move(
        {SignupState.CONFIRMED, SignupState.ATTENDED}, SignupState.MISSED, by={SignupActor.LEADER}
    ),
}
SIGNUP_NEEDS_REASON = frozenset({"refuse", "call_off"})


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("Waits")
    OFFERED = "offered", _("A place is offered")
    TAKEN = "taken", _("Place taken")
    LAPSED = "lapsed", _("Offer lapsed")
    LEFT = "left", _("Left the list")
    CLOSED = "closed", _("The shift is over or called off")


class WaitingActor(models.TextChoices):
    VOLUNTEER = "volunteer", _("The volunteer, or the guardian of a child")
    CLOCK = "clock", _("The clock")


ON_THE_LIST = frozenset({WaitingState.WAITING, WaitingState.OFFERED})

WAITING_MOVES: dict[str, Move] = {
    "offer": move({WaitingState.WAITING}, WaitingState.OFFERED, by={WaitingActor.CLOCK}),
    "take": move({WaitingState.OFFERED}, WaitingState.TAKEN, by={WaitingActor.VOLUNTEER}),
    "lapse": move({WaitingState.OFFERED}, WaitingState.LAPSED, by={WaitingActor.CLOCK}),
    "leave": move(ON_THE_LIST, WaitingState.LEFT, by={WaitingActor.VOLUNTEER}),
    "close": move(ON_THE_LIST, WaitingState.CLOSED, by={WaitingActor.CLOCK}),
}


class CallState(models.TextChoices):
    OPEN = "open", _("Waits for the organiser")
    ANSWERED = "answered", _("An activity is made of it")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CallActor(models.TextChoices):
    CALLER = "caller", _("Who called")
    ORGANIZER = "organizer", _("Volunteer organiser of the place")


CALL_MOVES: dict[str, Move] = {
    "answer": move({CallState.OPEN}, CallState.ANSWERED, by={CallActor.ORGANIZER}),
    "decline": move({CallState.OPEN}, CallState.DECLINED, by={CallActor.ORGANIZER}),
    "withdraw": move({CallState.OPEN}, CallState.WITHDRAWN, by={CallActor.CALLER}),
}
CALL_NEEDS_REASON = frozenset({"decline"})
