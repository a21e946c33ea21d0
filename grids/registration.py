"""What this app offers to the pages: its catalogues, and the rolls in the menu."""

from django.utils.translation import gettext_lazy as _

from grids import catalogues, visit_registration
from grids.models.rolls import READERS
from lib.registry import MenuEntry, menu


def register() -> None:
    catalogues.register()
    visit_registration.register()
    menu.register(
        MenuEntry("grids:rolls", _("Rolls"), "grids:rolls", "address-book", READERS, order=58)
    )
