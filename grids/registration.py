"""What this app offers to the pages: its catalogues, and the rolls in the menu."""

from django.utils.translation import gettext_lazy as _

from grids import catalogues, visit_registration
from grids.models.rolls import READERS
from grids.services import rolls
from lib.registry import Holding, MenuEntry, holdings, menu


def register() -> None:
    catalogues.register()
    visit_registration.register()
    menu.register(
        MenuEntry("grids:rolls", _("Rolls"), "grids:rolls", "address-book", READERS, order=58)
    )
    holdings.register(Holding("rolls", 40, rolls.export_claims, rolls.erase_claims))
