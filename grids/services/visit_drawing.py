"""The tables of moves of visits and findings as a page of documentation."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override

from grids.visit_workflow import FINDING_MOVES, VISIT_MOVES, Actor, FindingState, VisitState
from lib.workflow import Move

HEAD = """# The states of visits and of what is found on them

Written by `manage.py visit_states` from `grids/visit_workflow.py`; a test compares.
Change the tables, not this page.
"""


def draw_states() -> str:
    """`docs/visit-states.md`, in English."""
    with override("en"):
        visits = _section("A visit", VISIT_MOVES, VisitState, "made")
        findings = _section("A finding", FINDING_MOVES, FindingState, "open")
        return f"{HEAD}\n{visits}\n{findings}"


def _section(title: str, moves: Mapping[str, Move], states: Any, first: str) -> str:
    arrows = [f"    [*] --> {first}\n"]
    for name, row in moves.items():
        froms = sorted(row.sources)
        arrows += [f"    {source} --> {row.leads_to(source)}: {name}\n" for source in froms]
    drawn = "".join(arrows)
    listed = "".join(f"| `{state}` | {state.label} |\n" for state in states)
    return (
        f"## {title}\n\n```mermaid\nstateDiagram-v2\n{drawn}```\n\n"
        f"| state | says |\n|---|---|\n{listed}\n{_table(moves)}"
    )


def _table(moves: Mapping[str, Move]) -> str:
    rows = [
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(Actor(actor).label) for actor in sorted(row.actors))} |\n"
        for name, row in moves.items()
    ]
    return f"| move | from | to | by |\n|---|---|---|---|\n{''.join(rows)}"
