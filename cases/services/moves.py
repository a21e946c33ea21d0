"""The one way in which a case changes its state: lock, ask the table, save, record, tell."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases import notifications
from cases.models import Case, CaseEvent, EventNote, Task
from cases.services.actors import actors_of, may_make
from cases.services.watching import MOVING, watch
from cases.workflow import DESK_OF, ENDED, MOVES, NEEDS_REASON, WITH_DEPARTMENT, Actor, Desk, State
from lib.chain import seasoned
from lib.workflow import demand
from organizations.models import User

LEAVES_PLACE_IN_QUEUE = {"refusal": "", "route_at": None, "desk_body_id": None}


def begin(
    case: Case,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    also: frozenset[Actor] = frozenset(),
) -> Case:
    """The case again, under its lock, if `by` may make the move; the given copy may be stale.

    To be called inside the transaction that `finish` ends. `also` is what the caller has found
    `by` to be beside posts. Raises WrongState, NotYours, RuleViolation.
    """
    locked = (
        Case.objects.select_for_update(of=("self",))
        .select_related("category", "standard", "lead_post")
        .get(pk=case.pk)
    )
    actors = actors_of(by, locked, at=at) | also
    demand(
        MOVES, name, state=locked.state, label=lambda state: State(state).label,
        actors=lambda: actors if may_make(name, locked, actors) else (),
        needs_reason=NEEDS_REASON, reason=note,
    )  # fmt: skip
    return locked


def finish(
    case: Case,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Case:
    """Bring the locked case to where the table says, with `changes`: event, save, messages."""
    before = case.state
    values = {**_consequences(case, MOVES[name].leads_to(before), at=at), **changes}
    facts = {**(facts or {}), **limit_left(case, values.get("state", before))}
    for field, value in values.items():
        setattr(case, field, value)
    record(case, name, before=before, by=by, at=at, note=note, facts=facts)
    case.save(update_fields=[*_columns(values), "version", "head"])
    if MOVING & values.keys():
        watch([case], at=at)
    notifications.tell_of_move(case, name, by=by, at=at)
    return case


def limit_left(case: Case, target: str) -> dict[str, str]:
    """The handling limit that held, for the event with which the case leaves this state."""
    if case.state not in WITH_DEPARTMENT or target == case.state or case.handle_due_at is None:
        return {}
    return {"due": case.handle_due_at.isoformat()}


def _consequences(case: Case, target: str, *, at: datetime.datetime) -> dict[str, Any]:
    if target == case.state:
        return {}
    values: dict[str, Any] = {"state": target, "desk": DESK_OF[State(target)]}
    values.update(LEAVES_PLACE_IN_QUEUE)
    if values["desk"] in {Desk.HANDLER, Desk.HEAD}:
        values["desk_body_id"] = case.lead_body_id
    if target in ENDED:
        values["ended_at"] = at
    if case.closed_by_parts:
        values["closed_by_parts"] = False
    return values


def _columns(values: Mapping[str, Any]) -> list[str]:
    return [name.removesuffix("_id") for name in values]


def record(  # noqa: PLR0913 -- what every event says
    case: Case,
    name: str,
    *,
    before: str,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Append an event to the locked case's chain; the caller saves `version` and `head`."""
    words = note.strip()
    salt = secrets.token_hex(16) if words else ""
    event = next_event(
        case, name, before=before, by=by, at=at, note_digest=seasoned(words, salt), facts=facts
    )
    event.save(force_insert=True)
    if words:
        EventNote.objects.create(event=event, text=words, salt=salt)
    return event


def next_event(  # noqa: PLR0913 -- what every event says
    case: Case,
    name: str,
    *,
    before: str,
    by: User,
    at: datetime.datetime,
    note_digest: str = "",
    facts: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """The event after the case's newest one, sealed but not saved; `case` knows it as head."""
    event = CaseEvent(
        case=case,
        move=name,
        from_state=before,
        to_state=case.state,
        by=by,
        at=at,
        note_digest=note_digest,
        facts=dict(facts or {}),
    )
    event.follow(case)
    return event


def open_task(case: Case) -> Task:
    """The open lead task of a locked case that is with a department."""
    return (
        Task.objects.unsettled()
        .filter(kind=Task.Kind.LEAD)
        .select_related("hold__line", "post__person")
        .get(case=case)
    )


def stay(
    case: Case, name: str, *, by: User, at: datetime.datetime, note: str = "", **changes: Any
) -> Case:
    """A move that needs nothing but the table: begin and finish in one transaction."""
    with transaction.atomic():
        locked = begin(case, name, by=by, at=at, note=note)
        return finish(locked, name, by=by, at=at, note=note, **changes)
