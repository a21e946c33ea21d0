"""The table of an application's moves as a page of documentation."""

from django.utils.translation import override

from funding.services.moving import ENDED
from funding.workflow import MOVES, Actor, State
from lib.workflow import mermaid_arrows

HEAD = """# The states of an application for money

Written by `manage.py application_states` from `funding/workflow.py`; a test compares.
Change the table, not this page.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def draw_states() -> str:
    """`docs/application-states.md`, in English."""
    with override("en"):
        return f"{HEAD}{mermaid_arrows(MOVES)}{_ends()}```\n\n{_states()}\n{_moves()}"


def _ends() -> str:
    return "".join(f"    {state} --> [*]\n" for state in sorted(ENDED))


def _states() -> str:
    rows = "".join(f"| `{state}` | {state.label} |\n" for state in State)
    return f"| state | says |\n|---|---|\n{rows}"


def _moves() -> str:
    rows = [
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(Actor(actor).label) for actor in sorted(row.actors))} |\n"
        for name, row in MOVES.items()
    ]
    return f"| move | from | to | by |\n|---|---|---|---|\n{''.join(rows)}"
