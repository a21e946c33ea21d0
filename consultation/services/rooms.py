"""Who is in the room: the rows behind the quorum of sessions, many sessions at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from consultation import tally
from consultation.models import Attendance, Invitation, Purpose, Session
from consultation.services.composing import Makeup, makeup_of
from consultation.thresholds import Count, Judgement, holds
from lib.errors import RuleViolation

Row = dict[str, Any]
_COLUMNS = (
    "pk", "session_id", "is_member", "capacity", "is_woman", "entitled__dwelling_id",
    "entitled__dwelling__area", "recusal",
)  # fmt: skip


@dataclass(slots=True)
class Room:
    """A session with its invitations and who came: one row each, never a number that was typed.

    `by_code`, `by_clerk`: how those came who are there; `cancelled`: rows that were wrong.
    """

    session: Session
    invited: list[Row] = field(default_factory=list)
    present: set[int] = field(default_factory=set)
    by_code: int = 0
    by_clerk: int = 0
    cancelled: int = 0

    @property
    def members(self) -> int:
        return sum(row["is_member"] for row in self.invited)

    @property
    def came(self) -> int:
        return len(self.present)

    @property
    def counts(self) -> dict[str, Count]:
        """Members entitled and present: persons, households, floor area."""
        return tally.counts(self._voices())

    @property
    def quorum(self) -> Judgement:
        """What the stage's rules of quorum say about who has come until now."""
        rules = [rule for rule in self.session.stage.rules.all() if rule.purpose == Purpose.QUORUM]
        return holds(rules, self.counts)

    @property
    def makeup(self) -> list[Makeup]:
        """What the form says of who makes up this assembly."""
        return makeup_of(self.session.stage.compositions.all(), self.invited)

    def _voices(self) -> Iterator[tally.Voice]:
        for row in self.invited:
            stands_back = row["recusal"] is not None
            if not row["is_member"] or (stands_back and self.session.recused_leave):
                continue
            home = row["entitled__dwelling_id"]
            yield tally.Voice(
                household=f"d{home}" if home else f"i{row['pk']}",
                area=row["entitled__dwelling__area"] or 0,
                is_present=row["pk"] in self.present and not stands_back,
            )


def rooms_of(sessions: Iterable[Session]) -> dict[int, Room]:
    """By primary key of the session, in two queries."""
    rooms = {session.pk: Room(session) for session in sessions}
    rows = Invitation.objects.filter(session__in=list(rooms)).order_by("pk")
    for row in rows.values(*_COLUMNS):
        rooms[row["session_id"]].invited.append(row)
    attended = Attendance.objects.filter(invitation__session__in=list(rooms))
    columns = ("invitation__session", "invitation", "how", "cancelled_at")
    for session, invitation, how, cancelled_at in attended.values_list(*columns):
        _enter(rooms[session], invitation, how, cancelled_at)
    return rooms


def _enter(room: Room, invitation: int, how: str, cancelled_at: Any) -> None:
    if cancelled_at is not None:
        room.cancelled += 1
        return
    room.present.add(invitation)
    room.by_code += how == Attendance.How.CODE
    room.by_clerk += how == Attendance.How.CLERK


def room_of(session: Session) -> Room:
    return rooms_of([session])[session.pk]


def demand_makeup(session: Session) -> None:
    """Raise RuleViolation where the members are not those that the law wants for this form."""
    wrong = [one.sentence for one in room_of(session).makeup if one.refuses]
    if wrong:
        text = _("The assembly is not made up as the form asks: %(why)s Invite others, or guests.")
        raise RuleViolation(text % {"why": " ".join(wrong)}, code="composition")
