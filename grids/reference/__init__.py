"""Facts about Dongguan in readable files."""

import csv
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of this folder, by its name without ending."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
