"""What volunteers offers to pages of other apps."""

from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, menu
from volunteers import catalogues, notifications
from volunteers.models.time_bank import READERS as TIME_READERS


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    name = "volunteers:time_pools"
    menu.register(MenuEntry(name, _("Time bank"), name, "clock-heart", TIME_READERS, 59))
    notifications.register_wordings()
    catalogues.register()
