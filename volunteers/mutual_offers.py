"""What hours, wishes and neighbours' help offer to pages of other apps: my panel, references."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from lib.registry import Panel, Reference, panels, references
from organizations.models import User
from volunteers import hours_notifications, mutual_holdings, wish_notifications
from volunteers.models import HelpDeal, Presence, Take, TimeAccount, Wish
from volunteers.services import time_bank
from volunteers.standing import standings_of
from volunteers.workflow.wishes import DealState, TakeState

SHOWN = 5


def register() -> None:
    mutual_holdings.register()
    panels.register("organizations:me", Panel("mutual", 50, "volunteers/_mutual_panel.html", mine))
    panels.register(
        "organizations:account", Panel("mutual", 50, "volunteers/_mutual_panel.html", mine)
    )
    for kind in (hours_notifications.PRESENCE, time_bank.DEPOSIT_SUBJECT):
        references.register(kind, name_stays)
    references.register(wish_notifications.WISH, name_wishes)
    references.register(wish_notifications.DEAL, name_deals)


def mine(_request: HttpRequest, user: User) -> dict[str, Any]:
    """My hours with their star, my account, what is under way of wishes and help."""
    wishes = Wish.objects.filter(asker=user, ended_at=None)
    takes = Take.objects.filter(taker=user, state__in=[TakeState.TAKEN, TakeState.DELIVERED])
    deals = HelpDeal.objects.visible_to(user, on=timezone.localdate()).filter(
        state__in=[DealState.PROPOSED, DealState.AGREED]
    )
    return {
        "standings": standings_of(user, on=timezone.localdate()),
        "account": TimeAccount.objects.filter(person=user).first(),
        "wishes": wishes.order_by("-pk")[:SHOWN],
        "takes": takes.select_related("wish").order_by("due_at", "pk")[:SHOWN],
        "deals": deals.select_related("post").order_by("-pk")[:SHOWN],
    }


# -- Names --------------------------------------------------------------------------------------


def _keys(keys: Collection[str]) -> list[str]:
    return [key for key in keys if key.isdecimal()]


def name_stays(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """Stays by primary key, for the inbox and the time bank."""
    rows = Presence.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    return {
        str(row.pk): Reference(str(row.shift.activity), reverse("volunteers:stay", args=[row.pk]))
        for row in rows.select_related("signup__shift__activity")
    }


def name_wishes(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """Wishes by primary key, for the inbox and the ledger: number and public wording."""
    rows = Wish.objects.filter(pk__in=_keys(keys))
    seen = set(rows.visible_to(user, on=timezone.localdate()).values_list("pk", flat=True))
    return {
        str(row.pk): Reference(
            f"{row.number} {row.public_title}".strip() if row.pk in seen else row.number,
            reverse("volunteers:wish", args=[row.pk]) if row.pk in seen else None,
        )
        for row in rows
    }


def name_deals(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """Agreed help by primary key, for the inbox and the time bank of both sides."""
    rows = HelpDeal.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    return {
        str(row.pk): Reference(str(row.post), reverse("volunteers:help_post", args=[row.post_id]))
        for row in rows.select_related("post")
    }
