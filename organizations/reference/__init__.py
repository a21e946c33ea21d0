"""Kinds of bodies, skills, working periods, laws and the bodies of a town, in readable files."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of this folder, by its name without ending."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_file(name: str) -> Any:
    """The content of a YAML file of this folder, by its name without ending."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
