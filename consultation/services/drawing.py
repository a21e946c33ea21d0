"""The tables of moves of consultation as one page of documentation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from consultation import commitment_workflow, project_workflow, workflow
from lib.workflow import Move, mermaid_arrows

HEAD = """# The states of consultation

Written by `manage.py consultation_states` from the tables in `consultation/*workflow.py`; a test
compares. Change the tables, not this page.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of moves: what it is about, its states and actors, where rows begin."""

    title: str
    moves: Mapping[str, Move]
    states: Any
    actors: Any
    first: str


TABLES = (
    Table("Topic", workflow.TOPIC_MOVES, workflow.TopicState, workflow.TopicActor, "proposed"),
    Table("Consultation", workflow.MOVES, workflow.State, workflow.Actor, "draft"),
    Table("Stage", workflow.STAGE_MOVES, workflow.StageState, workflow.Actor, "waiting"),
    Table("Objection", workflow.OBJECTION_MOVES, workflow.ObjectionState,
          workflow.ObjectionActor, "raised"),
    Table("Commitment", commitment_workflow.MOVES, commitment_workflow.State,
          commitment_workflow.Actor, "promised"),
    Table("Project call", project_workflow.CALL_MOVES, project_workflow.CallState,
          project_workflow.CallActor, "draft"),
    Table("Project idea", project_workflow.IDEA_MOVES, project_workflow.IdeaState,
          project_workflow.IdeaActor, "submitted"),
)  # fmt: skip


def draw_states() -> str:
    """`docs/consultation-states.md`, in English."""
    with override("en"):
        return HEAD + "".join(_drawn(table) for table in TABLES)


def _drawn(table: Table) -> str:
    arrows = f"    [*] --> {table.first}\n{mermaid_arrows(table.moves)}{_ends(table)}"
    diagram = f"```mermaid\nstateDiagram-v2\n{arrows}```\n"
    return f"\n## {table.title}\n\n{diagram}\n{_states(table)}\n{_moves(table)}"


def _ends(table: Table) -> str:
    left = {source for row in table.moves.values() for source in row.sources if row.target}
    ends = sorted(str(state) for state in table.states if str(state) not in left)
    return "".join(f"    {state} --> [*]\n" for state in ends)


def _states(table: Table) -> str:
    rows = "".join(f"| `{state}` | {state.label} |\n" for state in table.states)
    return f"| state | says |\n|---|---|\n{rows}"


def _moves(table: Table) -> str:
    rows = [
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(table.actors(actor).label) for actor in sorted(row.actors))} |\n"
        for name, row in table.moves.items()
    ]
    return f"| move | from | to | by |\n|---|---|---|---|\n{''.join(rows)}"
