"""Reasons from lists, limits of stages and steps of warning, in readable files.

Those for not accepting follow Article 11 of Beijing's regulation on responding to complaints
(北京市接诉即办工作条例, 2021), with the channel that is right for each; those for returning are the
usual ones of command centres.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of this folder, by its name without ending."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
