"""What oversight offers to pages of other apps."""

from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, menu
from oversight.subjects import READERS


def register() -> None:
    menu.register(
        MenuEntry(
            "oversight:indicators",
            _("Indicators"),
            "oversight:indicators",
            "chart-bar",
            READERS,
            70,
        )
    )
