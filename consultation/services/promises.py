"""The one way in which a commitment changes: lock, ask the table, record, tell."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from consultation import commitment_notifications as notifications
from consultation.commitment_workflow import ENDED, MOVES, NEEDS_REASON, State
from consultation.models import Commitment, CommitmentEvent
from consultation.services.carriers import actors_of
from lib.chain import digest
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from organizations.models import User


def begin(
    commitment: Commitment, name: str, *, by: User, at: datetime.datetime, note: str = ""
) -> Commitment:
    """The commitment again, under its lock, if `by` may make the move.

    Raises WrongState, NotYours, RuleViolation (no reason given).
    """
    locked = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("owner", "line", "hold", "consultation", "idea__call", "case",
                        "application")
        .get(pk=commitment.pk)
    )  # fmt: skip
    row = MOVES[name]
    if not row.starts_from(locked.state):
        state = State(locked.state).label
        text = _("The commitment has moved on: it is now “%(state)s”.") % {"state": state}
        raise WrongState(text)
    if not row.is_for(actors_of(by, locked, at=at)):
        raise NotYours(_("This step belongs to somebody else."))
    if name in NEEDS_REASON and not note.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    return locked


def finish(
    commitment: Commitment,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Commitment:
    """Bring the locked commitment to where the table says, with `changes`, and record it."""
    before, target = commitment.state, MOVES[name].leads_to(commitment.state)
    values: dict[str, Any] = {"state": target, **changes}
    if before == State.PROMISED and target not in {State.PROMISED, State.DROPPED}:
        values["begun_at"] = at
    if target in ENDED:
        values["ended_at"] = at
    for field, value in values.items():
        setattr(commitment, field, value)
    record(commitment, name, before=before, by=by, at=at, note=note, facts=facts)
    commitment.save(update_fields=[*values, "version", "head"])
    notifications.tell_of_step(commitment, name, by=by, at=at)
    return commitment


def record(  # noqa: PLR0913 -- what every event says
    commitment: Commitment,
    name: str,
    *,
    before: str,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> CommitmentEvent:
    """Append an event to the chain; the caller saves `version` and `head`.

    Everybody reads the note, so numbers of people are masked before it is sealed.
    """
    event = CommitmentEvent(
        commitment=commitment,
        number=commitment.version + 1,
        previous_hash=commitment.head,
        move=name,
        from_state=before,
        to_state=commitment.state,
        note=mask_text(note.strip())[:2000],
        facts=dict(facts or {}),
        by=by,
        at=at,
    )
    event.hash = digest(event.record(), previous=commitment.head)
    event.save(force_insert=True)
    commitment.version, commitment.head = event.number, event.hash
    return event
