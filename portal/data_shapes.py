"""What an open data set is: its columns in words, and the rows of a year."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, date, moment, fen (whole, 100 = 1 yuan), number."""

    name: str
    kind: str
    about: Any


@dataclass(frozen=True, slots=True)
class DataSet:
    """`rows(year)` yields values in the order of `columns`."""

    key: str
    label: Any
    about: Any
    columns: tuple[Column, ...]
    rows: Callable[[int], Iterator[tuple[Any, ...]]]
