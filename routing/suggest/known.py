"""Small classes as they are looked for: by name, pinyin initials, English, code or keyword."""

import datetime
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from routing.models import Category


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed of a category to find it."""

    id: int
    code: str
    name: str
    name_en: str
    initials: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`score` lies between 0 and 1 and orders suggestions. Where a model was asked (`version`) it
    is the share of such answers that are right; of keywords it is no probability. `words` are those
    that mattered. `is_certain`: sure enough that nobody need look. `version`: the model's number.
    """

    category_id: int
    score: float
    words: tuple[str, ...]
    version: int | None = None
    is_certain: bool = False


def initials_of(name: str) -> str:
    """Pinyin initials of a Chinese name: 井盖缺失 → jgqs. Latin letters and digits stay."""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(letter for letter in "".join(letters).lower() if letter.isalnum())


def find_categories(typed: str, limit: int = 20, *, on: datetime.date | None = None) -> list[Known]:
    """Small classes for what a person is typing: Chinese, pinyin initials, English or code.

    Names that begin with it come first, then names that contain it, then keywords.
    """
    wanted = typed.strip().lower()
    if not wanted:
        return []
    found = [(rank, known) for known in known_categories(on) if (rank := _rank(wanted, known))]
    found.sort(key=lambda pair: (pair[0], len(pair[1].name), pair[1].id))
    return [known for _rank, known in found[:limit]]


def known_categories(on: datetime.date | None = None) -> list[Known]:
    """Small classes that hold on `on` (None: today or any other day), in one query."""
    rows = Category.objects.small_classes()
    if on is not None:
        rows = rows.valid_on(on)
    return [known_of(row) for row in rows.order_by("id")]


def known_of(row: Category) -> Known:
    words = tuple(row.keywords)
    return Known(row.pk, row.code, row.name, row.name_en, row.initials, words)


def _rank(wanted: str, known: Known) -> int:
    """1 is best; 0 = not found."""
    if known.name.startswith(wanted) or known.code == wanted:
        return 1
    if known.initials.startswith(wanted):
        return 2
    if wanted in known.name or wanted in known.name_en.lower():
        return 3
    if wanted in known.code or (len(wanted) > 1 and wanted in known.initials):
        return 4
    return 5 if any(wanted in word.lower() for word in known.keywords) else 0
