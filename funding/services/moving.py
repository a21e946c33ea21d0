"""The one way in which an application changes its state: lock, ask the table, record, tell."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from funding import notifications
from funding.models import Application, ApplicationEvent
from funding.services.actors import actors_of
from funding.workflow import MOVES, State
from lib.chain import digest
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User

NEEDS_REASON = frozenset({"return", "refuse", "send_back", "fail", "unpay", "refund"})
ENDED = frozenset({State.PAID, State.REFUSED, State.WITHDRAWN})


def begin(
    application: Application, name: str, *, by: User, at: datetime.datetime, note: str = ""
) -> Application:
    """The application again, under its lock, if `by` may make the move.

    Raises WrongState, NotYours, RuleViolation (no reason given).
    """
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("line", "purpose", "hold")
        .get(pk=application.pk)
    )
    row = MOVES[name]
    if not row.starts_from(locked.state):
        state = State(locked.state).label
        text = _("The application has moved on: it is now “%(state)s”.") % {"state": state}
        raise WrongState(text)
    if not row.is_for(actors_of(by, locked, at=at)):
        raise NotYours(_("This step belongs to somebody else."))
    if name in NEEDS_REASON and not note.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    return locked


def finish(
    application: Application,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Application:
    """Bring the locked application to where the table says, with `changes`, and record it."""
    before, target = application.state, MOVES[name].leads_to(application.state)
    values: dict[str, Any] = {"state": target, **changes}
    if target != before:
        values["ended_at"] = at if target in ENDED else None
    for field, value in values.items():
        setattr(application, field, value)
    record(application, name, before=before, by=by, at=at, note=note, facts=facts)
    application.save(update_fields=[*values, "version", "head"])
    notifications.tell_of_move(application, name, by=by, at=at)
    return application


def record(  # noqa: PLR0913 -- what every event says
    application: Application,
    name: str,
    *,
    before: str,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> ApplicationEvent:
    """Append an event to the locked application's chain; the caller saves `version`, `head`."""
    event = ApplicationEvent(
        application=application,
        number=application.version + 1,
        previous_hash=application.head,
        move=name,
        from_state=before,
        to_state=application.state,
        note=note.strip()[:300],
        facts=dict(facts or {}),
        by=by,
        at=at,
    )
    event.hash = digest(event.record(), previous=application.head)
    event.save(force_insert=True)
    application.version, application.head = event.number, event.hash
    return event
