"""What oversight offers to pages of other apps."""


def register() -> None:
    """Menu entries stand here as soon as there are pages."""
