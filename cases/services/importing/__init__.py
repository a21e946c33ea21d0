"""Matters from a file: every row becomes a case or is rejected with its reason."""

from cases.services.importing.mapping import BadMapping, Mapping, read_mapping
from cases.services.importing.sheets import BadFile, Row, read_rows
from cases.services.importing.writing import Outcome, import_rows

__all__ = [
    "BadFile",
    "BadMapping",
    "Mapping",
    "Outcome",
    "Row",
    "import_rows",
    "read_mapping",
    "read_rows",
]
