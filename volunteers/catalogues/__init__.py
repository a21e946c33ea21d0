"""Catalogues of volunteers: what people look up and edit without a programmer."""

from organizations import catalogues
from volunteers.catalogues import hours, time_bank, work


def register() -> None:
    for catalogue in (*hours.CATALOGUES, *time_bank.CATALOGUES, *work.CATALOGUES):
        catalogues.register(catalogue)
