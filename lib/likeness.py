"""How alike two texts are, in any script: the share of their pairs of characters that both have."""

from lib.pairs import pairs


def shingles(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters (words, for Latin letters) of a text."""
    return frozenset(pairs(text))


def likeness(a: frozenset[str], b: frozenset[str]) -> int:
    """Jaccard index in whole per cent: 0 nothing in common, 100 the same pairs."""
    if not a or not b:
        return 0
    return 100 * len(a & b) // len(a | b)
