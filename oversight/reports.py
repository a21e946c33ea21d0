"""The monthly report of an area or body as PDF and XLSX, with charts that are drawn, not pasted."""

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from fpdf import FontFace
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from lib.paper import Paper, readers_language
from lib.sheets import cell
from oversight import board, tables
from oversight.measures import GROUPS
from oversight.periods import Period
from oversight.subjects import Subject
from oversight.tables import Line

# Of the four series of the trend: what a state looks like on paper.
_INKS = ((125, 135, 150), (26, 79, 174), (34, 120, 70), (178, 40, 40))
_RULE, _HEAD, _PAPER = (200, 205, 212), (241, 243, 246), (255, 255, 255)
_WIDTH, _HEIGHT = 180.0, 56.0
# What must have room below a heading, and where lying bars begin (mm).
_WITH_HEADING, _NAMES = 40.0, 72.0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that both files say, read once."""

    name: str
    period: Period
    made_at: datetime.datetime
    headlines: list[Line]
    groups: list[tuple[str, list[Line]]]
    labels: list[str]
    series: list[tuple[str, list[int]]]
    time_left: list[board.Figure]
    overdue: list[board.Figure]

    @property
    def title(self) -> str:
        return _("Monthly report: %(name)s, %(period)s") % {
            "name": self.name, "period": self.period,
        }  # fmt: skip


def report_of(subject: Subject, period: Period, *, now: datetime.datetime) -> Report:
    chart = tables.chart(subject, period)
    return Report(
        name=subject.name or _("All together"),
        period=period,
        made_at=now,
        headlines=tables.headlines(subject, period, now=now),
        groups=[
            (str(label), tables.lines(subject, key, period, now=now))
            for key, label in GROUPS.items()
        ],
        labels=list(chart["labels"]),
        series=[(one["name"], one["data"]) for one in chart["series"]],
        time_left=board.time_left(subject, now=now),
        overdue=board.overdue_by_body(subject, now=now),
    )


def _row(line: Line) -> tuple[str, ...]:
    return str(line.label), line.shown, line.before, line.change, str(line.meaning)


def _heads() -> tuple[str, ...]:
    return (
        pgettext("figure", "Number"),
        _("This month"),
        _("The month before"),
        pgettext("figure", "Change"),
        _("What it is"),
    )


# -- PDF ---------------------------------------------------------------------------------------


class _Pages(Paper):
    """A4 with the report's title and the number of the page at the foot of each."""

    def __init__(self, title: str) -> None:
        super().__init__(lang=readers_language())
        self.set_title(title)
        self.set_auto_page_break(auto=True, margin=18)
        self.foot = title

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("sans", "", 7)
        self.cell(0, 4, f"{self.foot} · {self.page_no()} / {{nb}}", align="C")


def as_pdf(report: Report) -> bytes:
    """The overview on the first page; all numbers, group by group, from the second on."""
    pdf = _Pages(report.title)
    pdf.add_page()
    _heading(pdf, report.title, 17)
    _words(pdf, _("Made on %(moment)s") % {"moment": f"{localtime(report.made_at):%Y-%m-%d %H:%M}"})
    pdf.ln(2)
    _table(pdf, report.headlines)
    _heading(pdf, _("Reported, filed, closed and rework"), 12)
    _bars(pdf, report.labels, report.series)
    _heading(pdf, _("Time left of what is in hand"), 12)
    _lying(pdf, report.time_left)
    _heading(pdf, _("Most overdue, by department"), 12)
    _lying(pdf, report.overdue)
    pdf.add_page()
    for label, lines in report.groups:
        _heading(pdf, label, 12)
        _table(pdf, lines)
    return bytes(pdf.output())


def _heading(pdf: Paper, text: str, size: int) -> None:
    """Never alone at the foot of a page."""
    pdf.keep(_WITH_HEADING)
    pdf.ln(3)
    pdf.set_font("sans", "B", size)
    pdf.multi_cell(0, size * 0.55, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _words(pdf: Paper, text: str) -> None:
    pdf.set_font("sans", "", 9)
    pdf.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")


def _table(pdf: Paper, lines: Sequence[Line]) -> None:
    pdf.set_font("sans", "", 8)
    pdf.set_draw_color(*_RULE)
    with pdf.table(
        [_heads(), *map(_row, lines)],
        col_widths=(26, 13, 13, 10, 38),
        line_height=4.6,
        padding=(0.6, 2),
        text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT", "LEFT"),
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=_HEAD),
        cell_fill_color=_PAPER,
        cell_fill_mode="ALL",
    ):
        pass


def _bars(pdf: Paper, labels: Sequence[str], series: Sequence[tuple[str, list[int]]]) -> None:
    """Bars beside each other by day, with a scale and the names of the colours."""
    if not labels:
        _words(pdf, _("Nothing happened in this period"))
        return
    pdf.keep(_HEIGHT + 14)
    left, top = pdf.l_margin + 8, pdf.get_y() + 3
    most = max(max(data) for _name, data in series) or 1
    _scale(pdf, left, top, most)
    group = (_WIDTH - 10) / len(labels)
    bar = group * 0.8 / len(series)
    for place, (_name, data) in enumerate(series):
        pdf.set_fill_color(*_INKS[place % len(_INKS)])
        for day, value in enumerate(data):
            tall = _HEIGHT * value / most
            across = left + day * group + place * bar
            pdf.rect(across, top + _HEIGHT - tall, bar, tall, style="F")
    _feet(pdf, left, top + _HEIGHT, group, labels)
    _legend(pdf, left, top + _HEIGHT + 7, [name for name, _data in series])
    pdf.set_y(top + _HEIGHT + 12)


def _scale(pdf: Paper, left: float, top: float, most: int) -> None:
    pdf.set_draw_color(*_RULE)
    pdf.set_font("sans", "", 6)
    for step in range(3):
        height = top + _HEIGHT * step / 2
        pdf.line(left, height, left + _WIDTH - 10, height)
        pdf.text(pdf.l_margin, height + 1, f"{most * (2 - step) / 2:g}")


def _feet(pdf: Paper, left: float, bottom: float, group: float, labels: Sequence[str]) -> None:
    """As many labels as can be read."""
    each = max(1, len(labels) // 10)
    for place in range(0, len(labels), each):
        pdf.text(left + place * group, bottom + 3, labels[place])


def _legend(pdf: Paper, left: float, top: float, names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        across = left + place * 34
        pdf.set_fill_color(*_INKS[place % len(_INKS)])
        pdf.rect(across, top - 2, 3, 3, style="F")
        pdf.text(across + 4.5, top + 0.5, name)


def _lying(pdf: Paper, figures: Sequence[board.Figure]) -> None:
    """Lying bars with their numbers."""
    if not figures:
        _words(pdf, _("Nothing is overdue"))
        return
    pdf.set_font("sans", "", 8)
    pdf.set_fill_color(*_INKS[1])
    for one in figures:
        pdf.keep(6)
        height, tail = pdf.get_y() + 1, pdf.l_margin + _NAMES + one.width
        pdf.text(pdf.l_margin, height + 3, _fitting(pdf, str(one.label), _NAMES - 2))
        pdf.rect(pdf.l_margin + _NAMES, height, max(0.4, one.width), 4, style="F")
        pdf.text(tail + 2, height + 3, one.number)
        pdf.set_y(height + 5)


def _fitting(pdf: Paper, text: str, width: float) -> str:
    """The text, or as much of its beginning as fits with a sign that there is more."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


# -- XLSX --------------------------------------------------------------------------------------


def as_xlsx(report: Report) -> bytes:
    """A sheet of numbers, one of days with its chart, one of what is in hand with its chart."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Numbers")
    _fill(sheet, [(report.title,), _heads()])
    for row in sheet.iter_rows(min_row=1, max_row=2):
        for head in row:
            head.font = Font(bold=True)
    sheet.freeze_panes = "B3"
    for label, lines in [(_("Rates"), report.headlines), *report.groups]:
        _fill(sheet, [(label,)])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
        for line in lines:
            _number_row(sheet, line)
    _widths(sheet, (30, 14, 14, 10, 60))
    _days(book.create_sheet(_("Trend")), report)
    _bars_of(book.create_sheet(_("Time left")), report.time_left)
    _bars_of(book.create_sheet(_("Overdue")), report.overdue)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number_row(sheet: Any, line: Line) -> None:
    """Numbers that can be calculated with; a change of a rate is a difference of shares."""
    change = None if line.value is None or line.was is None else line.value - line.was
    _fill(sheet, [(
        str(line.label), _or_nothing(line.value), _or_nothing(line.was), change, str(line.meaning),
    )])  # fmt: skip
    is_share = isinstance(line.value, float) or isinstance(line.was, float)
    shown, signed = ("0.0%", "+0.0%;-0.0%;0.0%") if is_share else ("#,##0", "+#,##0;-#,##0;0")
    for column, form in ((2, shown), (3, shown), (4, signed)):
        sheet.cell(sheet.max_row, column).number_format = form


def _or_nothing(value: float | None) -> float | str:
    return tables.NOTHING if value is None else value


def _fill(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append([cell(value) for value in row])


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _days(sheet: Any, report: Report) -> None:
    _fill(sheet, [(_("Time"), *(name for name, _data in report.series))])
    for place, label in enumerate(report.labels):
        sheet.append([label, *(data[place] for _name, data in report.series)])
    _draw(sheet, columns=len(report.series), rows=len(report.labels), kind="col")


def _bars_of(sheet: Any, figures: Sequence[board.Figure]) -> None:
    _fill(sheet, [(_("Name"), pgettext("figure", "Number"))])
    for one in figures:
        sheet.append([cell(str(one.label)), int(one.number.replace(",", ""))])
    _widths(sheet, (30, 12))
    _draw(sheet, columns=1, rows=len(figures), kind="bar")


def _draw(sheet: Any, *, columns: int, rows: int, kind: str) -> None:
    if not rows:
        return
    chart = BarChart()
    chart.type, chart.title = kind, sheet.title
    chart.width, chart.height = 24, 11
    chart.add_data(
        Reference(sheet, min_col=2, max_col=1 + columns, min_row=1, max_row=1 + rows),
        titles_from_data=True,
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=1 + rows))
    sheet.add_chart(chart, f"{get_column_letter(columns + 4)}2")
