"""What cites a law: which tables have a column for their basis, and which articles words name."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import models

from lib.numerals import articles_in
from organizations.models import Law, LawArticle

COLUMNS = ("legal_basis", "basis")
# The number of a citation that names the law and none of its articles.
WHOLE = 0
# A law of a province or city that bears the name of a national one is another law.
_NOT_BEFORE = "(?<![省市县区州旗])"

_tables: dict[str, type[models.Model]] = {}


def register(model: type[models.Model]) -> None:
    """Rows of this table are linked with what their basis names, whenever they are saved."""
    if column_of(model):
        _tables[model._meta.label_lower] = model


def tables() -> Mapping[str, type[models.Model]]:
    """By label, as citations name them."""
    return _tables


def column_of(model: type[models.Model]) -> str:
    """The column with the basis; "" where there is none."""
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in COLUMNS if name in names), "")


class Library:
    """The laws with the numbers of their articles: two queries, then any number of texts.

    A title may stand for an old law and for the one that follows it. An article is of that one
    whose articles have its number; a law as a whole, and an article that the library does not have,
    of the one in force on the day.
    """

    def __init__(self, *, on: datetime.date) -> None:
        self._on = on
        self._laws: dict[str, list[Law]] = defaultdict(list)
        for law in Law.objects.order_by("-valid_from", "pk"):
            self._laws[law.short_title].append(law)
        self._numbers: dict[int, set[int]] = defaultdict(set)
        for key, number in LawArticle.objects.values_list("law", "number"):
            self._numbers[key].add(number)
        titles = sorted(self._laws, key=lambda title: (-len(title), title))
        self._titles = re.compile(_NOT_BEFORE + f"({'|'.join(map(re.escape, titles))})")

    def cited_in(self, words: str) -> set[tuple[Law, int]]:
        return set(self._found(words)) if self._laws else set()

    def _found(self, words: str) -> Iterator[tuple[Law, int]]:
        """Of each title the articles between it and the next title or semicolon."""
        titles = list(self._titles.finditer(words))
        starts = [*(title.start() for title in titles), len(words)]
        for title, end in zip(titles, starts[1:], strict=True):
            behind = re.split("[；;]", words[title.end() : end])[0]
            for number in articles_in(behind) or {WHOLE}:
                yield self._meant(self._laws[title.group(1)], number), number

    def _meant(self, laws: Iterable[Law], number: int) -> Law:
        """`laws` of one title, the newest first."""

        def likeness(law: Law) -> tuple[bool, bool]:
            return number in self._numbers[law.pk], law.is_valid_on(self._on)

        return max(laws, key=likeness)


def words_of(row: Any) -> str:
    return str(getattr(row, column_of(type(row))))
