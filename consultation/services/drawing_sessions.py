"""The tables of sessions, minutes and votes as a page of documentation."""

from consultation import session_workflow as tables
from lib.state_pages import Drawn, page_of_states

HEAD = """# The states of sessions, minutes and votes

Written by `manage.py session_states` from `consultation/session_workflow.py`; a test compares.
Change the table, not this page.
"""
DRAWN = tuple(
    Drawn(title, (states.values[0],), moves, states, tables.SessionActor)
    for title, moves, states in (
        ("Session", tables.SESSION_MOVES, tables.SessionState),
        ("Invitation", tables.INVITATION_MOVES, tables.InvitationState),
        ("Minutes", tables.MINUTES_MOVES, tables.MinutesState),
        ("Amendment", tables.AMENDMENT_MOVES, tables.AmendmentState),
        ("Vote", tables.VOTE_MOVES, tables.VoteState),
    )
)


def draw_states() -> str:
    """`docs/session-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
