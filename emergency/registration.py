"""What emergencies offer to pages of other apps."""

from emergency import agenda_matters, catalogues, holdings, notifications, offers


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    notifications.register_wordings()
    offers.register()
    holdings.register()
    catalogues.register()
    agenda_matters.register()
