"""What consultation offers to the pages: menu, queues, references, wordings."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.services.history import cover
from consultation import (
    catalogues,
    commitment_notifications,
    notifications,
    offers,
    opinion_offers,
    session_notifications,
)
from consultation.models import Vote
from consultation.services.verifying import moved_between
from consultation.workflow import READERS
from lib.registry import MenuEntry, Panel, menu, panels


def register() -> None:
    session_notifications.register_wordings()
    offers.register()
    commitment_notifications.register_wordings()
    notifications.register_wordings()
    catalogues.register()
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
    panels.register(
        "organizations:me", Panel("votes", 20, "consultation/_my_votes_panel.html", my_votes)
    )


def my_votes(_request: HttpRequest, user: Any) -> dict[str, Any]:
    """What a resident can vote on now, on the page of their account."""
    at = timezone.now()
    return {"open": Vote.objects.public().for_voter(user).open_at(at).order_by("closes_at")[:5]}
