"""How the ledger is written: lock the lines, decide, append; the database moves the amounts.

`Books` are lines locked in the order of their ids, with what has been decided on them so far.
Every change of a hold is an entry of its line, so the line's lock guards its holds as well.
A batch of any size costs the same few statements.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Now

from funding.models import (
    Bucket,
    Decision,
    Entry,
    Hold,
    Kind,
    LedgerFreeze,
    Line,
    Posting,
    SourceRule,
)
from lib.chain import digest, fingerprint
from organizations.models import User

Facts = dict[str, Any]

_PART_OF_HOLD = {Bucket.RESERVED: "open", Bucket.PAYABLE: "payable", Bucket.SPENT: "paid"}


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` fen of a line from one bucket to the next, for a hold unless it enters or leaves."""

    line_id: int
    source: Bucket
    target: Bucket
    amount: int
    hold: Hold | None = None

    def on_line(self, line: Line) -> None:
        """What the triggers do to the stored line, on the one in memory."""
        for bucket, amount in ((self.source, -self.amount), (self.target, self.amount)):
            if bucket == Bucket.OUTSIDE:
                line.received -= amount
            else:
                setattr(line, bucket, getattr(line, bucket) + amount)

    def on_hold(self, hold: Hold) -> None:
        """The same for the hold."""
        for bucket, amount in ((self.source, -self.amount), (self.target, self.amount)):
            if part := _PART_OF_HOLD.get(bucket):
                setattr(hold, part, getattr(hold, part) + amount)
        if self.source == Bucket.AVAILABLE:
            hold.amount += self.amount


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and when."""

    by: User
    at: datetime.datetime

    def moved_to(self, at: datetime.datetime | None) -> "Act":
        """The same act at another moment; None: at its own."""
        return replace(self, at=at) if at else self

    def posting(
        self, kind: Kind, *, key: str, payload: Facts, about: Hold | None = None, note: str = ""
    ) -> Posting:
        return Posting(
            key=key,
            kind=kind,
            payload_hash=payload_hash(kind, payload),
            subject_kind=about.subject_kind if about else "",
            subject_key=about.subject_key if about else "",
            by=self.by,
            at=self.at,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What a key did: its posting and, where there is one, the hold that it concerned."""

    posting: Posting
    its_hold: Hold | None

    @property
    def hold(self) -> Hold:
        if self.its_hold is None:
            raise LookupError(self.posting.key)
        return self.its_hold


def _decided() -> Case:
    """Fen of a line that members or owners agreed to spend; None where nobody needs to."""
    sums = Decision.objects.filter(line=OuterRef("pk")).order_by().values("line")
    needed = SourceRule.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=Now()),
        source=OuterRef("source"),
        needs_decision=True,
        valid_from__lte=Now(),
    )
    agreed = Coalesce(Subquery(sums.annotate(sum=Sum("amount")).values("sum")), 0)
    return Case(When(Exists(needed), then=agreed), output_field=BigIntegerField())


def payload_hash(kind: Kind, payload: Facts) -> str:
    """What was asked, without who and when: a retry asks the same later."""
    return fingerprint({"kind": str(kind), **payload})


def payload_of(posting: Posting, entries: Sequence[Entry]) -> Facts:
    """What must have been asked for `entries` (all of `posting`, in order) to be the answer."""
    return _ASKED.get(Kind(posting.kind), _asked_of_hold)(posting, entries)


def _asked_of_line(_: Posting, entries: Sequence[Entry]) -> Facts:
    return {"line": entries[0].line_id, "amount": entries[0].amount}


def _asked_of_two_lines(posting: Posting, entries: Sequence[Entry]) -> Facts:
    return {**_asked_of_line(posting, entries), "to": entries[-1].line_id}


def _asked_for_subject(posting: Posting, entries: Sequence[Entry]) -> Facts:
    subject = [posting.subject_kind, posting.subject_key]
    purpose = entries[0].purpose_id
    return {**_asked_of_line(posting, entries), "purpose": purpose, "subject": subject}


def _asked_of_hold(_: Posting, entries: Sequence[Entry]) -> Facts:
    return {"hold": entries[0].hold_id, "amount": entries[0].amount}


def _asked_of_bill(_: Posting, entries: Sequence[Entry]) -> Facts:
    owed = (entry.amount for entry in entries if entry.target_bucket == Bucket.PAYABLE)
    return {"hold": entries[0].hold_id, "amount": sum(owed)}


def _asked_to_entrust(posting: Posting, entries: Sequence[Entry]) -> Facts:
    return {**_asked_of_hold(posting, entries), "to": entries[-1].line_id}


def _asked_of_rest(_: Posting, entries: Sequence[Entry]) -> Facts:
    return {"hold": entries[0].hold_id}


def _asked_of_posting(posting: Posting, _: Sequence[Entry]) -> Facts:
    return {"posting": posting.reverses_id}


_ASKED: dict[Kind, Callable[[Posting, Sequence[Entry]], Facts]] = {
    Kind.RECEIVE: _asked_of_line,
    Kind.TRANSFER: _asked_of_two_lines,
    Kind.RESERVE: _asked_for_subject,
    Kind.SETTLE: _asked_of_bill,
    Kind.SETTLE_PART: _asked_of_bill,
    Kind.ENTRUST: _asked_to_entrust,
    Kind.RELEASE: _asked_of_rest,
    Kind.EXPIRE: _asked_of_rest,
    Kind.REVERSE: _asked_of_posting,
}


@dataclass(slots=True)
class Books:
    """Locked lines, the postings whose keys were used before, and what is to be written.

    `decided`: what members or owners allow a line to spend in all, None where they need not.
    """

    lines: dict[int, Line]
    frozen: bool
    decided: dict[int, int | None]
    done: dict[str, Done]
    _drafts: list[tuple[Posting, Sequence[Movement]]] = field(default_factory=list)

    @classmethod
    def open(cls, line_ids: Iterable[int], *, keys: Collection[str]) -> "Books":
        """Lock the lines by id; then look for the keys, so that a retry waits for the first try."""
        locked = (
            Line.objects.filter(pk__in=set(line_ids))
            .annotate(frozen=Exists(LedgerFreeze.objects.in_force()), decided=_decided())
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )
        lines: dict[int, Line] = {}
        decided: dict[int, int | None] = {}
        frozen = False
        for line in locked:
            lines[line.pk] = line
            decided[line.pk] = line.decided
            frozen = line.frozen
        used = Entry.objects.filter(posting__key__in=keys).select_related("posting", "hold")
        return cls(
            lines=lines,
            frozen=frozen,
            decided=decided,
            done={entry.posting.key: Done(entry.posting, entry.hold) for entry in used},
        )

    def move(self, posting: Posting, *movements: Movement) -> None:
        """Note `movements` under `posting`; later decisions in this batch see their effect."""
        for movement in movements:
            movement.on_line(self.lines[movement.line_id])
            if movement.hold and movement.hold.pk:
                movement.on_hold(movement.hold)
        self._drafts.append((posting, movements))
        self.done[posting.key] = Done(posting, movements[0].hold)

    def write(self) -> None:
        """Append holds, postings and chained entries; triggers move the stored amounts."""
        self._insert_holds()
        Posting.objects.bulk_create([posting for posting, _movements in self._drafts])
        Entry.objects.bulk_create(
            [
                self._sealed(posting, position, movement)
                for posting, movements in self._drafts
                for position, movement in enumerate(movements)
            ]
        )
        self._drafts.clear()

    def _insert_holds(self) -> None:
        """A new hold is inserted empty, as the database demands; its entry fills it."""
        new = [
            (movement, movement.hold)
            for _posting, movements in self._drafts
            for movement in movements
            if movement.hold and not movement.hold.pk
        ]
        Hold.objects.bulk_create([hold for _movement, hold in new])
        for movement, hold in new:
            movement.on_hold(hold)

    def _sealed(self, posting: Posting, position: int, movement: Movement) -> Entry:
        line, hold = self.lines[movement.line_id], movement.hold
        entry = Entry(
            posting=posting,
            position=position,
            line_id=line.pk,
            hold=hold,
            purpose_id=hold.purpose_id if hold else None,
            source_bucket=movement.source,
            target_bucket=movement.target,
            amount=movement.amount,
            number=line.version + 1,
            previous_hash=line.head,
        )
        entry.hash = digest(entry.record(), previous=line.head)
        line.version, line.head = entry.number, entry.hash
        return entry
