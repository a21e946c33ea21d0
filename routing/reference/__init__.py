"""Categories, filing standards, communities' lists and a town's duty list, in readable files.

`national_code` is P (part) or E (event) with large and small class of GB/T 30428.2 as one city
printed it; where cities number differently it is only a help, the rules use `code`. A limit is an
amount and a unit (`4 work_hour`). Keywords are separated by spaces.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of this folder, by its name without ending."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
