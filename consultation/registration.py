"""What consultation offers to the pages: menu, queues, references, wordings."""

from django.utils.translation import gettext_lazy as _

from consultation import opinion_offers, session_notifications
from consultation.workflow import READERS
from lib.registry import MenuEntry, menu


def register() -> None:
    session_notifications.register_wordings()
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
    opinion_offers.register()
