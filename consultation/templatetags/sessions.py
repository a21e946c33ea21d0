"""Sessions and votes as public pages show them: `{% public_sessions consultation as … %}`."""

from typing import Any

from django import template

from consultation import pictures
from consultation.models import Consultation, Vote
from consultation.services import attending, sessions
from consultation.session_workflow import SessionState, VoteState

register = template.Library()


@register.simple_tag
def public_sessions(consultation: Consultation) -> list[dict[str, Any]]:
    """Each session with its agenda; once begun also who came and what was said, names masked."""
    rows = consultation.sessions.select_related("stage").order_by("starts_at")
    return [_session(row) for row in rows.prefetch_related("agenda", "stage__rules")]


def _session(row: Any) -> dict[str, Any]:
    begun = row.state in {SessionState.OPEN, SessionState.CLOSED}
    said = row.positions.select_related("invitation__entitled") if begun else ()
    came = attending.rows_of(row) if begun else {"code": 0, "clerk": 0, "cancelled": 0}
    return {
        "session": row,
        "agenda": [item for item in row.agenda.all() if item.parent_id is None],
        "came": came["code"] + came["clerk"],
        "rows": came,
        "invited": row.invitations.counted().count(),
        "quorum": attending.quorum(row) if begun else None,
        "recused": [
            (sessions.public_name(one), one.get_capacity_display())
            for one in row.invitations.filter(recusal__isnull=False).select_related("entitled")
        ],
        "positions": [
            (sessions.public_name(one.invitation), one.invitation.get_capacity_display(), one)
            for one in said
        ],
    }


@register.simple_tag
def public_votes(consultation: Consultation) -> list[dict[str, Any]]:
    """Each vote that was opened; its bars and reasons once it is counted."""
    rows = Vote.objects.public().filter(consultation=consultation).order_by("pk")
    return [vote_picture(row) for row in rows.prefetch_related("options")]


def vote_picture(row: Vote) -> dict[str, Any]:
    is_counted = row.state == VoteState.JUDGED
    return {
        "vote": row,
        "entitled": row.entitlements.count(),
        "voted": row.entitlements.voted().count(),
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
