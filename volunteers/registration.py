"""What volunteers offers to pages of other apps."""

from volunteers import notifications


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    notifications.register_wordings()
