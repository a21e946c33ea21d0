"""The tables of moves of appraisals as one page of documentation."""

from lib.state_pages import Drawn, page_of_states
from oversight import workflow

HEAD = """# The states of an appraisal

Written by `manage.py appraisal_states` from `oversight/workflow.py`; a test compares.
Change the tables, not this page.

Which role may make a move stands here; which person may not, the database says as well
(`oversight/migrations/sql`): nobody reviews what he opened, himself or his own body, or on both
levels; nobody answers an appeal against a result that he opened or signed.
"""
DRAWN = [
    Drawn("An appraisal (考核)", ("computing",), workflow.MOVES, workflow.State, workflow.Actor),
    Drawn(
        "An appeal or forgiveness (申诉、容错)",
        ("open",),
        workflow.APPEAL_MOVES,
        workflow.AppealState,
        workflow.AppealActor,
    ),
    Drawn(
        "A reward or penalty (奖惩)",
        ("proposed",),
        workflow.CONSEQUENCE_MOVES,
        workflow.ConsequenceState,
        workflow.ConsequenceActor,
    ),
]


def draw_states() -> str:
    """`docs/appraisal-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
