"""What sessions and votes hold of a resident: invitations, words, amendments, that they voted."""

import datetime
from typing import Any

from consultation.models import (
    ERASED,
    Amendment,
    Entitlement,
    Invitation,
    Position,
    Recusal,
)
from lib.registry import Holding, holdings
from organizations.models import User


def export(person: User) -> dict[str, Any]:
    """In a secret vote nobody knows what the person answered: only that they voted."""
    rights = Entitlement.objects.of(person).select_related("vote", "ballot__option")
    said = Position.objects.filter(invitation__person=person).order_by("pk")
    amendments = Amendment.objects.filter(invitation__person=person).order_by("pk")
    return {
        "invitations": [_invitation(row) for row in _invitations(person)],
        "said": [{"stance": row.stance, "text": row.text, "at": row.at} for row in said],
        "amendments": [
            {"passage": row.passage, "wording": row.wording, "state": row.state, "at": row.at}
            for row in amendments
        ],
        "votes": [_vote(row) for row in rights.order_by("pk")],
    }


def _invitations(person: User) -> Any:
    rows = Invitation.objects.of(person).select_related("session", "recusal")
    return rows.prefetch_related("attendances").order_by("pk")


def _invitation(row: Invitation) -> dict[str, Any]:
    came = [one.at for one in row.attendances.all() if one.cancelled_at is None]
    return {
        "session": row.session.title,
        "name": row.name,
        "as": row.capacity,
        "noted_as_woman": row.is_woman,
        "state": row.state,
        "reason": row.reason,
        "came": came,
        "stands_back": row.recusal.reason if hasattr(row, "recusal") else "",
    }


def _vote(row: Entitlement) -> dict[str, Any]:
    ballot = getattr(row, "ballot", None)
    return {
        "question": row.vote.question,
        "for": row.label,
        "voted_at": row.voted_at,
        "how": row.channel,
        "answer": ballot.option.text if ballot else "",
    }


def erase(person: User, _at: datetime.datetime) -> None:
    """Name, reasons and words as they were taken down go; that somebody came and voted stays, and
    so does what was released or stands in final minutes."""
    mine = Invitation.objects.of(person)
    Position.objects.filter(invitation__in=mine).exclude(text=ERASED).update(text=ERASED)
    Recusal.objects.filter(invitation__in=mine).exclude(reason=ERASED).update(reason=ERASED)
    named = Entitlement.objects.filter(person=person)
    named.exclude(label=ERASED).update(label=ERASED)
    mine.filter(entitled=None).update(name=ERASED)
    mine.update(reason="")


def register() -> None:
    holdings.register(Holding("sessions", 70, export, erase))
