"""The workflow table as a page of documentation: a diagram and the moves in words."""

from django.utils.translation import override

from cases.workflow import ENDED, MOVES, NEEDS_REASON, Actor, State

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
        return f"{HEAD}{_arrows()}{_ends()}```\n\n{_states()}\n{_moves()}"


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
