"""What is counted in a text: pairs of characters and words, and the same of how it begins.

Characters find parts of words that nobody has listed; jieba's words carry over best from one way
of writing to another; a report says in its first words what it is about.
"""

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import jieba

from routing.words.normal import pieces

# Characters of the normalised text that count as its beginning: about a title.
HEAD = 20


@functools.cache
def _segmenter() -> jieba.Tokenizer:
    """jieba's own dictionary, read once when somebody needs it (about a second)."""
    jieba.setLogLevel(logging.ERROR)
    return jieba.Tokenizer()


def segmented(pieces: Sequence[str]) -> list[str]:
    """The words of a text, in their order; no word reaches from one piece into the next."""
    return [str(word) for piece in pieces for word in _segmenter().lcut(piece)]


def _characters(pieces: Sequence[str]) -> list[str]:
    return _pairs("".join(pieces))


def _beginning(pieces: Sequence[str]) -> list[str]:
    return _pairs("".join(pieces)[:HEAD])


def _pairs(text: str) -> list[str]:
    """Every character and every two that follow each other, over what was left out between them."""
    return [*text, *(text[place : place + 2] for place in range(len(text) - 1))]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of feature: how it is read out of the pieces of a text, and how much it weighs."""

    read: Callable[[Sequence[str]], list[str]]
    weight: float


# Each kind is counted and scaled by itself.
KINDS: Mapping[str, Kind] = {
    "characters": Kind(_characters, 1.0),
    "words": Kind(segmented, 1.0),
    "beginning": Kind(_beginning, 0.9),
}
Features = Mapping[str, Sequence[str]]


def features_of(text: str) -> Features:
    """The features of a text as it was written, by kind."""
    left = pieces(text)
    return {name: kind.read(left) for name, kind in KINDS.items()}
