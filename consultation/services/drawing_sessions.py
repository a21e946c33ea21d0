"""The tables of sessions, minutes and votes as a page of documentation."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import override

from consultation import session_workflow as tables
from lib.workflow import Move, mermaid_arrows

HEAD = """# The states of sessions, minutes and votes

Written by `manage.py session_states` from `consultation/session_workflow.py`; a test compares.
Change the table, not this page.
"""
DRAWN: tuple[tuple[str, Mapping[str, Move], type[TextChoices]], ...] = (
    ("Session", tables.SESSION_MOVES, tables.SessionState),
    ("Invitation", tables.INVITATION_MOVES, tables.InvitationState),
    ("Minutes", tables.MINUTES_MOVES, tables.MinutesState),
    ("Amendment", tables.AMENDMENT_MOVES, tables.AmendmentState),
    ("Vote", tables.VOTE_MOVES, tables.VoteState),
)


def draw_states() -> str:
    """`docs/session-states.md`, in English."""
    with override("en"):
        return HEAD + "".join(_drawn(*one) for one in DRAWN)


def _drawn(title: str, moves: Mapping[str, Move], states: type[TextChoices]) -> str:
    first = states.values[0]
    named = "".join(f"| `{state}` | {states(state).label} |\n" for state in states.values)
    return (
        f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n    [*] --> {first}\n"
        f"{mermaid_arrows(moves)}```\n\n"
        f"| state | says |\n|---|---|\n{named}\n{_rows(moves)}"
    )


def _rows(moves: Mapping[str, Move]) -> str:
    rows = [
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(tables.SessionActor(a).label) for a in sorted(row.actors))} |\n"
        for name, row in moves.items()
    ]
    return f"| move | from | to | by |\n|---|---|---|---|\n{''.join(rows)}"
