"""The table of moves of legislation as a page of documentation."""

from lib.state_pages import Drawn, page_of_states
from oversight.legislation_workflow import MOVES, Actor, Stage

HEAD = """# The stages of legislation

Written by `manage.py legislation_states` from `oversight/legislation_workflow.py`; a test compares.
Change the table, not this page.
"""
DRAWN = [Drawn("A file of legislation (立法)", ("suggested",), MOVES, Stage, Actor)]


def draw_states() -> str:
    """`docs/legislation-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
