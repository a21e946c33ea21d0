"""Tables of moves as a page of documentation: diagrams, states and moves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import override

from lib.workflow import Move, mermaid_arrows


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table of moves with its title, the states in which a row begins, and its words."""

    title: str
    begins: tuple[str, ...]
    moves: Mapping[str, Move]
    states: type[TextChoices]
    actors: type[TextChoices]


def page_of_states(head: str, drawn: Iterable[Drawn]) -> str:
    """Markdown in English: the head, then a section for each table."""
    with override("en"):
        return head + "".join(map(_section, drawn))


def _section(drawn: Drawn) -> str:
    begins = "".join(f"    [*] --> {state}\n" for state in drawn.begins)
    arrows = f"{begins}{mermaid_arrows(drawn.moves)}{_ends(drawn)}"
    diagram = f"```mermaid\nstateDiagram-v2\n{arrows}```\n"
    states = "".join(f"| `{state}` | {state.label} |\n" for state in drawn.states)
    moves = "".join(
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(drawn.actors(actor).label) for actor in sorted(row.actors))} |\n"
        for name, row in drawn.moves.items()
    )
    return (
        f"\n## {drawn.title}\n\n{diagram}\n| state | says |\n|---|---|\n{states}"
        f"\n| move | from | to | by |\n|---|---|---|---|\n{moves}"
    )


def _ends(drawn: Drawn) -> str:
    """From where nothing leads on."""
    left = {source for row in drawn.moves.values() if row.target for source in row.sources}
    ends = sorted(state for state in drawn.states.values if state not in left)
    return "".join(f"    {state} --> [*]\n" for state in ends)
