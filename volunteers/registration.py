"""What volunteers offers to pages of other apps."""


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
