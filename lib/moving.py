"""The one way in which a thing with a history changes its state: lock, ask the table, record."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.chain import GENESIS, ChainedEvent
from lib.workflow import Move, demand, moves_open_to

_LONGEST_NOTE = 300


class Moving(models.Model):
    """Abstract: what has a history. `version` and `head` are those of its chain."""

    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default=GENESIS, editable=False)

    class Meta:
        abstract = True


class MoveEvent(ChainedEvent):
    """Abstract: one move of `subject`. `note` and `facts` hold no personal details."""

    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    note = models.CharField(_("note"), max_length=_LONGEST_NOTE, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def record(self) -> dict[str, Any]:
        return {
            "subject": self.subject_id,  # type: ignore[attr-defined]  # of the concrete table
            "number": self.number,
            "move": self.move,
            "from": str(self.from_state),
            "to": str(self.to_state),
            "note": self.note,
            "facts": self.facts,
            "by": self.by_id,
            "at": self.at,
        }


M = TypeVar("M", bound=Any)  # a table with the columns of Moving


@dataclass(frozen=True, slots=True)
class Way(Generic[M]):
    """How the rows of a table move: its moves, its history, and what a person is to a row.

    `states` gives the words of a state; `ends` are those that stamp `ended_at`, where the table
    has that column. `keeps_reasons` False: reasons speak of a person, so they stand on the row,
    where they can be erased, and not in the history. `subject` and `words` are the event's columns
    for its row and its note, where it has those of MoveEvent under names of its own.
    """

    model: type[M]
    event: Callable[..., Any]
    moves: Mapping[str, Move]
    states: Callable[[str], Any]
    actors: Callable[..., frozenset[Any]]
    needs_reason: frozenset[str] = frozenset()
    ends: frozenset[Any] = frozenset()
    related: tuple[str, ...] = ()
    keeps_reasons: bool = True
    subject: str = "subject"
    words: str = "note"
    longest_note: int = _LONGEST_NOTE

    def open_to(self, row: M, *, by: AbstractBaseUser, at: datetime.datetime) -> list[str]:
        """Names of the moves that `by` may make now, for buttons."""
        mine = self.actors(by, row, at=at)
        return moves_open_to(self.moves, state=_state(row), actors=mine)

    def begin(
        self,
        row: M,
        name: str,
        *,
        by: AbstractBaseUser,
        at: datetime.datetime,
        reason: str = "",
    ) -> M:
        """The row again, under its lock, if `by` may make the move.

        Raises WrongState, NotYours, RuleViolation (no reason given).
        """
        rows = self.model._default_manager.select_for_update(of=("self",))
        locked: M = rows.select_related(*self.related).get(pk=row.pk)
        demand(
            self.moves, name, state=_state(locked), label=self.states,
            actors=lambda: self.actors(by, locked, at=at),
            needs_reason=self.needs_reason, reason=reason,
        )  # fmt: skip
        return locked

    def finish(
        self,
        locked: M,
        name: str,
        /,
        *,
        by: AbstractBaseUser,
        at: datetime.datetime,
        note: str = "",
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
        self.record(locked, name, before=before, by=by, at=at, note=note, facts=facts)
        locked.save(update_fields=[*values, "version", "head"])
        return locked

    def start(
        self, row: M, name: str, *, by: AbstractBaseUser, at: datetime.datetime, **facts: Any
    ) -> M:
        """Store a new row with the first event of its history."""
        row.save(force_insert=True)
        self.record(row, name, before="", by=by, at=at, facts=facts)
        row.save(update_fields=["version", "head"])
        return row

    def record(  # noqa: PLR0913 -- what every event says
        self,
        row: M,
        name: str,
        *,
        before: str,
        by: AbstractBaseUser,
        at: datetime.datetime,
        note: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> Any:
        """Append an event to the locked row's chain; the caller saves `version` and `head`.

        `note`: words for everybody who reads the history; without them, the reason on the row.
        """
        told = (note.strip() or self._reason(row, name))[: self.longest_note]
        event = self.event(
            **{self.subject: row, self.words: told},
            move=name,
            from_state=before,
            to_state=_state(row),
            facts=dict(facts or {}),
            by=by,
            at=at,
        )
        event.follow(row)
        event.save(force_insert=True)
        return event

    def _reason(self, row: M, name: str) -> str:
        told = self.keeps_reasons and name in self.needs_reason
        return str(getattr(row, "reason", "")) if told else ""


def _state(row: Any) -> str:
    return str(row.state)


def moved(
    way: Way[M],
    row: M,
    name: str,
    *,
    by: AbstractBaseUser,
    at: datetime.datetime,
    reason: str = "",
    **changes: Any,
) -> M:
    """A move that needs nothing but the table; the reason stands on the row."""
    locked = way.begin(row, name, by=by, at=at, reason=reason)
    return way.finish(locked, name, by=by, at=at, reason=reason.strip()[:300], **changes)
