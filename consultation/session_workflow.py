"""Sessions, minutes, amendments and votes: states, and who moves them. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.roles import Role
from lib.workflow import Move, move


class SessionState(models.TextChoices):
    PLANNED = "planned", _("To be held")
    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Held")
    CALLED_OFF = "called_off", _("Called off")


class InvitationState(models.TextChoices):
    SENT = "sent", _("Invited")
    READ = "read", _("Read")
    ACCEPTED = "accepted", _("Comes")
    DECLINED = "declined", _("Cannot come")


class MinutesState(models.TextChoices):
    LIVE = "live", _("Being written")
    DRAFT = "draft", _("Open for amendments")
    FINAL = "final", _("Final")


class AmendmentState(models.TextChoices):
    PROPOSED = "proposed", _("Waits for the answer")
    ACCEPTED = "accepted", pgettext_lazy("an amendment", "Accepted")
    REFUSED = "refused", _("Refused")


class VoteState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Voting is open")
    CLOSED = "closed", _("Closed, being counted")
    JUDGED = "judged", _("Result is established")
    VOID = "void", _("Annulled")


class SessionActor(models.TextChoices):
    HOST = "host", _("Consultation host")
    CLERK = "clerk", _("Clerk of the session")
    INVITED = "invited", _("Who is invited")
    ATTENDED = "attended", _("Who attended")
    ENTITLED = "entitled", _("Who is entitled to vote")
    CLOCK = "clock", _("The clock")


# Who helps at a session and counts paper: besides the host, those who sit at the window and those
# who supervise.
CLERKS = frozenset({Role.CONSULTATION_HOST, Role.COMMUNITY_WORKER, Role.ACCEPTOR, Role.SUPERVISOR})
_HOST = {SessionActor.HOST}
_CLERK = {SessionActor.CLERK}

SESSION_MOVES: dict[str, Move] = {
    "change": move({SessionState.PLANNED}, None, by=_HOST),
    "invite": move({SessionState.PLANNED, SessionState.OPEN}, None, by=_HOST),
    "open": move({SessionState.PLANNED}, SessionState.OPEN, by=_HOST),
    "check_in": move({SessionState.OPEN}, None, by={SessionActor.CLERK, SessionActor.INVITED}),
    "recuse": move(
        {SessionState.PLANNED, SessionState.OPEN},
        None,
        by={SessionActor.HOST, SessionActor.INVITED},
    ),
    "take_down": move({SessionState.OPEN}, None, by=_CLERK),
    "close": move({SessionState.OPEN}, SessionState.CLOSED, by=_HOST),
    "call_off": move({SessionState.PLANNED, SessionState.OPEN}, SessionState.CALLED_OFF, by=_HOST),
}
INVITATION_MOVES: dict[str, Move] = {
    "read": move({InvitationState.SENT}, InvitationState.READ, by={SessionActor.INVITED}),
    "accept": move(
        {InvitationState.SENT, InvitationState.READ, InvitationState.DECLINED},
        InvitationState.ACCEPTED,
        by={SessionActor.INVITED},
    ),
    "decline": move(
        {InvitationState.SENT, InvitationState.READ, InvitationState.ACCEPTED},
        InvitationState.DECLINED,
        by={SessionActor.INVITED},
    ),
}
MINUTES_MOVES: dict[str, Move] = {
    "write": move({MinutesState.LIVE}, None, by=_CLERK),
    "lay_out": move({MinutesState.LIVE}, MinutesState.DRAFT, by=_HOST),
    "amend": move({MinutesState.DRAFT}, None, by={SessionActor.ATTENDED}),
    "finish": move({MinutesState.DRAFT}, MinutesState.FINAL, by=_HOST),
}
AMENDMENT_MOVES: dict[str, Move] = {
    "accept": move({AmendmentState.PROPOSED}, AmendmentState.ACCEPTED, by=_HOST),
    "refuse": move({AmendmentState.PROPOSED}, AmendmentState.REFUSED, by=_HOST),
}
VOTE_MOVES: dict[str, Move] = {
    "edit": move({VoteState.DRAFT}, None, by=_HOST),
    "open": move({VoteState.DRAFT}, VoteState.OPEN, by=_HOST),
    "cast": move({VoteState.OPEN}, None, by={SessionActor.ENTITLED, SessionActor.CLERK}),
    "hand_paper": move({VoteState.OPEN}, None, by=_CLERK),
    "close": move({VoteState.OPEN}, VoteState.CLOSED, by=_HOST | {SessionActor.CLOCK}),
    "count": move({VoteState.CLOSED}, None, by=_CLERK),
    "judge": move({VoteState.CLOSED}, VoteState.JUDGED, by=_HOST),
    "recount": move({VoteState.JUDGED}, VoteState.CLOSED, by=_HOST),
    "annul": move({VoteState.DRAFT, VoteState.OPEN, VoteState.CLOSED}, VoteState.VOID, by=_HOST),
}
