"""Cases taken along in a file: as many as there are, in constant memory, and always on record."""

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases import notifications
from cases.columns import COLUMNS, USUAL_IN_FILES, Column, chosen
from cases.models import CaseExport, ExportState
from cases.models.queries import CaseQuerySet
from cases.services.reporters import may_search_personal
from lib.errors import NotYours, RuleViolation
from lib.sheets import CsvLines, Workbook
from organizations.models import User

CHUNK = 2000
# What is longer is made by a worker and fetched later.
AT_ONCE = 20_000
KEPT = datetime.timedelta(days=7)


def begin_export(
    cases: CaseQuerySet,
    *,
    query: str,
    columns: Sequence[str],
    format: str,  # noqa: A002 -- the word of the column
    by: User,
    at: datetime.datetime,
) -> CaseExport:
    """Write down who takes what along; a long one waits for a worker, a short one is written now.

    `query` is the query string that `cases` was narrowed by. Raises NotYours, RuleViolation.
    """
    if format not in CaseExport.Format.values:
        raise RuleViolation(_("Choose CSV or XLSX."), code="format")
    if not by.roles_on(timezone.localdate(at)):
        raise NotYours(_("Only people who hold a post take lists along."))
    is_long = cases.order_by().values("pk")[: AT_ONCE + 1].count() > AT_ONCE
    with transaction.atomic():
        export = CaseExport.objects.create(
            by=by,
            at=at,
            query=query[:2000],
            columns=[column.key for column in _chosen(columns)],
            language=translation.get_language() or "zh-hans",
            format=format,
            masked=not may_search_personal(by, at=at),
            state=ExportState.WAITING if is_long else ExportState.TAKEN,
        )
        if is_long:
            transaction.on_commit(lambda: notifications.wake_exporter(export.pk), robust=True)
    return export


def _chosen(keys: Sequence[str]) -> list[Column]:
    return chosen(keys, among=COLUMNS, usual=USUAL_IN_FILES)


def stream(export: CaseExport, cases: CaseQuerySet) -> Iterator[bytes]:
    """A CSV file piece by piece; at the end the record says how many rows have gone out."""
    lines, columns = CsvLines(), _chosen(export.columns)
    yield lines.of([[str(column.label) for column in columns]])
    count = 0
    try:
        for rows in _chunks(cases, columns, masked=export.masked):
            yield lines.of(rows)
            count += len(rows)
    finally:
        CaseExport.objects.filter(pk=export.pk).update(rows=count)


def write(export: CaseExport, cases: CaseQuerySet, out: Any) -> int:
    """The whole file into `out`; how many rows it has."""
    count = 0
    with translation.override(export.language):
        columns = _chosen(export.columns)
        if export.format == CaseExport.Format.CSV:
            for piece in stream(export, cases):
                out.write(piece)
            return CaseExport.objects.values_list("rows", flat=True).get(pk=export.pk)
        book = Workbook(out, [str(column.label) for column in columns], title=_("Cases"))
        for rows in _chunks(cases, columns, masked=export.masked):
            book.add(rows)
            count += len(rows)
        book.close()
    CaseExport.objects.filter(pk=export.pk).update(rows=count)
    return count


def in_a_file(export: CaseExport, cases: CaseQuerySet) -> IO[bytes]:
    """The whole file, open at its beginning; it is gone when it is closed."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it
    write(export, cases, out)
    out.seek(0)
    return out


def make_file(export: CaseExport, cases: CaseQuerySet, *, at: datetime.datetime) -> CaseExport:
    """What a worker does with a long one: the file is there for a week, for who asked for it."""
    with tempfile.NamedTemporaryFile(suffix=f".{export.format}") as out:
        export.rows = write(export, cases, out)
        out.flush()
        out.seek(0)
        export.file.save(f"{export.pk}.{export.format}", File(out), save=False)
    export.state, export.done_at, export.expires_at = ExportState.READY, at, at + KEPT
    export.save(update_fields=["file", "rows", "state", "done_at", "expires_at"])
    notifications.tell_of_export(export, at=at)
    return export


def forgotten(*, at: datetime.datetime) -> list[int]:
    """Exports that have waited for ten minutes: their message was lost, or their worker died."""
    since = at - datetime.timedelta(minutes=10)
    waiting = CaseExport.objects.filter(state=ExportState.WAITING, at__lt=since)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:20])


def expire_exports(*, at: datetime.datetime) -> int:
    """Remove the files whose time is over; the record stays."""
    old = list(CaseExport.objects.filter(state=ExportState.READY, expires_at__lte=at))
    for export in old:
        export.file.delete(save=False)
        CaseExport.objects.filter(pk=export.pk).update(state=ExportState.EXPIRED, file="")
    return len(old)


def _chunks(
    cases: CaseQuerySet, columns: Sequence[Column], *, masked: bool
) -> Iterator[list[list[Any]]]:
    """The newest first, by key: what memory and a query cost does not grow with the list."""
    paths = [column.source() for column in columns]
    rows = cases.order_by("-pk").values_list("pk", "reporter__name", *paths)
    found = list(rows[:CHUNK])
    while found:
        yield [_line(columns, row, masked=masked) for row in found]
        found = list(rows.filter(pk__lt=found[-1][0])[:CHUNK]) if len(found) == CHUNK else []


def _line(columns: Sequence[Column], row: Sequence[Any], *, masked: bool) -> list[Any]:
    _key, name, *values = row
    names = [name] if name else []
    return [
        column.cell(value, masked=masked, names=names)
        for column, value in zip(columns, values, strict=True)
    ]
