"""What fits under an amount of money, in the order of the votes: pure, exact, with its reasons.

The list is walked once from the top. An idea that costs more than is left is passed over, and the
walk goes on: a smaller one below it may still fit. Ties go to the idea that came in first, which
everybody can check by its number. Nothing is optimised behind anybody's back: the most votes per
yuan would choose otherwise, and nobody could follow it on paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` also breaks ties: the smaller came in first. `cost` in fen, positive."""

    key: int
    votes: int
    cost: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: `left` is what was left before it, in fen."""

    key: int
    rank: int
    votes: int
    cost: int
    left: int
    fits: bool


def by_votes(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (-entry.votes, entry.key))


def fit(entries: Iterable[Entry], *, budget: int, least_votes: int = 1) -> list[Place]:
    """The places of `entries` in the order given; what nobody voted for does not fit."""
    places, left = [], budget
    for rank, entry in enumerate(entries, start=1):
        fits = entry.votes >= least_votes and entry.cost <= left
        places.append(Place(entry.key, rank, entry.votes, entry.cost, left, fits))
        left -= entry.cost if fits else 0
    return places
