"""The tables of moves of this app as one page of documentation."""

from emergency import workflow
from lib.state_pages import Drawn, page_of_states

HEAD = """# The states of an emergency

Written by `manage.py emergency_states` from `emergency/workflow.py`; a test compares.
Change the tables, not this page.
"""
DRAWN = (
    Drawn(
        "An order (应急动员令)",
        ("draft",),
        workflow.ORDER_MOVES,
        workflow.OrderState,
        workflow.OrderActor,
    ),
    Drawn(
        "Somebody who was called (召集)",
        ("called",),
        workflow.CALLED_MOVES,
        workflow.CalledState,
        workflow.CalledActor,
    ),
    Drawn(
        "A task in a grid", ("given",), workflow.TASK_MOVES, workflow.TaskState, workflow.TaskActor
    ),
)


def draw_states() -> str:
    """`docs/emergency-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
