"""Sessions and votes as public pages show them: `{% public_sessions consultation as … %}`."""

from collections import defaultdict
from typing import Any

from django import template
from django.db.models import Count, Prefetch, Q

from consultation import pictures
from consultation.models import Consultation, Invitation, Position, Vote
from consultation.services import sessions
from consultation.services.rooms import Room, rooms_of
from consultation.session_workflow import SessionState, VoteState

register = template.Library()


@register.simple_tag
def public_sessions(consultation: Consultation) -> list[dict[str, Any]]:
    """Each session with its agenda; once begun also who came and what was said, names masked."""
    rows = consultation.sessions.select_related("stage").order_by("starts_at")
    said = Position.objects.select_related("invitation__entitled")
    rows = rows.prefetch_related(
        "agenda", "stage__rules", "stage__compositions", Prefetch("positions", said)
    )
    rooms = rooms_of(rows)
    stood_back: dict[int, list[Any]] = defaultdict(list)
    recused = Invitation.objects.filter(session__in=rooms, recusal__isnull=False)
    for one in recused.select_related("entitled").order_by("pk"):
        stood_back[one.session_id].append(one)
    return [_session(row, rooms[row.pk], stood_back[row.pk]) for row in rows]


def _session(row: Any, room: Room, recused: list[Any]) -> dict[str, Any]:
    begun = row.state in {SessionState.OPEN, SessionState.CLOSED}
    return {
        "session": row,
        "agenda": [item for item in row.agenda.all() if item.parent_id is None],
        "room": room,
        "quorum": room.quorum if begun else None,
        "makeup": room.makeup if begun else [],
        "recused": [(sessions.public_name(one), one.get_capacity_display()) for one in recused],
        "positions": [
            (sessions.public_name(one.invitation), one.invitation.get_capacity_display(), one)
            for one in (row.positions.all() if begun else ())
        ],
    }


@register.simple_tag
def public_votes(consultation: Consultation) -> list[dict[str, Any]]:
    """Each vote that was opened; its bars and reasons once it is counted."""
    rows = Vote.objects.public().filter(consultation=consultation).order_by("pk")
    rows = rows.select_related("stage")
    rows = rows.annotate(
        entitled=Count("entitlements"),
        voted=Count("entitlements", filter=Q(entitlements__voted_at__isnull=False)),
    )
    return [vote_picture(row) for row in rows.prefetch_related("options")]


def vote_picture(row: Any) -> dict[str, Any]:
    is_counted = row.state == VoteState.JUDGED
    return {
        "vote": row,
        "entitled": row.entitled,
        "voted": row.voted,
        "bars": pictures.bars(row) if is_counted else (),
        "turnout": pictures.turnout(row) if is_counted else (),
        "reasons": pictures.reasons(row) if is_counted else (),
    }


@register.simple_tag
def stands_back(invitation: Any) -> bool:
    """Whether the person stands back from the matter."""
    return hasattr(invitation, "recusal")


@register.simple_tag
def standing(invitation: Any) -> Any:
    """The attendance that counts; None: not here. Without a query where they are prefetched."""
    rows = (row for row in invitation.attendances.all() if row.cancelled_at is None)
    return next(rows, None)
