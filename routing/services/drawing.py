"""The tables of moves of this app as one page of documentation."""

from lib.state_pages import Drawn, page_of_states
from routing.workflow import (
    APPLICATION_MOVES,
    CHANGE_MOVES,
    ApplicationActor,
    ApplicationState,
    ChangeActor,
    ChangeState,
)

HEAD = """# The states of admissions and of changes of the duty list

Written by `manage.py admission_states` from `routing/workflow.py`; a test compares.
Change the tables, not this page.
"""
DRAWN = [
    Drawn(
        "An application for admission (社区工作事项准入)",
        ("draft",),
        APPLICATION_MOVES,
        ApplicationState,
        ApplicationActor,
    ),
    Drawn(
        "A change of the duty list (权责清单变更草案)",
        ("draft",),
        CHANGE_MOVES,
        ChangeState,
        ChangeActor,
    ),
]


def draw_states() -> str:
    """`docs/admission-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
