"""What this app offers to the pages: its catalogues."""

from routing import catalogues


def register() -> None:
    catalogues.register()
