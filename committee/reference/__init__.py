"""The readable files that rules of the committee's work begin from."""

from pathlib import Path
from typing import Any

import yaml


def read_rows(name: str) -> list[dict[str, Any]]:
    """Rows of `<name>.yaml` in this folder."""
    path = Path(__file__).parent / f"{name}.yaml"
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows
