"""Catalogues: reference data that people look up and edit without a programmer.

An app describes each of its tables once (`Catalogue`) and registers it when it loads; the pages
below `/catalogue/` list, search, show, make, change and end its rows for the roles that it names.
Every write goes through a service with `by` and `at`; forms give the shape only.
"""

from organizations.catalogues.described import (
    READERS,
    Action,
    Catalogue,
    Column,
    Secret,
    Text,
    Values,
    every,
    named,
    of_model,
    removed,
)
from organizations.catalogues.legal import register

__all__ = [
    "READERS",
    "Action",
    "Catalogue",
    "Column",
    "Secret",
    "Text",
    "Values",
    "every",
    "named",
    "of_model",
    "register",
    "removed",
]
