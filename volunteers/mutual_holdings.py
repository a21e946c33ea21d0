"""What is kept of a resident who volunteers, wishes, helps or is helped: copied, and erased."""

import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from lib.registry import Holding, holdings
from organizations.models import User
from volunteers.models import (
    Certificate,
    HelpDeal,
    HelpPost,
    Objection,
    Presence,
    Take,
    TimeAccount,
    TimeNote,
    TimeTransfer,
    Wish,
)
from volunteers.services import helping, hours, taking, wishes
from volunteers.workflow.hours import ObjectionState
from volunteers.workflow.wishes import DealState, HelpState, TakeState, WishState

Rows = list[Any]


def register() -> None:
    """Help ends before wishes: neither reads the other. Registration comes after both."""
    holdings.register(Holding("volunteer_hours", 50, copy_hours, erase_hours))
    holdings.register(Holding("time_bank", 51, copy_time, erase_time))
    holdings.register(Holding("neighbours_help", 52, copy_help, erase_help))
    holdings.register(Holding("wishes", 53, copy_wishes, erase_wishes))


# -- Hours --------------------------------------------------------------------------------------


def copy_hours(person: User) -> dict[str, Rows]:
    """Stays, objections and certificates of the person, oldest first."""
    stays = Presence.objects.filter(volunteer__person=person).order_by("pk")
    objections = Objection.objects.filter(by=person).order_by("pk")
    proofs = Certificate.objects.filter(volunteer__person=person).order_by("pk")
    return {
        "stays": [
            {
                "activity": row.shift.activity.title,
                "arrived_at": row.arrived_at,
                "left_at": row.left_at,
                "minutes": row.minutes,
                "state": row.state,
                "reason": row.reason,
            }
            for row in stays.select_related("signup__shift__activity")
        ],
        "objections": list(objections.values("at", "text", "state", "reason")),
        "certificates": list(proofs.values("number", "code", "since", "until", "minutes", "at")),
    }


def erase_hours(person: User, at: datetime.datetime) -> None:
    """Hours and certificates stay without a name; words of objections go."""
    mine = Objection.objects.filter(by=person)
    for row in mine.filter(state=ObjectionState.OPEN):
        hours.withdraw_objection(row, by=person, at=at)
    mine.filter(reason="").update(text="")
    mine.exclude(reason="").update(text="", reason="—")
    reasons = Presence.objects.filter(volunteer__person=person).exclude(reason="")
    reasons.update(reason="—")


# -- The time bank --------------------------------------------------------------------------------


def copy_time(person: User) -> dict[str, Any]:
    account = TimeAccount.objects.filter(person=person).first()
    if account is None:
        return {}
    moved = TimeTransfer.objects.of(account).order_by("pk").with_names()
    return {
        "number": account.number,
        "balance_minutes": account.balance,
        "moved": [
            {
                "at": row.at,
                "kind": row.kind,
                "minutes": row.amount if row.target_id == account.pk else -row.amount,
                "note": row.note,
            }
            for row in moved
        ],
    }


def erase_time(person: User, _at: datetime.datetime) -> None:
    """All accounts together are zero, so this one stays, without saying whose; words go."""
    account = TimeAccount.objects.filter(person=person).first()
    if account is not None:
        moved = TimeTransfer.objects.of(account).values("pk")
        TimeNote.objects.filter(transfer__in=moved).update(text="", salt="")


# -- Neighbours' help -----------------------------------------------------------------------------


def copy_help(person: User) -> dict[str, Rows]:
    posts = HelpPost.objects.filter(person=person).order_by("pk")
    deals = HelpDeal.objects.filter(Q(person=person) | Q(post__person=person)).order_by("pk")
    return {
        "posts": list(posts.values("at", "kind", "field", "title", "text", "minutes", "state")),
        "agreed": list(deals.values("at", "minutes", "settles", "state")),
        "messages": list(deals.filter(person=person).values("at", "words")),
    }


def erase_help(person: User, at: datetime.datetime) -> None:
    """What is under way is called off; titles, texts and messages go."""
    deals = HelpDeal.objects.filter(Q(person=person) | Q(post__person=person))
    for deal in deals.filter(state__in=[DealState.PROPOSED, DealState.AGREED]).order_by("pk"):
        helping.call_off(deal, reason="", by=person, at=at)
    posts = HelpPost.objects.filter(person=person)
    for post in posts.filter(state=HelpState.OPEN).order_by("pk"):
        helping.end_help(post, by=person, at=at)
    posts.update(title="", text="", reason="")
    deals.filter(person=person).update(words="")


# -- Wishes ---------------------------------------------------------------------------------------


def copy_wishes(person: User) -> dict[str, Rows]:
    asked = Wish.objects.filter(asker=person).order_by("pk")
    taken = Take.objects.filter(taker=person).order_by("pk").select_related("wish")
    return {
        "asked": [
            {
                "number": row.number,
                "asked_at": row.asked_at,
                "kind": row.kind,
                "title": row.title,
                "text": row.text,
                "amount_fen": row.amount,
                "quantity": row.quantity,
                "state": row.state,
                "may_be_told": row.tell,
                "thanks": list(row.takes.exclude(thanks="").values_list("thanks", flat=True)),
            }
            for row in asked.prefetch_related("takes")
        ],
        "taken_up": [
            {"wish": row.wish.number, "at": row.at, "note": row.note, "state": row.state}
            for row in taken
        ],
    }


def erase_wishes(person: User, at: datetime.datetime) -> None:
    """What was asked and nobody has taken up is withdrawn; words and thanks go.

    Raises RuleViolation while somebody is granting a wish of the person, or has yet to hear that
    what the person brought has arrived.
    """
    mine = Wish.objects.filter(asker=person)
    _refuse_under_way(mine, person)
    waiting = [WishState.ASKED, WishState.RETURNED, WishState.OPEN]
    for wish in mine.filter(state__in=waiting).order_by("pk"):
        wishes.withdraw_wish(wish, by=person, at=at)
    for take in Take.objects.filter(taker=person, state=TakeState.TAKEN).order_by("pk"):
        taking.give_back(take, reason="—", by=person, at=at)
    mine.update(title="", text="", reason="")
    Take.objects.filter(wish__asker=person).update(thanks="", reason="")
    Take.objects.filter(taker=person).update(note="", reason="")


def _refuse_under_way(mine: Any, person: User) -> None:
    under_way = mine.filter(takes__state__in=[TakeState.TAKEN, TakeState.DELIVERED]).first()
    if under_way is not None:
        text = _(
            "Somebody is granting your wish %(number)s: confirm it first, or talk to the community."
        )
        raise RuleViolation(text % {"number": under_way.number}, code="wish_under_way")
    brought = Take.objects.filter(taker=person, state=TakeState.DELIVERED).first()
    if brought is not None:
        text = _(
            "What you brought for the wish %(number)s is not confirmed yet: wait for that first."
        )
        raise RuleViolation(text % {"number": brought.wish.number}, code="take_under_way")
