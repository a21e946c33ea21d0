"""Lines as bars, and one line with everything that moved on it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from funding.models import Entry, Hold, LedgerFreeze, Line, Posting, Purpose, Source
from funding.models.lines import READERS, LineQuerySet
from lib import registry
from organizations.acting import page_of
from organizations.http import role_required, signed_in
from organizations.models import User

LINES_OF_A_PAGE = 30
ENTRIES_OF_A_PAGE = 30
OPEN_HOLDS_SHOWN = 20
ENTRIES_VERIFIED = 500

Subjects = dict[tuple[str, str], registry.Reference]


@role_required(*READERS)
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    visible = Line.objects.visible_to(signed_in(request), on=today)
    shown = _chosen(visible, request, today)
    context = {
        "page": page_of(
            request, shown.with_names(), order=("source__rank", "pk"), size=LINES_OF_A_PAGE
        ),
        "total": shown.totals(),
        "source_chips": _source_chips(visible, request),
        "ended": "ended" in request.GET,
        "freeze": LedgerFreeze.objects.in_force().first(),
    }
    return render(request, "funding/lines.html", context)


def _chosen(visible: LineQuerySet, request: HttpRequest, today: datetime.date) -> LineQuerySet:
    ended = "ended" in request.GET
    lines = visible.filter(valid_to__lte=today) if ended else visible.valid_on(today)
    if code := request.GET.get("source"):
        lines = lines.filter(source__code=code)
    return lines


def _source_chips(visible: LineQuerySet, request: HttpRequest) -> list[dict[str, Any]]:
    chosen = request.GET.get("source", "")
    sources = Source.objects.filter(lines__in=visible).distinct().order_by("rank")
    values = [("", _("All sources")), *((source.code, str(source)) for source in sources)]
    chips = []
    for value, label in values:
        query = request.GET.copy()
        query.pop("cursor", None)
        query["source"] = value
        url = f"?{query.urlencode()}"
        chips.append({"label": label, "url": url, "chosen": chosen == value})
    return chips


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry and what it was for, where the reader may see that."""

    entry: Entry
    about: registry.Reference | None


@dataclass(frozen=True, slots=True)
class HoldRow:
    hold: Hold
    about: registry.Reference | None


@role_required(*READERS)
@require_safe
def line_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Line.objects.visible_to(signed_in(request), on=timezone.localdate())
    line = get_object_or_404(visible.with_names(), pk=pk)
    context = {
        "line": line,
        "purposes": Purpose.objects.filter(lines__line=line).order_by("pk"),
        "verified": Entry.objects.verify_newest(line, ENTRIES_VERIFIED),
        "freeze": LedgerFreeze.objects.in_force().first(),
        "at": timezone.now(),
        **_movements(line, request),
    }
    return render(request, "funding/line.html", context)


def _movements(line: Line, request: HttpRequest) -> dict[str, Any]:
    """A page of entries and the open holds, with what they were for."""
    entries = Entry.objects.filter(line=line).with_names()
    page = page_of(request, entries, order=("-number",), size=ENTRIES_OF_A_PAGE)
    unresolved = line.holds.unresolved().select_related("purpose").order_by("pk")
    holds = list(unresolved[:OPEN_HOLDS_SHOWN])
    subjects = _subjects(page.rows, holds, signed_in(request))
    return {
        "page": page,
        "rows": [EntryRow(entry, subjects.get(_subject_of(entry.posting))) for entry in page.rows],
        "holds": [HoldRow(hold, subjects.get(_subject_of(hold))) for hold in holds],
    }


def _subject_of(row: Posting | Hold) -> tuple[str, str]:
    return row.subject_kind, row.subject_key


def _subjects(entries: list[Entry], holds: list[Hold], user: User) -> Subjects:
    """One call of a resolver per kind, for all rows of the page."""
    rows: list[Posting | Hold] = [*(entry.posting for entry in entries), *holds]
    wanted = {_subject_of(row) for row in rows if row.subject_kind}
    return registry.references.resolve(wanted, user)
