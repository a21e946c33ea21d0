"""The tables of moves of this app as one page of documentation."""

from committee import workflow
from lib.state_pages import Drawn, page_of_states

HEAD = """# The states of a committee's work

Written by `manage.py committee_states` from `committee/workflow.py`; a test compares.
Change the tables, not this page.
"""
DRAWN = (
    Drawn(
        "A meeting",
        ("planned",),
        workflow.MEETING_MOVES,
        workflow.MeetingState,
        workflow.MeetingActor,
    ),
    Drawn(
        "A task given by a decision (任务)",
        ("issued",),
        workflow.DIRECTIVE_MOVES,
        workflow.DirectiveState,
        workflow.DirectiveActor,
    ),
)


def draw_states() -> str:
    """`docs/committee-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
