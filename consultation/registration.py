"""What consultation offers to the pages: menu, queues, references, wordings."""

from django.utils.translation import gettext_lazy as _

from cases.services.history import cover
from consultation import (
    agenda_matters,
    catalogues,
    commitment_notifications,
    matter_offers,
    notifications,
    offers,
    opinion_offers,
    session_notifications,
    session_offers,
)
from consultation.services.verifying import moved_between
from consultation.workflow import READERS
from lib.registry import MenuEntry, menu


def register() -> None:
    agenda_matters.register()
    session_notifications.register_wordings()
    session_offers.register()
    offers.register()
    commitment_notifications.register_wordings()
    notifications.register_wordings()
    catalogues.register()
    matter_offers.register()
    opinion_offers.register()
    cover("consultation", moved_between)
    menu.register(
        MenuEntry(
            "consultation",
            _("Consultation"),
            "consultation:consultations",
            "messages",
            READERS,
            order=50,
        )
    )
