"""The tables of moves of this app as one page of documentation."""

from lib.state_pages import Drawn, page_of_states
from volunteers.workflow import activities as work
from volunteers.workflow import hours, people, wishes
from volunteers.workflow import organisations as bodies

HEAD = """# The states of volunteers' work

Written by `manage.py volunteer_states` from `volunteers/workflow/`; a test compares.
Change the tables, not this page.
"""
DRAWN: list[Drawn] = [
    Drawn("A volunteer", ("waiting",), people.MOVES, people.State, people.Actor),
    Drawn(
        "An organisation",
        ("waiting",),
        bodies.ORGANISATION_MOVES,
        bodies.OrganisationState,
        bodies.OrganisationActor,
    ),
    Drawn(
        "A report to a community (双报到)",
        ("waiting",),
        bodies.REPORT_MOVES,
        bodies.ReportState,
        bodies.ReportActor,
    ),
    Drawn(
        "A task that was taken up",
        ("taken",),
        bodies.TASK_MOVES,
        bodies.TaskState,
        bodies.ReportActor,
    ),
    Drawn("An activity", ("draft",), work.MOVES, work.State, work.Actor),
    Drawn(
        "A sign-up",
        ("asked", "confirmed"),
        work.SIGNUP_MOVES,
        work.SignupState,
        work.SignupActor,
    ),
    Drawn(
        "A place on the waiting list",
        ("waiting",),
        work.WAITING_MOVES,
        work.WaitingState,
        work.WaitingActor,
    ),
    Drawn("A call for volunteers", ("open",), work.CALL_MOVES, work.CallState, work.CallActor),
    Drawn(
        "A stay at a shift, and its hours",
        ("present",),
        hours.PRESENCE_MOVES,
        hours.PresenceState,
        hours.PresenceActor,
    ),
    Drawn(
        "An objection to hours",
        ("open",),
        hours.OBJECTION_MOVES,
        hours.ObjectionState,
        hours.ObjectionActor,
    ),
    Drawn("A wish", ("asked",), wishes.WISH_MOVES, wishes.WishState, wishes.WishActor),
    Drawn(
        "A wish that somebody has taken up",
        ("taken",),
        wishes.TAKE_MOVES,
        wishes.TakeState,
        wishes.TakeActor,
    ),
    Drawn(
        "An offer or request of help",
        ("open",),
        wishes.HELP_MOVES,
        wishes.HelpState,
        wishes.HelpActor,
    ),
    Drawn("Help agreed on", ("proposed",), wishes.DEAL_MOVES, wishes.DealState, wishes.DealActor),
]


def draw_states() -> str:
    """`docs/volunteer-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
