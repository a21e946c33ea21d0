"""The closed loop as a table: states, actors, moves. Data only: pages, API and docs read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.workflow import Move, move


class State(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for acceptance")
    VERIFYING = "verifying", _("Being looked at on site")
    FILED = "filed", _("Filed, to be dispatched")
    RETURNED = "returned", _("Returned, to be sent elsewhere")
    ADJUDICATING = "adjudicating", _("In dispute, the committee decides")
    DISPATCHED = "dispatched", _("Dispatched, to be signed")
    HANDLING = "handling", _("In work")
    SUSPENDED = "suspended", _("Suspended until a date")
    SPLIT = "split", _("Split, waits for its parts")
    REPORTED = "reported", _("Result to be confirmed")
    CHECKING = "checking", _("To be checked")
    REWORK = "rework", _("Rework")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Not accepted")
    CANCELLED = "cancelled", _("Withdrawn")
    VOID = "void", _("Void")
    MERGED = "merged", _("Merged into another case")


OPEN = frozenset(
    {
        State.SUBMITTED,
        State.VERIFYING,
        State.FILED,
        State.RETURNED,
        State.ADJUDICATING,
        State.DISPATCHED,
        State.HANDLING,
        State.SUSPENDED,
        State.SPLIT,
        State.REPORTED,
        State.CHECKING,
        State.REWORK,
    }
)
# A task of a lead department is open.
WITH_DEPARTMENT = frozenset(
    {
        State.DISPATCHED,
        State.HANDLING,
        State.SUSPENDED,
        State.REPORTED,
        State.CHECKING,
        State.REWORK,
    }
)
# Others may be asked to assist, and their work goes on.
ASSISTED = frozenset({State.DISPATCHED, State.HANDLING, State.REWORK})
# The handling clock runs: it ends when the department confirms, and stands while suspended.
CLOCK_RUNS = frozenset({State.DISPATCHED, State.HANDLING, State.REPORTED, State.REWORK})
ENDED = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED, State.VOID, State.MERGED})


class Desk(models.TextChoices):
    """Who must act next: every open case lies on exactly one desk, never on none."""

    NOBODY = "", _("Nobody (ended)")
    ACCEPTANCE = "acceptance", _("Acceptance")
    SITE = "site", _("Grid worker, on site")
    ROUTER = "router", _("Router")
    DISPATCH = "dispatch", _("Dispatcher")
    HEAD = "head", _("Department head")
    FINANCE = "finance", _("Finance and committee")
    COMMITTEE = "committee", _("Committee")
    DUTY = "duty", _("Duty officer")
    HANDLER = "handler", _("Handler")
    VERIFIER = "verifier", _("Verifier")
    CLOCK = "clock", _("Waits for a date or for others")


class Actor(models.TextChoices):
    """What a person is to this one case."""

    REPORTER = "reporter", _("Reporter")
    ACCEPTOR = "acceptor", _("Acceptance clerk")
    GRID_WORKER = "grid_worker", _("Grid worker of the grid")
    DISPATCHER = "dispatcher", _("Dispatcher")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    COMMITTEE = "committee", _("Committee")
    HANDLER = "handler", _("Handler")
    HEAD = "head", _("Head of the lead department")
    ASSISTANT = "assistant", _("Assisting department")
    VERIFIER = "verifier", _("Verifier")
    PAYER = "payer", _("Owner of the budget line")
    ROUTER = "router", _("Router")
    CLOCK = "clock", _("Clock")


# Where a case lies as soon as it has come to a state (the router chooses among more for FILED).
DESK_OF = {
    State.SUBMITTED: Desk.ACCEPTANCE,
    State.FILED: Desk.ROUTER,
    State.VERIFYING: Desk.SITE,
    State.RETURNED: Desk.DISPATCH,
    State.ADJUDICATING: Desk.COMMITTEE,
    State.SUSPENDED: Desk.CLOCK,
    State.SPLIT: Desk.CLOCK,
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
# A word or a category means danger: never routed before the duty officer has looked.
EMERGENCY = "emergency"

# Who decides where the router refuses.
DESK_OF_REFUSAL = {
    "no_place": Desk.DISPATCH,
    "no_category": Desk.DISPATCH,
    "no_staff": Desk.HEAD,
    "no_money": Desk.FINANCE,
    "gap": Desk.COMMITTEE,
    "overlap": Desk.COMMITTEE,
    "not_admitted": Desk.COMMITTEE,
    EMERGENCY: Desk.DUTY,
    FAULT: Desk.DISPATCH,
}

# What the router refuses because the duty list does not say who leads: the committee settles it.
DUTY_UNCLEAR = frozenset({"gap", "overlap", "not_admitted"})

BY_DEPARTMENT = {Actor.HANDLER, Actor.HEAD}

MOVES: dict[str, Move] = {
    # Acceptance.
    "verify": move({State.SUBMITTED}, State.VERIFYING, by={Actor.ACCEPTOR}),
    "verified": move({State.VERIFYING}, State.SUBMITTED, by={Actor.GRID_WORKER, Actor.CLOCK}),
    "file": move({State.SUBMITTED}, State.FILED, by={Actor.ACCEPTOR, Actor.ROUTER}),
    "reject": move({State.SUBMITTED}, State.REJECTED, by={Actor.ACCEPTOR}),
    "cancel": move({State.SUBMITTED, State.VERIFYING}, State.CANCELLED, by={Actor.REPORTER}),
    "correct": move(
        {State.SUBMITTED, State.FILED, State.RETURNED},
        None,
        by={Actor.ACCEPTOR, Actor.DISPATCHER, Actor.DUTY_OFFICER},
    ),
    "merge": move(
        {State.SUBMITTED, State.FILED, State.RETURNED},
        State.MERGED,
        by={Actor.ACCEPTOR, Actor.DISPATCHER},
    ),
    "unmerge": move({State.MERGED}, State.SUBMITTED, by={Actor.ACCEPTOR, Actor.DISPATCHER}),
    # The same for a case that had been filed.
    "unmerge_filed": move({State.MERGED}, State.FILED, by={Actor.ACCEPTOR, Actor.DISPATCHER}),
    # To a desk.
    "dispatch": move(
        {State.FILED, State.RETURNED},
        State.DISPATCHED,
        by={Actor.ROUTER, Actor.DISPATCHER, Actor.DUTY_OFFICER, Actor.COMMITTEE, Actor.HEAD},
    ),
    "release": move({State.FILED}, None, by={Actor.DUTY_OFFICER}),
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
    "refer": move({State.RETURNED}, State.ADJUDICATING, by={Actor.DISPATCHER, Actor.CLOCK}),
    "adjudicate": move({State.ADJUDICATING}, State.DISPATCHED, by={Actor.COMMITTEE}),
    # The department's work.
    "sign": move({State.DISPATCHED}, State.HANDLING, by=BY_DEPARTMENT),
    "reassign": move(
        {State.DISPATCHED, State.HANDLING, State.REWORK},
        None,
        by={Actor.HEAD, Actor.DISPATCHER},
    ),
    "return": move({State.DISPATCHED, State.HANDLING}, State.RETURNED, by=BY_DEPARTMENT),
    # A community was given what was not admitted to it: for the committee, and no return.
    "refuse_unadmitted": move({State.DISPATCHED, State.HANDLING}, State.RETURNED, by=BY_DEPARTMENT),
    # The post on which it ran has ended: the router is asked again.
    "hand_on": move(
        {State.DISPATCHED, State.HANDLING, State.REWORK}, State.RETURNED, by={Actor.CLOCK}
    ),
    "split": move(
        {State.FILED, State.RETURNED, State.HANDLING},
        State.SPLIT,
        by={Actor.DISPATCHER, Actor.HEAD},
    ),
    "join": move({State.SPLIT}, State.CLOSED, by={Actor.CLOCK}),
    "join_undone": move({State.SPLIT}, State.RETURNED, by={Actor.CLOCK}),
    "report": move({State.HANDLING, State.REWORK}, State.REPORTED, by={Actor.HANDLER}),
    "confirm": move({State.REPORTED}, State.CHECKING, by={Actor.HEAD, Actor.CLOCK}),
    "send_back": move({State.REPORTED}, State.HANDLING, by={Actor.HEAD}),
    # More time: requests with two reviews; the second one that grants a suspension suspends.
    "ask_extension": move({State.HANDLING, State.REWORK}, None, by=BY_DEPARTMENT),
    "review_extension": move(
        {State.HANDLING, State.REWORK}, None, by={Actor.HEAD, Actor.DISPATCHER}
    ),
    "ask_suspension": move({State.HANDLING}, None, by=BY_DEPARTMENT),
    "review_suspension": move({State.HANDLING}, None, by={Actor.HEAD, Actor.DISPATCHER}),
    "suspend": move({State.HANDLING}, State.SUSPENDED, by={Actor.DISPATCHER}),
    "resume": move({State.SUSPENDED}, State.HANDLING, by={Actor.HEAD, Actor.CLOCK}),
    # The clock tells who is late.
    "warn": move(CLOCK_RUNS, None, by={Actor.CLOCK}),
    "escalate": move(CLOCK_RUNS, None, by={Actor.CLOCK}),
    # The end, and what may come after it.
    "pass": move({State.CHECKING}, State.CLOSED, by={Actor.VERIFIER}),
    "fail": move({State.CHECKING}, State.REWORK, by={Actor.VERIFIER}),
    "void": move(
        {
            State.SUBMITTED,
            State.FILED,
            State.RETURNED,
            State.ADJUDICATING,
            State.DISPATCHED,
            State.HANDLING,
            State.SUSPENDED,
            State.REWORK,
        },
        State.VOID,
        by={Actor.DISPATCHER, Actor.DUTY_OFFICER, Actor.COMMITTEE},
    ),
    "ask_appeal": move({State.CLOSED}, None, by=BY_DEPARTMENT),
    "review_appeal": move({State.CLOSED}, None, by={Actor.DISPATCHER, Actor.ACCEPTOR}),
    "reopen": move(
        {State.CLOSED},
        State.FILED,
        by={
            Actor.REPORTER,
            Actor.VERIFIER,
            Actor.DISPATCHER,
            Actor.DUTY_OFFICER,
            Actor.CLOCK,
        },
    ),
    # Several bodies at one case.
    "whistle": move(OPEN, None, by={Actor.COMMITTEE, Actor.DUTY_OFFICER}),
    "assist_add": move(ASSISTED, None, by={Actor.DISPATCHER, Actor.HEAD, Actor.ROUTER}),
    "assist_sign": move(ASSISTED, None, by={Actor.ASSISTANT}),
    "assist_report": move(ASSISTED, None, by={Actor.ASSISTANT}),
    "assist_decline": move(ASSISTED, None, by={Actor.ASSISTANT}),
    "assist_accept": move(ASSISTED, None, by=BY_DEPARTMENT),
    "assist_send_back": move(ASSISTED, None, by=BY_DEPARTMENT),
    "assist_release": move(ASSISTED, None, by={Actor.HEAD, Actor.DISPATCHER}),
    "assist_lapse": move(ASSISTED, None, by={Actor.CLOCK}),
    "transfer": move({State.HANDLING, State.REWORK}, State.DISPATCHED, by=BY_DEPARTMENT),
    "supervise": move(WITH_DEPARTMENT, None, by={Actor.COMMITTEE, Actor.DUTY_OFFICER}),
    "reply_supervision": move(WITH_DEPARTMENT, None, by={Actor.HEAD}),
    "urge": move(OPEN - {State.SUSPENDED}, None, by={Actor.DISPATCHER, Actor.REPORTER}),
    # Words.
    "contact": move(
        OPEN,
        None,
        by={
            Actor.ACCEPTOR,
            Actor.DISPATCHER,
            Actor.DUTY_OFFICER,
            Actor.HANDLER,
            Actor.HEAD,
            Actor.VERIFIER,
        },
    ),
    "publish_text": move(
        OPEN | {State.CLOSED}, None, by={Actor.ACCEPTOR, Actor.DISPATCHER, Actor.HEAD}
    ),
    "note": move(
        OPEN,
        None,
        by={
            Actor.ACCEPTOR,
            Actor.GRID_WORKER,
            Actor.DISPATCHER,
            Actor.DUTY_OFFICER,
            Actor.COMMITTEE,
            Actor.HANDLER,
            Actor.HEAD,
            Actor.VERIFIER,
        },
    ),
}

# Who reviews a request, first and then second: never who asked, never twice the same person.
REVIEWERS = {
    "review_extension": (Actor.HEAD, Actor.DISPATCHER),
    "review_suspension": (Actor.HEAD, Actor.DISPATCHER),
    "review_appeal": (Actor.DISPATCHER, Actor.ACCEPTOR),
}

# Made inside another act, or by router and clock alone: no button, no address of their own.
WITHIN_OTHERS = frozenset(
    {
        "refuse_match",
        "suspend",
        "join",
        "join_undone",
        "hand_on",
        "assist_lapse",
        "warn",
        "escalate",
        "whistle",
        "unmerge_filed",
    }
)

# The states in which a task of assistance must be for each move on it.
ASSIST_STEPS = {
    "assist_sign": frozenset({"dispatched"}),
    "assist_report": frozenset({"handling"}),
    "assist_decline": frozenset({"dispatched", "handling"}),
    "assist_accept": frozenset({"reported"}),
    "assist_send_back": frozenset({"reported"}),
    "assist_release": frozenset({"dispatched", "handling", "reported"}),
}
BY_ASSISTANT = frozenset({"assist_sign", "assist_report", "assist_decline"})

# Moves for which the person must write why.
NEEDS_REASON = frozenset(
    {
        "assist_add",
        "assist_decline",
        "assist_send_back",
        "assist_release",
        "transfer",
        "supervise",
        "reply_supervision",
        "reject",
        "release",
        "act_first",
        "back_to_intake",
        "refer",
        "adjudicate",
        "return",
        "send_back",
        "ask_extension",
        "ask_suspension",
        "ask_appeal",
        "fail",
        "void",
        "reopen",
        "contact",
        "note",
    }
)

# Events of another system's archive, written at the moments at which they happened there.
ARCHIVED = frozenset({"take_over", "closed_elsewhere"})
