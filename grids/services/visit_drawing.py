"""The tables of moves of visits, findings, leave and swaps as pages of documentation."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override

from grids import duty_workflow as duty
from grids import visit_workflow as visiting
from lib.workflow import Move

HEAD = """# The states of visits and of what is found on them

Written by `manage.py visit_states` from `grids/visit_workflow.py`; a test compares.
Change the tables, not this page.
"""


HEAD_OF_DUTY = """# The states of leave and of swaps of shifts

Written by `manage.py visit_states` from `grids/duty_workflow.py`; a test compares.
Change the tables, not this page.
"""


def draw_states() -> str:
    """`docs/visit-states.md`, in English."""
    with override("en"):
        visits = _section("A visit", visiting.VISIT_MOVES, visiting.VisitState, visiting.Actor)
        findings = _section(
            "A finding", visiting.FINDING_MOVES, visiting.FindingState, visiting.Actor
        )
        return f"{HEAD}\n{visits}\n{findings}"


def draw_duty_states() -> str:
    """`docs/duty-states.md`, in English."""
    with override("en"):
        leave = _section("Leave", duty.LEAVE_MOVES, duty.LeaveState, duty.Actor)
        swaps = _section("A swap", duty.SWAP_MOVES, duty.SwapState, duty.Actor)
        return f"{HEAD_OF_DUTY}\n{leave}\n{swaps}"


def _section(title: str, moves: Mapping[str, Move], states: Any, actors: Any) -> str:
    """The first of the states is the one that everything begins in."""
    first = next(iter(states))
    arrows = [f"    [*] --> {first}\n"]
    for name, row in moves.items():
        froms = sorted(row.sources)
        arrows += [f"    {source} --> {row.leads_to(source)}: {name}\n" for source in froms]
    drawn = "".join(arrows)
    listed = "".join(f"| `{state}` | {state.label} |\n" for state in states)
    return (
        f"## {title}\n\n```mermaid\nstateDiagram-v2\n{drawn}```\n\n"
        f"| state | says |\n|---|---|\n{listed}\n{_table(moves, actors)}"
    )


def _table(moves: Mapping[str, Move], actors: Any) -> str:
    rows = [
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(actors(actor).label) for actor in sorted(row.actors))} |\n"
        for name, row in moves.items()
    ]
    return f"| move | from | to | by |\n|---|---|---|---|\n{''.join(rows)}"
