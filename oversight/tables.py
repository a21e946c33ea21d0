"""Numbers as people read them: tables, rates with what they were before, charts, files."""

import csv
import dataclasses
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell

from oversight.figures import Numbers, numbers_of, trend_of
from oversight.measures import MEASURES, RATES, THREE_RATES, Measure, Rate, total
from oversight.models.facts import ALL
from oversight.periods import Kind, Period
from oversight.scoring import SAMPLES
from oversight.subjects import Subject

NOTHING = "—"
HEADLINES = ("closing_on_time_rate", "handling_on_time_rate", *THREE_RATES)
# What everybody reads month by month, and what may be opened behind that and behind appraisals.
PUBLIC_COUNTS = ("reported", "filed", "closed", "overdue_unclosed", "reopened")
PUBLIC_RATES = ("closing_on_time_rate", *THREE_RATES)
OPENS_IN_PUBLIC = frozenset(
    {*PUBLIC_COUNTS, *(RATES[code].under[0] for code in PUBLIC_RATES), *SAMPLES} & set(MEASURES)
)
IN_CHART = (("reported", "waiting"), ("filed", "work"), ("closed", "done"), ("rework", "overdue"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the page of the cases behind it."""

    label: Any
    shown: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure or rate: this period, the one before, and whether that is better or worse.

    `value` and `was` are the same as numbers: a count, a share of 1, or None for “—”.
    """

    label: Any
    meaning: Any
    shown: str
    before: str
    change: str
    tone: str
    url: str = ""
    value: float | None = None
    was: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    subject: Subject
    cells: list[Cell]


def per_cent(share: float | None) -> str:
    """One decimal; what has no denominator is “—”, never 0 or 100 %."""
    return NOTHING if share is None else f"{share * 100:.1f} %"


def behind(subject: Subject, code: str, period: Period, *, page: str = "oversight:cases") -> str:
    """The address of the cases behind a number, on the page for staff or on another."""
    asked = {
        "of": subject.of,
        "key": subject.key,
        "measure": code,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    return f"{reverse(page)}?{urlencode(asked)}"


def of_group(group: str) -> tuple[list[Measure], list[Rate]]:
    measures = [measure for measure in MEASURES.values() if measure.group == group]
    return measures, [rate for rate in RATES.values() if rate.group == group]


def comparison(
    subjects: Sequence[Subject], group: str, period: Period, *, now: datetime.datetime
) -> list[Row]:
    """A row for each subject that has any number: measures, then rates."""
    if not subjects:
        return []
    measures, rates = of_group(group)
    found = numbers_of(subjects[0].of, [one.key for one in subjects], period, now=now)
    return [
        Row(subject, _cells(subject, found[subject.key], measures, rates, period))
        for subject in subjects
        if any(found[subject.key].values())
    ]


def _cells(
    subject: Subject,
    numbers: Numbers,
    measures: Iterable[Measure],
    rates: Iterable[Rate],
    period: Period,
) -> list[Cell]:
    counted = [_cell(subject, measure, numbers, period) for measure in measures]
    return [*counted, *(Cell(rate.name, per_cent(rate.of(numbers))) for rate in rates)]


def _cell(subject: Subject, measure: Measure, numbers: Numbers, period: Period) -> Cell:
    count = total((measure.code,), numbers)
    url = behind(subject, measure.code, period) if count else ""
    return Cell(measure.name, f"{count:,}", url)


def lines(subject: Subject, group: str, period: Period, *, now: datetime.datetime) -> list[Line]:
    """Every number of a group for one subject, beside the period before."""
    this, last = _two(subject, period, now)
    measures, rates = of_group(group)
    counted = [_line(subject, measure, this, last, period) for measure in measures]
    return [*counted, *(rate_line(rate, this, last) for rate in rates)]


def headlines(subject: Subject, period: Period, *, now: datetime.datetime) -> list[Line]:
    this, last = _two(subject, period, now)
    return [
        dataclasses.replace(rate_line(RATES[code], this, last), url=_beside(subject, code, period))
        for code in HEADLINES
    ]


def _beside(subject: Subject, code: str, period: Period) -> str:
    """The page on which the numbers of a rate stand beside those of others."""
    of = "community" if subject.of == ALL else subject.of
    asked = {
        "of": of, "group": RATES[code].group, "period": Kind.CUSTOM.value,
        "first": period.first.isoformat(), "last": period.last.isoformat(),
    }  # fmt: skip
    return f"{reverse('oversight:indicators')}?{urlencode(asked)}"


def _two(subject: Subject, period: Period, now: datetime.datetime) -> tuple[Numbers, Numbers]:
    found = [
        numbers_of(subject.of, [subject.key], one, now=now)[subject.key]
        for one in (period, period.before())
    ]
    return found[0], found[1]


def _line(subject: Subject, measure: Measure, this: Numbers, last: Numbers, period: Period) -> Line:
    now, before = total((measure.code,), this), total((measure.code,), last)
    change = f"{now - before:+,}" if now != before else "="
    url = behind(subject, measure.code, period) if now else ""
    shown = (f"{now:,}", f"{before:,}", change)
    return Line(measure.name, measure.meaning, *shown, "", url, value=now, was=before)


def rate_line(rate: Rate, this: Numbers, last: Numbers) -> Line:
    now, before = rate.of(this), rate.of(last)
    change, tone = "", ""
    if now is not None and before is not None:
        points = round((now - before) * 100, 1)
        change = f"{points:+.1f}" if points else "="
        tone = "" if not points else "done" if (points > 0) == rate.good_is_high else "overdue"
    shown = (per_cent(now), per_cent(before), change)
    return Line(rate.name, rate.formula, *shown, tone, value=now, was=before)


def chart(subject: Subject, period: Period) -> dict[str, Any]:
    """The trend as `charts.js` reads it; the page holds the same as a table."""
    rows = trend_of(subject, period)
    form = "%Y-%m" if period.is_long else "%m-%d"
    return {
        "kind": "bar",
        "labels": [start.strftime(form) for start, _numbers in rows],
        "series": [
            {
                "name": str(MEASURES[code].name),
                "tone": tone,
                "data": [total((code,), numbers) for _start, numbers in rows],
            }
            for code, tone in IN_CHART
        ],
    }


# -- Files -----------------------------------------------------------------------------------


def sheet(
    subjects: Sequence[Subject], period: Period, *, now: datetime.datetime
) -> Iterator[list[Any]]:
    """Every measure and rate of each subject that has any: a header, then rows."""
    measures, rates = list(MEASURES.values()), list(RATES.values())
    yield [_("Name"), *(str(one.name) for one in measures), *(str(one.name) for one in rates)]
    if not subjects:
        return
    found = numbers_of(subjects[0].of, [one.key for one in subjects], period, now=now)
    for subject in subjects:
        numbers = found[subject.key]
        if any(numbers.values()):
            counted = [total((measure.code,), numbers) for measure in measures]
            yield [subject.name, *counted, *(_share(rate, numbers) for rate in rates)]


def _share(rate: Rate, numbers: Numbers) -> float | str:
    share = rate.of(numbers)
    return NOTHING if share is None else round(share, 4)


def meanings() -> Iterator[list[str]]:
    """Every name with what it means or how it is calculated."""
    yield [_("Name"), _("What it is")]
    yield from ([str(one.name), str(one.meaning)] for one in MEASURES.values())
    yield from ([str(one.name), str(one.formula)] for one in RATES.values())


def as_csv(rows: Iterable[list[Any]]) -> bytes:
    """With the mark by which spreadsheets know UTF-8; a leading sign never becomes a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[list[Any]]) -> bytes:
    """Two sheets: the numbers, and what they mean."""
    book = Workbook(write_only=True)
    for name, lines_ in ((_("Numbers"), rows), (_("Definitions"), meanings())):
        page = book.create_sheet(name)
        for row in lines_:
            page.append([_written(page, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(page: Any, cell: Any) -> Any:
    written = WriteOnlyCell(page, value=_harmless(cell))
    if isinstance(cell, float):
        written.number_format = "0.0%"
    return written


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" and cell != NOTHING else cell
