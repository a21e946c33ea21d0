"""The readable files that reference data begins from."""

import csv
from collections.abc import Iterator
from pathlib import Path


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of `<name>.csv` in this folder, as column → text."""
    path = Path(__file__).parent / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
