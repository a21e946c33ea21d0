"""The chain of every case is checked; once a day one hash over all that moved is published."""

import datetime
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Max

from cases.models import Case, CaseEvent, ChainRoot, EventNote
from cases.models.queries import CaseQuerySet
from cases.workflow import ARCHIVED
from lib.chain import first_break, seasoned
from lib.moments import midnight


@dataclass(frozen=True, slots=True)
class Break:
    """Where history does not hold: the case's number, the event (0: its end), and what is wrong
    (`event`, `head`, `note` or `root`; for a root `case` is the day)."""

    case: str
    event: int
    what: str


def verify_history(*, numbers: list[str] | None = None) -> Iterator[Break]:
    """Every break of every case's chain (of those named), of the notes beside it, and of the roots.

    Reads in order of cases, so that memory does not grow with history.
    """
    cases = Case.objects.all()
    if numbers is not None:
        cases = cases.filter(number__in=numbers)
    events = CaseEvent.objects.filter(case__in=cases) if numbers is not None else CaseEvent.objects
    rows = events.select_related("case").order_by("case_id", "number")
    for _key, chain in groupby(rows.iterator(chunk_size=2000), lambda event: event.case_id):
        yield from _breaks_of(list(chain))
    yield from _missing_chains(cases)
    yield from _false_notes(numbers)
    if numbers is None:
        yield from _false_roots()


def _breaks_of(chain: list[CaseEvent]) -> Iterator[Break]:
    case = chain[0].case
    broken = first_break(chain)
    if broken is not None:
        yield Break(case.number, broken.number, "event")
    elif (chain[-1].number, chain[-1].hash) != (case.version, case.head):
        yield Break(case.number, 0, "head")


def _missing_chains(cases: CaseQuerySet) -> Iterator[Break]:
    for number in cases.filter(events=None).values_list("number", flat=True).iterator():
        yield Break(number, 0, "head")


def _false_notes(numbers: list[str] | None) -> Iterator[Break]:
    """Notes that no longer match their digest; an erased note (empty text) is not a break."""
    notes = EventNote.objects.exclude(text="").select_related("event__case")
    if numbers is not None:
        notes = notes.filter(event__case__number__in=numbers)
    for note in notes.order_by("pk").iterator(chunk_size=2000):
        if seasoned(note.text, note.salt) != note.event.note_digest:
            yield Break(note.event.case.number, note.event.number, "note")


def _false_roots() -> Iterator[Break]:
    for root in ChainRoot.objects.order_by("day"):
        if (root.events, root.root) != root_of(root.day):
            yield Break(root.day.isoformat(), 0, "root")


# Chains of higher apps that the root covers: events of a span, and the newest (key, hash) of each.
Chains = Callable[[datetime.datetime, datetime.datetime], tuple[int, Iterator[tuple[str, str]]]]
_others: dict[str, Chains] = {}


def cover(kind: str, chains: Chains) -> None:
    """Let the daily root cover the chains of a higher app, from its `registration` on."""
    _others[kind] = chains


def root_of(day: datetime.date) -> tuple[int, str]:
    """Number of the day's events and the hash over the newest of each chain that moved that day."""
    start = midnight(day)
    moved = CaseEvent.objects.filter(at__gte=start, at__lt=start + datetime.timedelta(days=1))
    # What another system's archive brings later happened on days whose roots are published.
    moved = moved.exclude(move__in=ARCHIVED)
    heads = moved.values("case").annotate(last=Max("pk")).values("last")
    root = hashlib.sha256()
    rows = CaseEvent.objects.filter(pk__in=heads).order_by("case_id").values_list("case_id", "hash")
    for case, head in rows.iterator(chunk_size=2000):
        root.update(f"{case}:{head}\n".encode())
    count = moved.count()
    for kind in sorted(_others):
        events, found = _others[kind](start, start + datetime.timedelta(days=1))
        count += events
        for key, head in found:
            root.update(f"{kind}:{key}:{head}\n".encode())
    return count, root.hexdigest()


def make_daily_root(day: datetime.date, *, at: datetime.datetime) -> ChainRoot:
    """The root of a day that is over; made once, asked for again it is the same."""
    known = ChainRoot.objects.filter(day=day).first()
    if known is not None:
        return known
    events, root = root_of(day)
    values = {"events": events, "root": root, "made_at": at}
    made, _is_new = ChainRoot.objects.get_or_create(day=day, defaults=values)
    return made
