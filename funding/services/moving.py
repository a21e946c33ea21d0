"""The one way in which an application changes its state: lock, ask the table, record, tell."""

import datetime
from typing import Any

from funding import notifications
from funding.models import Application, ApplicationEvent
from funding.services.actors import actors_of
from funding.workflow import MOVES, State
from lib.moving import Way
from organizations.models import User

APPLICATION = Way(
    Application,
    ApplicationEvent,
    MOVES,
    lambda state: State(state).label,
    actors_of,
    needs_reason=frozenset({"return", "refuse", "send_back", "fail", "unpay", "refund"}),
    ends=frozenset({State.PAID, State.REFUSED, State.WITHDRAWN}),
    related=("line", "purpose", "hold"),
    keeps_reasons=False,
    subject="application",
)
begin = APPLICATION.begin
record = APPLICATION.record


def finish(
    application: Application, name: str, /, *, by: User, at: datetime.datetime, **told: Any
) -> Application:
    """Bring the locked application to where the table says, record it and tell those it concerns.

    `told`: note, facts, and columns that change with it.
    """
    moved = APPLICATION.finish(application, name, by=by, at=at, **told)
    notifications.tell_of_move(moved, name, by=by, at=at)
    return moved
