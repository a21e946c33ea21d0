"""Personal details go when their time is over; chains, statistics and published words stay.

Chained events hold salted digests only; the words stand beside them. An erased note is empty,
which `verify_history` accepts; a note that differs from its digest would be a break.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from cases.models import Case, EventNote, Photo, Reporter, Task
from cases.models.queries import CaseQuerySet
from cases.models.retention import USUAL_DAYS, Erasure, Kept, RetentionRule
from cases.services.searching import index
from lib.masking import mask_address, mask_text
from organizations.models import User

BATCH = 500
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Due:
    """What would be erased now: cases whose end lies before `ended_before`."""

    kind: Kept
    ended_before: datetime.datetime
    cases: CaseQuerySet


def due(*, at: datetime.datetime) -> Iterator[Due]:
    """Each kind with the cases whose time is over: what a dry run counts."""
    days = USUAL_DAYS | dict(RetentionRule.objects.values_list("kind", "days"))
    for kind in Kept:
        before = at - datetime.timedelta(days=days[kind])
        cases = Case.objects.ended().filter(ended_at__lte=before)
        yield Due(kind, before, cases.filter(_LEFT[kind]))


def erase_due(*, by: User, at: datetime.datetime) -> list[Erasure]:
    """Erase everything whose time is over, five hundred cases a transaction, each on record."""
    made = []
    for wanted in due(at=at):
        while keys := list(wanted.cases.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            made.append(erase(keys, wanted.kind, ended_before=wanted.ended_before, by=by, at=at))
    return made


def erase(
    keys: Sequence[int],
    kind: Kept,
    *,
    ended_before: datetime.datetime,
    by: User,
    at: datetime.datetime,
) -> Erasure:
    """Erase one kind in these cases and write down how much that was."""
    with transaction.atomic():
        cases = list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        counts = _ERASE[kind](cases, at)
        numbers = "\n".join(case.number for case in cases)
        return Erasure.objects.create(
            kind=kind,
            at=at,
            by=by,
            ended_before=ended_before,
            cases=len(cases),
            counts=counts,
            digest=hashlib.sha256(numbers.encode()).hexdigest(),
        )


def _contact(cases: Sequence[Case], at: datetime.datetime) -> Counts:
    """Names are known for the last time: what they stand in is masked with them."""
    reporters = {row.case_id: row for row in Reporter.objects.filter(case__in=cases)}
    names = {key: [row.name] if row.name else [] for key, row in reporters.items()}
    counts = _mask_words(cases, names)
    counts["reporters"] = Reporter.objects.filter(case__in=cases).update(
        name="", phone="", address_detail="", salt="", person=None, erased_at=at
    )
    _index_again(cases)
    return counts


def _mask_words(cases: Sequence[Case], names: dict[int, list[str]]) -> Counts:
    for case in cases:
        known = names.get(case.pk, [])
        case.title, case.text = mask_text(case.title, known), mask_text(case.text, known)
        case.address = mask_address(case.address)
    Case.objects.bulk_update(cases, ["title", "text", "address"])
    notes = EventNote.objects.filter(event__case__in=cases).exclude(text="").select_related("event")
    personal = [note.pk for note in notes if _is_personal(note.text, names[note.event.case_id])]
    tasks = list(Task.objects.filter(case__in=cases).exclude(result=""))
    for task in tasks:
        task.result = mask_text(task.result, names.get(task.case_id, []))
    Task.objects.bulk_update(tasks, ["result"])
    erased = EventNote.objects.filter(pk__in=personal).update(text="", salt="")
    return {"cases": len(cases), "notes": erased, "results": len(tasks)}


def _is_personal(text: str, names: Sequence[str]) -> bool:
    return mask_text(text, names) != text


def _words(cases: Sequence[Case], _at: datetime.datetime) -> Counts:
    """What was said and written; the wording for everybody stays."""
    for case in cases:
        case.title, case.text, case.address = case.number, "", ""
    Case.objects.bulk_update(cases, ["title", "text", "address"])
    notes = EventNote.objects.filter(event__case__in=cases).exclude(text="")
    tasks = Task.objects.filter(case__in=cases).exclude(result="")
    counts = {"cases": len(cases), "notes": notes.update(text="", salt="")}
    counts["results"] = tasks.update(result="")
    _index_again(cases)
    return counts


def _photos(cases: Sequence[Case], _at: datetime.datetime) -> Counts:
    """Files that no public photo and no other case shows; their digests stay."""
    rows = list(Photo.objects.filter(case__in=cases, is_public=False).exclude(image=""))
    Photo.objects.filter(pk__in=[row.pk for row in rows]).update(image="", thumbnail="")
    names = {str(file.name) for row in rows for file in (row.image, row.thumbnail)}
    for name in sorted(names):
        if not Photo.objects.filter(Q(image=name) | Q(thumbnail=name)).exists():
            transaction.on_commit(partial(default_storage.delete, name))
    return {"photos": len(rows)}


def _index_again(cases: Sequence[Case]) -> None:
    reporters = {row.case_id: row for row in Reporter.objects.filter(case__in=cases)}
    index(cases, [reporters[case.pk] for case in cases])


_HELD_PHOTOS = Photo.objects.filter(is_public=False).exclude(image="")
_LEFT: dict[Kept, Q] = {
    Kept.CONTACT: Q(reporter__isnull=False, reporter__erased_at=None),
    Kept.PHOTOS: Q(pk__in=_HELD_PHOTOS.values("case")),
    Kept.WORDS: ~Q(text=""),
}
_ERASE: dict[Kept, Callable[[Sequence[Case], datetime.datetime], Counts]] = {
    Kept.CONTACT: _contact,
    Kept.PHOTOS: _photos,
    Kept.WORDS: _words,
}
