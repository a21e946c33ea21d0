"""What is counted in a text: pairs of characters and words, and the same of how it begins.

Characters find parts of words that nobody has listed; jieba's words carry over best from one way
of writing to another; a report says in its first words what it is about.
"""

import functools
import logging
from collections.abc import Callable, Mapping

import jieba

# Characters of the normalised text that count as its beginning: about a title.
HEAD = 20


@functools.cache
def _segmenter() -> jieba.Tokenizer:
    """jieba's own dictionary, read once when somebody needs it (about a second)."""
    jieba.setLogLevel(logging.ERROR)
    return jieba.Tokenizer()


def segmented(text: str) -> list[str]:
    """The words of a text, in their order."""
    return [str(word) for word in _segmenter().lcut(text)]


def _characters(text: str) -> list[str]:
    pairs = [text[place : place + 2] for place in range(len(text) - 1)]
    return [*text, *pairs]


def _beginning(text: str) -> list[str]:
    return _characters(text[:HEAD])


# Each kind of feature is counted and scaled by itself, then weighs this much beside the others.
KINDS: Mapping[str, tuple[Callable[[str], list[str]], float]] = {
    "characters": (_characters, 1.0),
    "words": (segmented, 1.0),
    "beginning": (_beginning, 0.9),
}
