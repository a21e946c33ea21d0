"""Workflows as tables: states, actors and moves are data that pages, API, docs and tests read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation, WrongState


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a workflow table.

    `sources` are the states that it may start from, `target` the state that it leads to
    (None: it stays), `actors` what a person must be to this object to make it.
    """

    sources: frozenset[str]
    target: str | None
    actors: frozenset[str]

    def starts_from(self, state: str) -> bool:
        return state in self.sources

    def is_for(self, actors: Iterable[str]) -> bool:
        return not self.actors.isdisjoint(actors)

    def leads_to(self, state: str) -> str:
        return self.target if self.target is not None else state


def move(sources: Iterable[str], target: str | None, *, by: Iterable[str]) -> Move:
    """`"resolve": move({HANDLING}, RESOLVED, by={HANDLER})`."""
    return Move(frozenset(map(str, sources)), target and str(target), frozenset(map(str, by)))


def moves_open_to(moves: Mapping[str, Move], *, state: str, actors: Iterable[str]) -> list[str]:
    """Names of the moves that somebody who is `actors` to an object in `state` may make."""
    mine = frozenset(actors)
    return [name for name, row in moves.items() if row.starts_from(state) and row.is_for(mine)]


def demand(  # noqa: PLR0913 -- the table, the row and who asks
    moves: Mapping[str, Move],
    name: str,
    *,
    state: str,
    label: Callable[[str], Any],
    actors: Callable[[], Iterable[str]],
    needs_reason: Collection[str] = (),
    reason: str = "",
) -> Move:
    """The move's row, if somebody who is `actors()` may make it from `state` with this reason.

    `label` gives a state's words. Raises WrongState, NotYours, RuleViolation (no reason given).
    """
    row = moves[name]
    if not row.starts_from(state):
        now = str(label(state))
        raise WrongState(_("This has moved on: it is now “%(state)s”.") % {"state": now})
    if not row.is_for(actors()):
        raise NotYours(_("This step belongs to somebody else."))
    if name in needs_reason and not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    return row


def arrows(moves: Mapping[str, Move]) -> set[tuple[str, str, str, str]]:
    """The complete set of (move, from, to, actor): what a table says, spelled out."""
    return {
        (name, source, row.leads_to(source), actor)
        for name, row in moves.items()
        for source in row.sources
        for actor in row.actors
    }


def mermaid_arrows(moves: Mapping[str, Move]) -> str:
    """Lines of a state diagram, one per pair of states; moves that stay are left out."""
    labels: dict[tuple[str, str], list[str]] = {}
    for name, row in moves.items():
        for source in sorted(row.sources):
            if row.target is not None:
                labels.setdefault((source, row.target), []).append(name)
    rows = sorted(labels.items())
    return "".join(f"    {a} --> {b}: {', '.join(names)}\n" for (a, b), names in rows)
