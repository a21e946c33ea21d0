"""A regulation's text is split into its articles, and two versions of one are laid side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from lib.numerals import NUMERAL, value_of

_ARTICLE = re.compile(rf"^[#*\s　]*(第({NUMERAL})条(?:之({NUMERAL}))?)(?:[*\s　:：、.]+|$)(.*)$")
_CHAPTER = re.compile(rf"^[#*\s　]*(第{NUMERAL}[编章节](?:[\s　]+|$).{{0,100}}?)[*\s　]*$")


@dataclass(slots=True)
class Article:
    """`number`: for instance (12, 1) for 第十二条之一."""

    label: str
    number: tuple[int, int]
    chapter: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.strip(" 　*#") for line in self.lines).strip()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters: `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


def split(text: str) -> list[Article]:
    """Articles in their order. What stands before the first (title, contents) belongs to none.

    A line that begins by citing an article (第三条 …) begins one only if its number is higher than
    the one before it: numbers rise.
    """
    found: list[Article] = []
    chapter = ""
    for line in text.splitlines():
        begins, heading = _ARTICLE.match(line), _CHAPTER.match(line)
        if begins and (number := _number(begins)) > (found[-1].number if found else (0, 0)):
            found.append(Article(begins[1], number, chapter, [begins[4]]))
        elif heading:
            chapter = " ".join(heading[1].split())
        elif found:
            found[-1].lines.append(line)
    return found


def _number(begins: "re.Match[str]") -> tuple[int, int]:
    return value_of(begins[2]), value_of(begins[3]) if begins[3] else 0


def compared(before: str, after: str) -> list[Piece]:
    """What went and what came between two texts, letter by letter, in reading order."""
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", after[c:d]))
            continue
        if b > a:
            pieces.append(Piece("gone", before[a:b]))
        if d > c:
            pieces.append(Piece("new", after[c:d]))
    return pieces


def paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Which text of one version became which of the other, by likeness: an article that was
    renumbered stays the same article. None: it went, or it is new."""
    pairs: list[tuple[int | None, int | None]] = []
    known = set(range(len(before)))
    for place, text in enumerate(after):
        best = max(known, key=lambda one: _alike(before[one], text), default=None)
        if best is not None and _alike(before[best], text) >= ALIKE:
            known.discard(best)
            pairs.append((best, place))
        else:
            pairs.append((None, place))
    return [*pairs, *((gone, None) for gone in sorted(known))]


ALIKE = 0.5


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
