"""The closed loop as a table: states, actors, moves. Data only: pages, API and docs read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.workflow import Move, move


class State(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for acceptance")
    FILED = "filed", _("Filed, to be dispatched")
    RETURNED = "returned", _("Returned, to be sent elsewhere")
    DISPATCHED = "dispatched", _("Dispatched, to be signed")
    HANDLING = "handling", _("In work")
    REPORTED = "reported", _("Result to be confirmed")
    CHECKING = "checking", _("To be checked")
    REWORK = "rework", _("Rework")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Not accepted")
    CANCELLED = "cancelled", _("Withdrawn")
    VOID = "void", _("Void")


OPEN = frozenset(
    {
        State.SUBMITTED,
        State.FILED,
        State.RETURNED,
        State.DISPATCHED,
        State.HANDLING,
        State.REPORTED,
        State.CHECKING,
        State.REWORK,
    }
)
WITH_DEPARTMENT = frozenset(
    {State.DISPATCHED, State.HANDLING, State.REPORTED, State.CHECKING, State.REWORK}
)
ENDED = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED, State.VOID})


class Desk(models.TextChoices):
    """Who must act next: every open case lies on exactly one desk, never on none."""

    NOBODY = "", _("Nobody (ended)")
    ACCEPTANCE = "acceptance", _("Acceptance")
    ROUTER = "router", _("Router")
    DISPATCH = "dispatch", _("Dispatcher")
    HEAD = "head", _("Department head")
    FINANCE = "finance", _("Finance and committee")
    COMMITTEE = "committee", _("Committee")
    DUTY = "duty", _("Duty officer")
    HANDLER = "handler", _("Handler")
    VERIFIER = "verifier", _("Verifier")


class Actor(models.TextChoices):
    """What a person is to this one case."""

    REPORTER = "reporter", _("Reporter")
    ACCEPTOR = "acceptor", _("Acceptance clerk")
    DISPATCHER = "dispatcher", _("Dispatcher")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    COMMITTEE = "committee", _("Committee")
    HANDLER = "handler", _("Handler")
    HEAD = "head", _("Head of the lead department")
    VERIFIER = "verifier", _("Verifier")
    PAYER = "payer", _("Owner of the budget line")
    ROUTER = "router", _("Router")


# Where a case lies as soon as it has come to a state (the router chooses among more for FILED).
DESK_OF = {
    State.SUBMITTED: Desk.ACCEPTANCE,
    State.FILED: Desk.ROUTER,
    State.RETURNED: Desk.DISPATCH,
    State.DISPATCHED: Desk.HANDLER,
    State.HANDLING: Desk.HANDLER,
    State.REWORK: Desk.HANDLER,
    State.REPORTED: Desk.HEAD,
    State.CHECKING: Desk.VERIFIER,
    **dict.fromkeys(ENDED, Desk.NOBODY),
}

# What the router answers: a match, or the code of a refusal; a fault is a case on which the router
# itself failed.
MATCH = "match"
FAULT = "fault"

# Who decides where the router refuses.
DESK_OF_REFUSAL = {
    "no_place": Desk.DISPATCH,
    "no_category": Desk.DISPATCH,
    "no_staff": Desk.HEAD,
    "no_money": Desk.FINANCE,
    "gap": Desk.COMMITTEE,
    "overlap": Desk.COMMITTEE,
    "not_admitted": Desk.COMMITTEE,
    "emergency": Desk.DUTY,
    FAULT: Desk.DISPATCH,
}

# What the router refuses because the duty list does not say who leads: the committee settles it.
DUTY_UNCLEAR = frozenset({"gap", "overlap", "not_admitted"})

MOVES: dict[str, Move] = {
    "file": move({State.SUBMITTED}, State.FILED, by={Actor.ACCEPTOR, Actor.ROUTER}),
    "reject": move({State.SUBMITTED}, State.REJECTED, by={Actor.ACCEPTOR}),
    "cancel": move({State.SUBMITTED}, State.CANCELLED, by={Actor.REPORTER}),
    "correct": move(
        {State.SUBMITTED, State.FILED, State.RETURNED},
        None,
        by={Actor.ACCEPTOR, Actor.DISPATCHER, Actor.DUTY_OFFICER},
    ),
    "dispatch": move(
        {State.FILED, State.RETURNED},
        State.DISPATCHED,
        by={Actor.ROUTER, Actor.DISPATCHER, Actor.DUTY_OFFICER, Actor.COMMITTEE, Actor.HEAD},
    ),
    "refuse_match": move({State.FILED, State.RETURNED}, None, by={Actor.ROUTER}),
    "act_first": move(
        {State.FILED, State.RETURNED},
        State.DISPATCHED,
        by={Actor.COMMITTEE, Actor.DUTY_OFFICER},
    ),
    "settle": move({State.FILED, State.RETURNED}, None, by={Actor.COMMITTEE}),
    "fund": move(WITH_DEPARTMENT, None, by={Actor.ROUTER, Actor.PAYER}),
    "back_to_intake": move(
        {State.FILED, State.RETURNED}, State.SUBMITTED, by={Actor.DISPATCHER, Actor.DUTY_OFFICER}
    ),
    "sign": move({State.DISPATCHED}, State.HANDLING, by={Actor.HANDLER, Actor.HEAD}),
    "reassign": move(
        {State.DISPATCHED, State.HANDLING, State.REWORK},
        None,
        by={Actor.HEAD, Actor.DISPATCHER},
    ),
    "return": move(
        {State.DISPATCHED, State.HANDLING},
        State.RETURNED,
        by={Actor.HANDLER, Actor.HEAD},
    ),
    "report": move({State.HANDLING, State.REWORK}, State.REPORTED, by={Actor.HANDLER}),
    "confirm": move({State.REPORTED}, State.CHECKING, by={Actor.HEAD}),
    "send_back": move({State.REPORTED}, State.HANDLING, by={Actor.HEAD}),
    "pass": move({State.CHECKING}, State.CLOSED, by={Actor.VERIFIER}),
    "fail": move({State.CHECKING}, State.REWORK, by={Actor.VERIFIER}),
    "void": move(
        {
            State.SUBMITTED,
            State.FILED,
            State.RETURNED,
            State.DISPATCHED,
            State.HANDLING,
            State.REWORK,
        },
        State.VOID,
        by={Actor.DISPATCHER, Actor.DUTY_OFFICER, Actor.COMMITTEE},
    ),
    "publish_text": move(
        OPEN | {State.CLOSED}, None, by={Actor.ACCEPTOR, Actor.DISPATCHER, Actor.HEAD}
    ),
    "note": move(
        OPEN,
        None,
        by={
            Actor.ACCEPTOR,
            Actor.DISPATCHER,
            Actor.DUTY_OFFICER,
            Actor.COMMITTEE,
            Actor.HANDLER,
            Actor.HEAD,
            Actor.VERIFIER,
        },
    ),
}

# Moves for which the person must write why.
NEEDS_REASON = frozenset(
    {"reject", "act_first", "back_to_intake", "return", "send_back", "fail", "void", "note"}
)
