"""States, actors and moves of meetings, ballots and directives. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Being prepared")
    CALLED = "called", pgettext_lazy("meeting", "Called")
    SITTING = "sitting", _("Sitting")
    CLOSED = "closed_draft", _("Closed, minutes to be confirmed")
    CONFIRMED = "confirmed", _("Minutes confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class MeetingActor(models.TextChoices):
    SECRETARY = "secretary", _("Who leads the body")
    CHAIR = "chair", _("Chair of the meeting")
    RECORDER = "recorder", _("Recorder of the meeting")
    INVITED = "invited", _("Who is invited, for himself")


_S, _CHAIR = MeetingState, {MeetingActor.CHAIR}
_DESK = {MeetingActor.SECRETARY, MeetingActor.CHAIR, MeetingActor.RECORDER}
_PREPARING = {_S.PLANNED, _S.CALLED}
MEETING_MOVES: dict[str, Move] = {
    "edit": move({_S.PLANNED}, None, by=_DESK),
    "arrange": move({_S.PLANNED, _S.CALLED, _S.SITTING}, None, by=_DESK),
    "invite": move({_S.PLANNED, _S.CALLED}, None, by=_DESK),
    "call": move({_S.PLANNED}, _S.CALLED, by={MeetingActor.SECRETARY, MeetingActor.CHAIR}),
    "cancel": move(_PREPARING, _S.CANCELLED, by={MeetingActor.SECRETARY, MeetingActor.CHAIR}),
    "check_in": move({_S.CALLED, _S.SITTING}, None, by=_DESK | {MeetingActor.INVITED}),
    "excuse": move({_S.CALLED}, None, by=_DESK | {MeetingActor.INVITED}),
    "recuse": move({_S.SITTING}, None, by=_DESK | {MeetingActor.INVITED}),
    "vote": move({_S.SITTING}, None, by={MeetingActor.RECORDER, MeetingActor.INVITED}),
    "open": move({_S.CALLED}, _S.SITTING, by=_CHAIR),
    "decide": move({_S.SITTING}, None, by={MeetingActor.CHAIR, MeetingActor.RECORDER}),
    "instruct": move({_S.SITTING, _S.CLOSED, _S.CONFIRMED}, None, by=_DESK),
    "write": move({_S.SITTING, _S.CLOSED}, None, by={MeetingActor.RECORDER}),
    "close": move({_S.SITTING}, _S.CLOSED, by=_CHAIR),
    "confirm": move({_S.CLOSED}, _S.CONFIRMED, by=_CHAIR),
    "publish": move({_S.CONFIRMED}, None, by={MeetingActor.SECRETARY}),
}
MEETING_NEEDS_REASON = frozenset({"cancel"})


class BallotState(models.TextChoices):
    OPEN = "voting", _("Vote is open")
    CLOSED = "counted", pgettext_lazy("vote", "Counted")


class Choice(models.TextChoices):
    FOR = "for", pgettext_lazy("vote", "For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Outcome(models.TextChoices):
    PENDING = "pending", _("To be discussed")
    DECIDED = "decided", pgettext_lazy("vote", "Decided")
    NOTED = "noted", _("Taken note of")
    DEFERRED = "deferred", _("Put off to the next meeting")


class Verb(models.TextChoices):
    """The four things that a committee does in what is done together (统筹、推进、协调、动员)."""

    PLAN = "plan", _("Plan as a whole")
    ADVANCE = "advance", _("Push forward")
    COORDINATE = "coordinate", _("Coordinate")
    MOBILISE = "mobilise", _("Mobilise")


class DirectiveState(models.TextChoices):
    ISSUED = "issued", _("Given out")
    WORKING = "working", _("Being worked on")
    REPORTED = "reported", _("Reported back")
    DONE = "done", _("Confirmed as done")
    DROPPED = "dropped", _("Dropped")


class DirectiveActor(models.TextChoices):
    OWNER = "owner", _("Who is to do it")
    CONFIRMER = "confirmer", _("Who leads the body that gave it, and is not to do it")
    MEETING = "meeting", _("Chair of the meeting that discusses it, and is not to do it")
    CLOCK = "clock", _("The clock")


_D, _LOOKS_ON = DirectiveState, {DirectiveActor.CONFIRMER, DirectiveActor.MEETING}
OPEN_DIRECTIVES = frozenset({_D.ISSUED, _D.WORKING, _D.REPORTED})
DIRECTIVE_MOVES: dict[str, Move] = {
    "accept": move({_D.ISSUED}, _D.WORKING, by={DirectiveActor.OWNER}),
    "progress": move({_D.WORKING}, None, by={DirectiveActor.OWNER}),
    "report": move({_D.WORKING}, _D.REPORTED, by={DirectiveActor.OWNER}),
    "send_back": move({_D.REPORTED}, _D.WORKING, by=_LOOKS_ON),
    "confirm": move({_D.REPORTED}, _D.DONE, by=_LOOKS_ON),
    "extend": move(OPEN_DIRECTIVES, None, by=_LOOKS_ON),
    "drop": move({_D.ISSUED, _D.WORKING}, _D.DROPPED, by={DirectiveActor.CONFIRMER}),
    "warn": move(OPEN_DIRECTIVES, None, by={DirectiveActor.CLOCK}),
}
DIRECTIVE_NEEDS_REASON = frozenset({"send_back", "extend", "drop"})
