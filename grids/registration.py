"""What this app offers to the pages: its catalogues."""

from grids import catalogues


def register() -> None:
    catalogues.register()
