"""What the demo town invents: people, telephone numbers, places and residents' words."""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

_DATA = Path(__file__).parent / "data"
# Telephone numbers of nobody: the operators have not given out 1 99 9999 ….
_NOBODYS_NUMBERS = "1999999{:04d}"


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a CSV file of the demo's data folder."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@dataclass(frozen=True, slots=True)
class Matter:
    title: str
    text: str
    address: str


class Inventor:
    """Invents from one seed, so that the same seed makes the same town."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- invention, not secrecy
        names = {row["kind"]: row["names"] for row in rows("names")}
        self._surnames = names["surnames"].split()
        self._given = names["given"].split()
        self._texts = list(rows("texts"))
        self._places: dict[str, list[str]] = defaultdict(list)
        for row in rows("places"):
            self._places[row["community"]].append(row["name"])
        self._by_category: dict[str, list[dict[str, str]]] = {}

    def name(self) -> tuple[str, str]:
        """A person's name in Chinese and in Latin letters, surname first."""
        surname, given = self.random.choice(self._surnames), self.random.choice(self._given)
        return surname + given, f"{_latin(surname)} {_latin(given)}"

    def phone(self) -> str:
        return _NOBODYS_NUMBERS.format(self.random.randrange(10_000))

    def matter(self, category: str, condition: str, community: str) -> Matter:
        """A resident's words on a matter of a category, somewhere in a community."""
        named = self._places.get(community.removesuffix("社区").removesuffix("村"))
        place = self.random.choice(named) if named else f"{community}{self._lane()}"
        texts = self._texts_about(category)
        if texts:
            row = self.random.choice(texts)
            return Matter(row["title"].format(place=place), row["text"], place)
        return Matter(f"{place}{category}", f"{place}发现{condition}，请派人来看看。", place)

    def _lane(self) -> str:
        return f"{self.random.choice('一二三四五六七八九十')}巷{self.random.randrange(1, 60)}号附近"

    def _texts_about(self, category: str) -> list[dict[str, str]]:
        if category not in self._by_category:
            found = [row for row in self._texts if row["match"] in category]
            self._by_category[category] = found
        return self._by_category[category]


@lru_cache(maxsize=2000)
def _latin(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.NORMAL)).capitalize()
