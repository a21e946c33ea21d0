"""The workflow table as a page of documentation: a diagram and the moves in words."""

from django.utils.translation import override

from cases.whistle_workflow import CALL_MOVES, CallState, Side
from cases.workflow import ENDED, MOVES, NEEDS_REASON, Actor, State

WHISTLE_HEAD = """
# The states of a call

A whistle (街乡吹哨、部门报到) calls departments; each call goes its own way, and the whistle ends
with its last release. From `cases/whistle_workflow.py`.

```mermaid
stateDiagram-v2
    [*] --> called: blow, call_more
"""
HEAD = """# The states of a case

Written by `manage.py states` from `cases/workflow.py`; a test compares.
Change the table, not this page.

```mermaid
stateDiagram-v2
    [*] --> submitted: log
    [*] --> filed: log
"""


def draw_states() -> str:
    """`docs/states.md`, in English."""
    with override("en"):
        return f"{HEAD}{_arrows()}{_ends()}```\n\n{_states()}\n{_moves()}{_whistles()}"


def _arrows() -> str:
    """One line per pair of states; moves that stay where they are stand in the table only."""
    labels: dict[tuple[str, str], list[str]] = {}
    for name, row in MOVES.items():
        for source in sorted(row.sources, key=_rank):
            if row.target is not None:
                labels.setdefault((source, row.target), []).append(name)
    pairs = sorted(labels, key=lambda pair: (_rank(pair[0]), _rank(pair[1])))
    return "".join(f"    {a} --> {b}: {', '.join(labels[a, b])}\n" for a, b in pairs)


def _ends() -> str:
    return "".join(f"    {state} --> [*]\n" for state in sorted(ENDED, key=_rank))


def _states() -> str:
    rows = [f"| `{state.value}` | {state.label} |" for state in State]
    return "\n".join(["| state | meaning |", "|---|---|", *rows, ""])


def _moves() -> str:
    rows = [
        f"| `{name}` | {_listed(row.sources)} | {f'`{row.target}`' if row.target else 'stays'} "
        f"| {', '.join(_actor(actor) for actor in sorted(row.actors))} "
        f"| {'yes' if name in NEEDS_REASON else ''} |"
        for name, row in MOVES.items()
    ]
    return "\n".join(["| move | from | to | by | reason |", "|---|---|---|---|---|", *rows, ""])


def _listed(states: frozenset[str]) -> str:
    return ", ".join(f"`{state}`" for state in sorted(states, key=_rank))


def _actor(actor: str) -> str:
    return str(Actor(actor).label).lower()


def _rank(state: str) -> int:
    return list(State).index(State(state))


def _whistles() -> str:
    arrows = "".join(
        f"    {source} --> {row.target}: {name}\n"
        for name, row in CALL_MOVES.items()
        if row.target
        for source in sorted(row.sources)
    )
    states = [f"| `{state.value}` | {state.label} |" for state in CallState]
    moves = [
        f"| `{name}` | {', '.join(f'`{source}`' for source in sorted(row.sources))} "
        f"| {f'`{row.target}`' if row.target else 'stays'} "
        f"| {', '.join(str(Side(side).label).lower() for side in sorted(row.actors))} |"
        for name, row in CALL_MOVES.items()
    ]
    rows = ["", "| state | meaning |", "|---|---|", *states, ""]
    rows += ["| move | from | to | by |", "|---|---|---|---|", *moves, ""]
    return f"{WHISTLE_HEAD}{arrows}    released --> [*]\n```\n" + "\n".join(rows)
