"""Two texts beside each other: paragraph by paragraph, and letter by letter within a paragraph."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from consultation.articles import Piece, compared


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of the older text beside what became of it; an empty side: it is new, or went.

    `kind`: same, changed, gone, new. `old` has no pieces that are new, `new` none that are gone.
    """

    kind: str
    old: list[Piece] = field(default_factory=list)
    new: list[Piece] = field(default_factory=list)


def side_by_side(before: str, after: str) -> list[Row]:
    """Rows in reading order; lines that only moved are gone in one place and new in another."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            rows += [_same(line) for line in old[a:b]]
            continue
        pairs = min(b - a, d - c)
        rows += [_changed(*two) for two in zip(old[a : a + pairs], new[c : c + pairs], strict=True)]
        rows += [Row("gone", old=[Piece("gone", line)]) for line in old[a + pairs : b]]
        rows += [Row("new", new=[Piece("new", line)]) for line in new[c + pairs : d]]
    return rows


def differences(before: str, after: str) -> list[Row]:
    """The rows that are not the same."""
    return [row for row in side_by_side(before, after) if row.kind != "same"]


def _same(line: str) -> Row:
    piece = [Piece("same", line)]
    return Row("same", piece, piece)


def _changed(before: str, after: str) -> Row:
    pieces = compared(before, after)
    old = [piece for piece in pieces if piece.kind != "new"]
    return Row("changed", old, [piece for piece in pieces if piece.kind != "gone"])
