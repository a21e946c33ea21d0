"""The one way in which a commitment changes: lock, ask the table, record, tell."""

import datetime
from typing import Any

from consultation import commitment_notifications as notifications
from consultation.commitment_workflow import ENDED, MOVES, NEEDS_REASON, State
from consultation.models import Commitment, CommitmentEvent
from consultation.services.carriers import actors_of
from lib.masking import mask_text
from lib.moving import Way
from organizations.models import User

COMMITMENT = Way(
    Commitment,
    CommitmentEvent,
    MOVES,
    lambda state: State(state).label,
    actors_of,
    needs_reason=NEEDS_REASON,
    related=(
        "owner", "line", "hold", "consultation", "idea__call", "case", "application",
    ),
    keeps_reasons=False,
    subject="commitment",
    longest_note=2000,
)  # fmt: skip
begin = COMMITMENT.begin
record = COMMITMENT.record


def finish(
    commitment: Commitment,
    name: str,
    /,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    **told: Any,
) -> Commitment:
    """Bring the locked commitment to where the table says, record it and tell those it concerns.

    Everybody reads the note, so numbers of people are masked before it is sealed. `told`: facts,
    and columns that change with it.
    """
    before, target = commitment.state, MOVES[name].leads_to(commitment.state)
    if before == State.PROMISED and target not in {State.PROMISED, State.DROPPED}:
        told["begun_at"] = at
    if target in ENDED:
        told["ended_at"] = at
    moved = COMMITMENT.finish(commitment, name, by=by, at=at, note=mask_text(note), **told)
    notifications.tell_of_step(moved, name, by=by, at=at)
    return moved
