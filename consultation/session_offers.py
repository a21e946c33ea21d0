"""What sessions and votes offer to other pages: queues of the desk, the panel of an account."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation import session_holdings
from consultation.models import Invitation, Vote
from consultation.services.desk import HOSTED, WAITING
from consultation.session_workflow import CLERKS
from consultation.workflow import HOSTS, READERS
from lib.registry import MenuEntry, Panel, Queue, menu, panels, queues
from organizations.models import User

SHOWN = 5


def register() -> None:
    session_holdings.register()
    menu.register(
        MenuEntry("consultation:desk", _("Sessions and votes"), "consultation:desk",
                  "calendar-event", READERS | CLERKS, order=52)
    )  # fmt: skip
    for order, (key, kind) in enumerate(WAITING.items(), start=340):
        url = cast("str", reverse_lazy("consultation:desk", query={"show": key}))
        roles = HOSTS if key in HOSTED else CLERKS
        queues.register(Queue(f"sessions-{key}", kind.label, order, roles, _counter(key), url))
    panels.register(
        "organizations:me", Panel("votes", 20, "consultation/_my_votes_panel.html", waits_for)
    )


def _counter(key: str) -> Callable[[User], int]:
    def count(user: User) -> int:
        return int(WAITING[key].rows(user, timezone.now()).count())

    return count


def waits_for(_request: HttpRequest, user: Any) -> dict[str, Any]:
    """What a person can vote on now and is asked to come to, on the page of their account."""
    at = timezone.now()
    coming = Invitation.objects.of(user).coming(at=at).select_related("session")
    return {
        "open": Vote.objects.public().for_voter(user).open_at(at).order_by("closes_at")[:SHOWN],
        "invitations": coming.order_by("session__starts_at")[:SHOWN],
    }
