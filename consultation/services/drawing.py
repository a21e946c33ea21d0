"""The tables of moves of consultation as one page of documentation."""

from consultation import commitment_workflow, project_workflow, workflow
from lib.state_pages import Drawn, page_of_states

HEAD = """# The states of consultation

Written by `manage.py consultation_states` from the tables in `consultation/*workflow.py`; a test
compares. Change the tables, not this page.
"""
DRAWN = (
    Drawn("Topic", ("proposed",), workflow.TOPIC_MOVES, workflow.TopicState, workflow.TopicActor),
    Drawn("Consultation", ("draft",), workflow.MOVES, workflow.State, workflow.Actor),
    Drawn("Stage", ("waiting",), workflow.STAGE_MOVES, workflow.StageState, workflow.Actor),
    Drawn("Objection", ("raised",), workflow.OBJECTION_MOVES, workflow.ObjectionState,
          workflow.ObjectionActor),
    Drawn("Commitment", ("promised",), commitment_workflow.MOVES, commitment_workflow.State,
          commitment_workflow.Actor),
    Drawn("Project call", ("draft",), project_workflow.CALL_MOVES, project_workflow.CallState,
          project_workflow.CallActor),
    Drawn("Project idea", ("submitted",), project_workflow.IDEA_MOVES, project_workflow.IdeaState,
          project_workflow.IdeaActor),
)  # fmt: skip


def draw_states() -> str:
    """`docs/consultation-states.md`, in English."""
    return page_of_states(HEAD, DRAWN)
