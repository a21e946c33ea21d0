"""The table of an application's moves as a page of documentation."""

from funding.workflow import MOVES, Actor, State
from lib.state_pages import Drawn, page_of_states

HEAD = """# The states of an application for money

Written by `manage.py application_states` from `funding/workflow.py`; a test compares.
Change the table, not this page.
"""
DRAWN = (Drawn("An application (用款申请)", ("draft",), MOVES, State, Actor),)


def draw_states() -> str:
    """`docs/application-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
