"""The one way in which anything here changes its state: lock, ask the table, record."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from lib.chain import digest
from lib.errors import NotYours, RuleViolation, WrongState
from lib.workflow import Move
from organizations.models import User
from volunteers.models.events import MoveEvent, Moving

M = TypeVar("M", bound=Moving)


@dataclass(frozen=True, slots=True)
class Way(Generic[M]):
    """How the rows of a table move: its moves, its history, and what a person is to a row.

    `states` gives the words of a state; `ends` are those that stamp `ended_at`, where the table
    has that column. `keeps_reasons` False: reasons speak of a person, so they stand on the row,
    where they can be erased, and not in the history.
    """

    model: type[M]
    event: type[MoveEvent]
    moves: Mapping[str, Move]
    states: Callable[[str], Any]
    actors: Callable[..., frozenset[Any]]
    needs_reason: frozenset[str] = frozenset()
    ends: frozenset[Any] = frozenset()
    related: tuple[str, ...] = ()
    keeps_reasons: bool = True

    def open_to(self, row: M, *, by: User, at: datetime.datetime) -> list[str]:
        """Names of the moves that `by` may make now, for buttons."""
        mine = self.actors(by, row, at=at)
        state = _state(row)
        return [
            name
            for name, each in self.moves.items()
            if each.starts_from(state) and each.is_for(mine)
        ]

    def begin(
        self,
        row: M,
        name: str,
        *,
        by: User,
        at: datetime.datetime,
        reason: str = "",
    ) -> M:
        """The row again, under its lock, if `by` may make the move.

        Raises WrongState, NotYours, RuleViolation (no reason given).
        """
        rows = self.model._default_manager.select_for_update(of=("self",))
        locked: M = rows.select_related(*self.related).get(pk=row.pk)
        move = self.moves[name]
        if not move.starts_from(_state(locked)):
            now = str(self.states(_state(locked)))
            raise WrongState(_("This has moved on: it is now “%(state)s”.") % {"state": now})
        if not move.is_for(self.actors(by, locked, at=at)):
            raise NotYours(_("This step belongs to somebody else."))
        if name in self.needs_reason and not reason.strip():
            raise RuleViolation(_("Write the reason."), code="reason_missing")
        return locked

    def finish(
        self,
        locked: M,
        name: str,
        /,
        *,
        by: User,
        at: datetime.datetime,
        facts: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> M:
        """Bring the locked row to where the table says, with `changes`, and record it."""
        before = _state(locked)
        target = self.moves[name].leads_to(before)
        values: dict[str, Any] = {"state": target, **changes}
        if target != before and self.ends:
            values["ended_at"] = at if target in self.ends else None
        for field, value in values.items():
            setattr(locked, field, value)
        self.record(locked, name, before=before, by=by, at=at, facts=facts)
        locked.save(update_fields=[*values, "version", "head"])
        return locked

    def start(self, row: M, name: str, *, by: User, at: datetime.datetime, **facts: Any) -> M:
        """Store a new row with the first event of its history."""
        row.save(force_insert=True)
        self.record(row, name, before="", by=by, at=at, facts=facts)
        row.save(update_fields=["version", "head"])
        return row

    def record(
        self,
        row: M,
        name: str,
        *,
        before: str,
        by: User,
        at: datetime.datetime,
        facts: Mapping[str, Any] | None = None,
    ) -> MoveEvent:
        """Append an event to the locked row's chain; the caller saves `version` and `head`."""
        event = self.event(
            subject=row,  # type: ignore[misc]  # each concrete history has its subject
            number=row.version + 1,
            previous_hash=row.head,
            move=name,
            from_state=before,
            to_state=_state(row),
            note=self._words(row, name),
            facts=dict(facts or {}),
            by=by,
            at=at,
        )
        event.hash = digest(event.record(), previous=row.head)
        event.save(force_insert=True)
        row.version, row.head = event.number, event.hash
        return event

    def _words(self, row: M, name: str) -> str:
        told = self.keeps_reasons and name in self.needs_reason
        return str(getattr(row, "reason", "")) if told else ""


def _state(row: Any) -> str:
    return str(row.state)


def moved(
    way: Way[M],
    row: M,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    reason: str = "",
    **changes: Any,
) -> M:
    """A move that needs nothing but the table; the reason stands on the row."""
    locked = way.begin(row, name, by=by, at=at, reason=reason)
    return way.finish(locked, name, by=by, at=at, reason=reason.strip()[:300], **changes)
