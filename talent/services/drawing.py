"""The tables of moves of this app as one page of documentation."""

from lib.state_pages import Drawn, page_of_states
from talent.workflow import selection as choosing
from talent.workflow import training

HEAD = """# The states of training and selection

Written by `manage.py talent_states` from `talent/workflow/`; a test compares.
Change the tables, not this page.
"""
DRAWN: list[Drawn] = [
    Drawn(
        "A course",
        ("planned",),
        training.COURSE_MOVES,
        training.CourseState,
        training.CourseActor,
    ),
    Drawn(
        "An enrolment",
        ("enrolled",),
        training.ENROLMENT_MOVES,
        training.EnrolmentState,
        training.EnrolmentActor,
    ),
    Drawn(
        "A selection (选拔)",
        ("draft",),
        choosing.SELECTION_MOVES,
        choosing.SelectionState,
        choosing.SelectionActor,
    ),
    Drawn(
        "A candidate",
        ("recommended", "applied"),
        choosing.CANDIDATE_MOVES,
        choosing.CandidateState,
        choosing.CandidateActor,
    ),
    Drawn(
        "An objection to a candidate",
        ("open",),
        choosing.OBJECTION_MOVES,
        choosing.ObjectionState,
        choosing.ObjectionActor,
    ),
]


def draw_states() -> str:
    """`docs/talent-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
