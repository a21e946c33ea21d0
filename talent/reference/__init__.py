"""The six talent teams with their levels, rules of selection, in readable files."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


def read_file(name: str) -> Any:
    """The content of one file of this folder, by its name without ending."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
