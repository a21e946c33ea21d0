"""The readable file that rules of levels, measures, kinds of tasks and supplies begin from."""

from pathlib import Path
from typing import Any

import yaml


def read() -> dict[str, list[dict[str, Any]]]:
    """`levels`, `measures` (each with its `tasks`) and `items` as lists of mappings."""
    text = (Path(__file__).parent / "emergencies.yaml").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(text)
    return found
