"""The tables of moves of visits, findings, leave and swaps as pages of documentation."""

from grids import duty_workflow as duty
from grids import visit_workflow as visiting
from lib.state_pages import Drawn, page_of_states

HEAD = """# The states of visits and of what is found on them

Written by `manage.py visit_states` from `grids/visit_workflow.py`; a test compares.
Change the tables, not this page.
"""
HEAD_OF_DUTY = """# The states of leave and of swaps of shifts

Written by `manage.py visit_states` from `grids/duty_workflow.py`; a test compares.
Change the tables, not this page.
"""
DRAWN = (
    Drawn("A visit", ("made",), visiting.VISIT_MOVES, visiting.VisitState, visiting.Actor),
    Drawn("A finding", ("open",), visiting.FINDING_MOVES, visiting.FindingState, visiting.Actor),
)
DRAWN_OF_DUTY = (
    Drawn("Leave", (duty.LeaveState.values[0],), duty.LEAVE_MOVES, duty.LeaveState, duty.Actor),
    Drawn("A swap", (duty.SwapState.values[0],), duty.SWAP_MOVES, duty.SwapState, duty.Actor),
)


def draw_states() -> str:
    """`docs/visit-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)


def draw_duty_states() -> str:
    """`docs/duty-states.md`, in English."""
    return page_of_states(HEAD_OF_DUTY, DRAWN_OF_DUTY)
