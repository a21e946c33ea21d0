"""What this app offers to the pages: menu, wordings, catalogues, what is kept of a person."""

from django.utils.translation import gettext_lazy as _

from grids import catalogues, notifications, visit_registration, visited
from grids.models.rolls import READERS as ROLL_READERS
from grids.rights import DRAWERS, ON_DUTY, READERS, TEAM_READERS
from grids.services import rolls
from lib.registry import Holding, MenuEntry, holdings, menu

MENU = (
    MenuEntry("grids:rolls", _("Rolls"), "grids:rolls", "address-book", ROLL_READERS, 58),
    MenuEntry("grids:coverage", _("Coverage"), "grids:coverage", "map-check", READERS, 80),
    MenuEntry("grids:teams", _("Grid teams"), "grids:teams", "users-group", TEAM_READERS, 56),
    MenuEntry("grids:duty", _("My duty"), "grids:duty", "calendar-user", ON_DUTY, 55),
    MenuEntry("grids:borders", _("Borders of grids"), "grids:borders", "vector", DRAWERS, 81),
)


def register() -> None:
    for entry in MENU:
        menu.register(entry)
    notifications.register_wordings()
    catalogues.register()
    visit_registration.register()
    visited.register(visited.visits_made)
    holdings.register(Holding("rolls", 40, rolls.export_claims, rolls.erase_claims))
