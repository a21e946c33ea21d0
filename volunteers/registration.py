"""What volunteers offers to pages of other apps."""

from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, menu
from volunteers import catalogues
from volunteers.models.time_bank import READERS as TIME_READERS


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    menu.register(
        MenuEntry(
            "volunteers:time_pools", _("Time bank"), "volunteers:time_pools", "clock-heart",
            TIME_READERS, 59,
        )
    )  # fmt: skip
    catalogues.register()
