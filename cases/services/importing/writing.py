"""Rows become cases in chunks: each chunk is one transaction and a fixed number of statements."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, CaseEvent, Channel, Reporter, Urgency
from cases.services.importing.archive import Archive, archived_events
from cases.services.importing.mapping import Mapping, Unusable
from cases.services.importing.placing import Placer
from cases.services.importing.sheets import BadFile, Row
from cases.services.intake import (
    Matter,
    first_events,
    first_reporter,
    new_case,
    put,
    words_of,
)
from cases.services.numbering import take_numbers
from cases.services.rows import write_cases
from cases.services.searching import index
from lib.errors import RuleViolation
from organizations.models import User
from routing.danger import Danger, Watchwords
from routing.models import Category
from routing.models.catalogue import Publicity

CHUNK = 500
MOMENTS = {"created_at", "due_at", "closed_at"}
IMPORTED, REJECTED, KNOWN = "imported", "rejected", "known"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: imported (with the case's number), rejected (with the reason), or known
    from an earlier import (with that case's number)."""

    row: int
    origin_number: str
    result: str
    reason: str = ""
    number: str = ""


@dataclass(slots=True)
class Draft:
    row: int
    case: Case
    matter: Matter


class Reader:
    """Makes unsaved cases of rows; knows the categories by code, read once."""

    def __init__(
        self, mapping: Mapping, *, by: User, at: datetime.datetime, create_missing: bool = False
    ) -> None:
        self.mapping, self.by, self.at = mapping, by, at
        self.watchwords = Watchwords(on=timezone.localdate(at))
        self.archive = Archive(mapping, by=by, at=at, create_missing=create_missing)
        rows = Category.objects.small_classes().valid_on(timezone.localdate(at))
        self.categories = {row.code: row for row in rows}

    def draft(self, row: Row) -> Draft:
        """Raises Unusable and RuleViolation: the reason why the row is rejected."""
        if row.fault:
            raise Unusable(row.fault)
        said = {
            name: reading.text(row.cells)
            for name, reading in self.mapping.fields.items()
            if name not in MOMENTS
        }
        if not said["number"]:
            raise Unusable(_("The row has no number."))
        channel = _choice(said.get("channel") or Channel.SUPERIOR, Channel)
        matter = self._matter(said)
        danger = None if self.mapping.history else self._danger(matter)
        case = new_case(matter, channel=channel, by=self.by, at=self.at, danger=danger)
        case.created_at = self._received(row)
        if self.mapping.history:
            self.archive.take_over(case, row, said)
        return Draft(row.number, case, matter)

    def _danger(self, matter: Matter) -> Danger | None:
        return self.watchwords.look("\n".join(words_of(matter)))

    def _matter(self, said: dict[str, str]) -> Matter:
        matter: Matter = {
            "title": said.get("title", ""),
            "text": said["text"],
            "category": self._category(said.get("category", ""), said.get("category_name", "")),
            "urgency": _choice(said.get("urgency") or Urgency.ORDINARY, Urgency),
            "reporter_name": said.get("reporter_name", ""),
            "reporter_phone": said.get("reporter_phone", ""),
            "origin_system": self.mapping.system,
            "origin_number": said["number"][:60],
        }
        if said.get("publicity"):
            matter["publicity"] = _choice(said["publicity"], Publicity)
        return matter

    def _category(self, code: str, name: str = "") -> Category | None:
        if self.mapping.history:
            return self.archive.category(code, name)
        if code and code not in self.categories:
            raise Unusable(_("There is no category “%(code)s”.") % {"code": code})
        return self.categories.get(code)

    def _received(self, row: Row) -> datetime.datetime:
        reading = self.mapping.fields.get("created_at")
        moment = reading.moment(row.cells) if reading else None
        if moment is not None and moment > self.at:
            raise Unusable(_("It was received in the future."))
        return moment or self.at

    def address(self, row: Row) -> str:
        reading = self.mapping.fields.get("address")
        return reading.text(row.cells)[:200] if reading else ""


def _choice(value: str, choices: Any) -> str:
    if value not in choices.values:
        facts = {"value": value, "values": ", ".join(choices.values)}
        raise Unusable(_("“%(value)s” is none of: %(values)s.") % facts)
    return value


def import_rows(
    rows: Iterable[Row],
    mapping: Mapping,
    *,
    by: User,
    at: datetime.datetime,
    dry_run: bool = False,
    create_missing: bool = False,
) -> Iterator[Outcome]:
    """One outcome per row, in the order of the file. Raises BadFile where columns are missing.

    A chunk is written whole or not at all; an import that was stopped goes on when it is run again,
    because rows are recognised by (system, number). `create_missing`: bodies and kinds of an
    archive that we do not have are made; in a dry run nothing is.
    """
    rows = iter(rows)
    reader = Reader(mapping, by=by, at=at, create_missing=create_missing and not dry_run)
    reader.archive.pretends = create_missing and dry_run
    placer = Placer(mapping)
    first = True
    while chunk := list(islice(rows, CHUNK)):
        if first:
            _check_columns(chunk[0], mapping)
            first = False
        yield from _import_chunk(chunk, reader, placer, dry_run=dry_run)


def _check_columns(row: Row, mapping: Mapping) -> None:
    missing = mapping.columns() - row.cells.keys()
    if missing and not row.fault:
        names = ", ".join(sorted(missing))
        raise BadFile(
            _("The file lacks columns that the mapping names: %(names)s.") % {"names": names}
        )


def _import_chunk(
    chunk: list[Row], reader: Reader, placer: Placer, *, dry_run: bool
) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    drafts: dict[int, Draft] = {}
    for row in chunk:
        number = _number_of(row, reader.mapping)
        try:
            drafts[row.number] = reader.draft(row)
        except (Unusable, RuleViolation) as reason:
            outcomes[row.number] = Outcome(row.number, number, REJECTED, str(reason))
    wanted = [row for row in chunk if row.number in drafts]
    for row, found in zip(wanted, placer.places(wanted), strict=True):
        draft = drafts[row.number]
        draft.case.address = reader.address(row)
        put(draft.case, found)
        if reader.mapping.require_place and found.town is None:
            why = _("No territory was found for it.")
            origin = draft.case.origin_number
            outcomes[row.number] = Outcome(row.number, origin, REJECTED, why)
            del drafts[row.number]
    outcomes |= _write(list(drafts.values()), reader, dry_run=dry_run)
    return [outcomes[row.number] for row in chunk]


def _number_of(row: Row, mapping: Mapping) -> str:
    try:
        return mapping.fields["number"].text(row.cells)[:60]
    except Unusable:
        return ""


def _write(drafts: list[Draft], reader: Reader, *, dry_run: bool) -> dict[int, Outcome]:
    with transaction.atomic():
        known = _known(drafts, reader.mapping.system)
        outcomes: dict[int, Outcome] = {}
        fresh: list[Draft] = []
        for draft in drafts:
            origin = draft.case.origin_number
            if origin in known:
                outcomes[draft.row] = Outcome(draft.row, origin, KNOWN, number=known[origin])
            else:
                known[origin] = ""
                fresh.append(draft)
        if fresh and not dry_run:
            _store(fresh, reader)
    for draft in fresh:
        case = draft.case
        outcomes[draft.row] = Outcome(draft.row, case.origin_number, IMPORTED, number=case.number)
    return outcomes


def _known(drafts: list[Draft], system: str) -> dict[str, str]:
    """Numbers of the other system that were imported before → our numbers."""
    numbers = [draft.case.origin_number for draft in drafts]
    rows = Case.objects.filter(origin_system=system, origin_number__in=numbers)
    return dict(rows.values_list("origin_number", "number"))


def _store(drafts: list[Draft], reader: Reader) -> None:
    numbers = take_numbers(timezone.localdate(reader.at), len(drafts))
    reporters = [first_reporter(draft.case, draft.matter) for draft in drafts]
    for draft, number in zip(drafts, numbers, strict=True):
        draft.case.number = number
    cases = Case.objects.bulk_create([draft.case for draft in drafts])
    events: list[CaseEvent] = []
    for case, reporter in zip(cases, reporters, strict=True):
        reporter.case = case
        if case.is_history:
            events.extend(archived_events(case, reporter, by=reader.by))
        else:
            events.extend(first_events(case, reporter, by=reader.by, at=reader.at))
    # The first event needs the case's key, the case the event's hash.
    fields = ("state", "desk", "filed_at", "route_at", "version", "head")
    write_cases(cases, fields, versions=[0] * len(cases))
    Reporter.objects.bulk_create(reporters)
    CaseEvent.objects.bulk_create(events)
    index(cases, reporters)
    if any(case.route_at for case in cases):
        transaction.on_commit(notifications.wake_router, robust=True)
