"""Open data: every data set with its columns in words, as CSV or JSON, row by row.

What a page may not show is not here either: donors as they wished, payees masked, questions in
their released wording, pay only in groups that hide single people.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from funding.models import (
    Bucket,
    CheckRun,
    Donation,
    Entry,
    LedgerRoot,
    Line,
    MonthTotal,
    Question,
    Statement,
)
from lib.masking import mask_payee
from portal.consultation_data import SETS as OF_CONSULTATION
from portal.data_shapes import Column, DataSet
from portal.duty_data import SETS as OF_DUTIES
from portal.money_subjects import public_subjects
from portal.mutual_data import SETS as OF_MUTUAL
from portal.talent_data import SETS as OF_TRAINING

CHUNK = 500
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def _lines(_year: int) -> Iterator[tuple[Any, ...]]:
    rows = Line.objects.with_names().order_by("code")
    for line in rows.iterator(CHUNK):
        yield (
            line.code, line.name, line.source.code, line.body.code, line.body.name,
            line.territory.code if line.territory else "", line.valid_from, line.valid_to,
            line.received, line.available, line.reserved, line.payable, line.spent, line.version,
            line.head,
        )  # fmt: skip


def _months(year: int) -> Iterator[tuple[Any, ...]]:
    rows = MonthTotal.objects.filter(month__year=year).select_related("line", "purpose")
    for row in rows.order_by("month", "line", "pk").iterator(CHUNK):
        yield (
            f"{row.month:%Y-%m}", row.line.code, row.purpose.code if row.purpose else "", row.kind,
            row.source_bucket, row.target_bucket, row.amount, row.entries,
        )  # fmt: skip


def _payments(year: int) -> Iterator[tuple[Any, ...]]:
    """Chunk by chunk, so that what each was for costs one query for many."""
    paid = Entry.objects.filter(target_bucket=Bucket.SPENT, posting__at__year=year)
    named = paid.select_related("posting__payment__application", "line", "purpose").order_by("pk")
    after = 0
    while chunk := list(named.filter(pk__gt=after)[:CHUNK]):
        after = chunk[-1].pk
        pairs = {(row.posting.subject_kind, row.posting.subject_key) for row in chunk}
        subjects = public_subjects(pairs)
        for row in chunk:
            subject = subjects.get((row.posting.subject_kind, row.posting.subject_key))
            yield (
                localdate(row.posting.at), row.line.code, row.number,
                row.purpose.code if row.purpose else "", row.amount, _payee(row),
                subject.label if subject else "", row.hold_id,
            )  # fmt: skip


def _payee(entry: Entry) -> str:
    payment = getattr(entry.posting, "payment", None)
    return mask_payee(payment.application.payee_name) if payment else ""


def _donations(year: int) -> Iterator[tuple[Any, ...]]:
    rows = Donation.objects.received().filter(given_on__year=year)
    for row in rows.select_related("line", "purpose").order_by("pk").iterator(CHUNK):
        yield (
            row.number, row.given_on, row.line.code, row.purpose.code if row.purpose else "",
            row.public_name, row.public_amount,
        )  # fmt: skip


def _statements(year: int) -> Iterator[tuple[Any, ...]]:
    rows = Statement.objects.filter(month__year=year).select_related("body")
    for row in rows.order_by("month", "body", "version").iterator(100):
        sums = (
            row.content[name] for name in ("opening", "received", "transferred", "spent", "closing")
        )
        yield (
            row.body.code, f"{row.month:%Y-%m}", row.version, *sums, row.at, row.reason, row.number,
            row.hash,
        )  # fmt: skip


def _questions(year: int) -> Iterator[tuple[Any, ...]]:
    rows = Question.objects.published().filter(asked_at__year=year).with_names().order_by("pk")
    for row in rows.iterator(CHUNK):
        yield (
            row.number, row.body.code, row.line.code if row.line else "", row.asked_at, row.due_at,
            row.state, row.public_text, row.answer, row.answered_at,
        )  # fmt: skip


def _heads(year: int) -> Iterator[tuple[Any, ...]]:
    for root in LedgerRoot.objects.filter(day__year=year).order_by("day").iterator(50):
        for code, number, head in root.heads:
            yield root.day, code, number, head, root.root


def _checks(year: int) -> Iterator[tuple[Any, ...]]:
    for run in CheckRun.objects.filter(at__year=year).order_by("pk").iterator(100):
        for row in run.results:
            yield run.at, row["name"], row["findings"]


_LINE = Column("line", "text", _("code of the budget line"))
_PURPOSE = Column(
    "purpose", "text", _("code of the purpose; empty for money that only came in or left")
)
SETS = (
    DataSet("lines", _("Budget lines"), _("Every line as it stands now."), (
        Column("code", "text", _("code of the line; other data sets name it `line`")),
        Column("name", "text", _("name of the line")),
        Column("source", "text", _("code of the source: public, autonomy, collective, endogenous, donation")),
        Column("body", "text", _("code of the owner")),
        Column("body_name", "text", _("name of the owner")),
        Column("territory", "text", _("code of the territory; empty: wherever the owner works")),
        Column("valid_from", "date", _("first day")),
        Column("valid_to", "date", _("day after the last; empty: no end")),
        Column("received", "fen", _("all that came in; the sum of the next four")),
        Column("free", "fen", _("not yet kept for anything")),
        Column("reserved", "fen", _("kept for work under way")),
        Column("payable", "fen", _("owed, not yet paid")),
        Column("spent", "fen", _("paid")),
        Column("entries", "number", _("number of the newest entry")),
        Column("head", "text", _("SHA-256 of the newest entry; it covers all before it")),
    ), _lines),
    DataSet("months", _("Totals of months"), _("All movements of a year, summed by month, line and purpose."), (
        Column("month", "text", _("year and month")),
        _LINE,
        _PURPOSE,
        Column("kind", "text", _("what was done: receive, transfer, reserve, settle, release, pay, reverse …")),
        Column("from", "text", _("bucket that it left: outside, available, reserved, payable, spent")),
        Column("to", "text", _("bucket that it came to")),
        Column("amount", "fen", _("sum of the entries")),
        Column("entries", "number", _("how many entries")),
    ), _months),
    DataSet("payments", _("Payments"), _("Every payment of a year."), (
        Column("day", "date", _("day of the payment")),
        _LINE,
        Column("entry", "number", _("number of the entry on its line")),
        _PURPOSE,
        Column("amount", "fen", _("what was paid")),
        Column("payee", "text", _("firm or institution; people masked; empty where none is recorded")),
        Column("used_for", "text", _("published case, application or distribution; empty where it is not public")),
        Column("reservation", "number", _("number of the reservation: /money/reservations/…/")),
    ), _payments),
    DataSet("donations", _("Donations"), _("Every donation of a year, as its donor wished it shown."), (
        Column("number", "text", _("number of the donation")),
        Column("given_on", "date", _("day on which it was given")),
        _LINE,
        Column("purpose", "text", _("purpose wished by the donor; empty: none")),
        Column("donor", "text", _("empty where the donor does not want to be named")),
        Column("amount", "fen", _("empty where the donor does not want it shown; sums hold it all the same")),
    ), _donations),
    DataSet("statements", _("Monthly statements"), _("Every version of every statement of a year."), (
        Column("body", "text", _("code of the body")),
        Column("month", "text", _("year and month")),
        Column("version", "number", _("1, then one more with each correction")),
        Column("opening", "fen", _("balance at the beginning")),
        Column("received", "fen", _("income")),
        Column("transferred", "fen", _("from other lines less to other lines")),
        Column("spent", "fen", _("spending")),
        Column("closing", "fen", _("balance at the end")),
        Column("published", "moment", _("when it was published")),
        Column("reason", "text", _("why it was corrected")),
        Column("number", "number", _("place in the chain of the body's statements")),
        Column("hash", "text", _("SHA-256 of the statement and of the one before")),
    ), _statements),
    DataSet("questions", _("Questions and answers"), _("Released questions of a year with their answers."), (
        Column("number", "text", _("number of the question")),
        Column("body", "text", _("code of the body that was asked")),
        _LINE,
        Column("asked", "moment", _("when it was asked")),
        Column("due", "moment", _("when it must be answered")),
        Column("state", "text", _("open or answered")),
        Column("question", "text", _("released wording")),
        Column("answer", "text", _("public answer")),
        Column("answered", "moment", _("when it was answered")),
    ), _questions),
    DataSet("chain-heads", _("Daily heads of the chains"), _("Where every line's chain of entries stood at the end of each day."), (
        Column("day", "date", _("the day")),
        _LINE,
        Column("entries", "number", _("number of the newest entry")),
        Column("head", "text", _("SHA-256 of that entry")),
        Column("root", "text", _("SHA-256 over all heads of the day")),
    ), _heads),
    DataSet("checks", _("Results of the checks"), _("What every run of the checks found."), (
        Column("at", "moment", _("when it ran")),
        Column("check", "text", _("name of the check")),
        Column("findings", "number", _("what it found; 0: all is well")),
    ), _checks),
    *OF_CONSULTATION,
    *OF_MUTUAL,
    *OF_DUTIES,
    *OF_TRAINING,
)  # fmt: skip
BY_KEY = {one.key: one for one in SETS}


def as_csv(one: DataSet, year: int) -> StreamingHttpResponse:
    """With a byte order mark, so that spreadsheets read it as UTF-8."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff" + writer.writerow([column.name for column in one.columns])
        for row in one.rows(year):
            yield writer.writerow([_cell(value) for value in row])

    return _answer(one, year, "csv", "text/csv; charset=utf-8", lines())


def as_json(one: DataSet, year: int) -> StreamingHttpResponse:
    """One array of objects."""
    names = [column.name for column in one.columns]

    def parts() -> Iterator[str]:
        lead = "["
        for row in one.rows(year):
            values = dict(zip(names, row, strict=True))
            yield lead + json.dumps(values, ensure_ascii=False, default=_spelled)
            lead = ",\n"
        yield "[]" if lead == "[" else "]"

    return _answer(one, year, "json", "application/json; charset=utf-8", parts())


class _Echo:
    """csv.writer hands back what `write` returns."""

    def write(self, text: str) -> str:
        return text


def _cell(value: Any) -> str:
    text = "" if value is None else _spelled(value) if hasattr(value, "isoformat") else str(value)
    is_formula = isinstance(value, str) and text.startswith(_FORMULAS)
    return f"'{text}" if is_formula else text


def _spelled(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _answer(
    one: DataSet, year: int, kind: str, content_type: str, parts: Iterator[str]
) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(parts, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{one.key}-{year}.{kind}"'
    return answer
