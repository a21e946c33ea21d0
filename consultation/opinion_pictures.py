"""Opinions as pages draw them: counts, the bar of stands, threads; a handful of queries each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from consultation.models import Consultation, Draft, Opinion, OpinionTally
from consultation.services import opinions as services
from lib.sheets import CsvLines

LATEST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar of stands; widths in percent."""

    stand: str
    label: Any
    count: int
    x: float
    width: float


def bar_of(tally: OpinionTally) -> list[Part]:
    parts, x = [], 0.0
    for stand, column in services.COLUMNS.items():
        count = getattr(tally, column)
        width = round(100 * count / tally.total, 2) if tally.total else 0.0
        parts.append(Part(stand, stand.label, count, round(x, 2), width))
        x += width
    return parts


def tally_of(consultation: Consultation) -> OpinionTally:
    found = OpinionTally.objects.filter(consultation=consultation).first()
    return found or OpinionTally(consultation=consultation)


def context_of(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """What every page of opinions shows on top."""
    tally, stage = tally_of(consultation), services.stage_open(consultation)
    return {
        "consultation": consultation,
        "tally": tally,
        "bar": bar_of(tally),
        "stage": stage,
        "draft": Draft.objects.filter(consultation=consultation).order_by("-number").first(),
        "user_is_resident": getattr(request.user, "is_resident", False),
        "at": timezone.now(),
    }


def panel(request: HttpRequest, consultation: Consultation) -> dict[str, Any] | None:
    """The part of a consultation's public page; None where opinions were never taken."""
    context = context_of(request, consultation)
    tally = context["tally"]
    if not tally.total and not tally.waiting and context["stage"] is None:
        return None
    rows = Opinion.objects.filter(consultation=consultation).top().public().for_page()
    return {**context, "latest": rows.order_by("-pk")[:LATEST]}


def in_threads(root: Opinion, replies: list[Opinion]) -> list[Opinion]:
    """Replies in reading order: each right below what it answers."""
    below: dict[int, list[Opinion]] = defaultdict(list)
    for one in replies:
        below[one.parent_id or root.pk].append(one)
    ordered: list[Opinion] = []
    waiting = list(reversed(below[root.pk]))
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        waiting.extend(reversed(below[one.pk]))
    return ordered


HEADINGS = ("at", "opinion", "act", "reason", "explanation", "office")


def log_lines(entries: Any) -> Iterator[bytes]:
    """The log of moderation as CSV, the newest first."""
    lines = CsvLines()
    yield lines.of([HEADINGS])
    for row in entries.order_by("-pk").iterator(chunk_size=2000):
        at = timezone.localtime(row.at).isoformat("T", "seconds")
        yield lines.of([(at, row.opinion_id, row.act, row.reason, row.note, row.office)])
