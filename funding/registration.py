"""What this app offers to the pages: its place in the menu and its catalogues."""

from django.utils.translation import gettext_lazy as _

from funding import catalogues
from funding.models.lines import READERS
from lib.registry import MenuEntry, menu


def register() -> None:
    entry = MenuEntry("funding", _("Money"), "funding:lines", "coins", READERS, order=60)
    menu.register(entry)
    catalogues.register()
