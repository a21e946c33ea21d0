"""The report of one consultation as PDF and XLSX: what everybody may read."""

import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from consultation.models import Consultation, Publication, PublicationVersion
from consultation.models.commitments import CommitmentQuerySet
from lib.fen import yuan
from lib.sheets import cell

_LABEL = 42
Row = tuple[str, str]


class Report:
    """The facts of one consultation, read once; `as_pdf` and `as_xlsx` say the same."""

    def __init__(self, consultation: Consultation, *, address: str) -> None:
        self.consultation, self.address = consultation, address
        self.stages = list(consultation.stages.standing())
        self.adoption = consultation.adoptions.order_by("-number").first()
        rows: CommitmentQuerySet = consultation.commitments.with_names()
        self.commitments = list(rows.order_by("due_on", "pk"))
        papers = Publication.objects.published().filter(consultation=consultation)
        versions = PublicationVersion.objects.filter(publication__in=papers)
        self.versions = list(versions.select_related("publication").order_by("pk"))

    def facts(self) -> list[Row]:
        found = self.consultation
        return [
            (_("Number"), found.number),
            (_("Title"), found.title),
            (_("Form"), str(found.blueprint)),
            (_("Place"), str(found.community or found.town or "—")),
            (_("Who holds it"), str(found.body)),
            (_("Begun"), _moment(found.started_at)),
            (_("State"), str(found.get_state_display())),
            (_("Address"), self.address),
        ]

    def stage_rows(self) -> Iterator[tuple[str, ...]]:
        for stage in self.stages:
            yield (
                str(stage), str(stage.get_state_display()), _moment(stage.opened_at),
                _moment(stage.due_at), _moment(stage.done_at),
            )  # fmt: skip

    def publication_rows(self) -> Iterator[tuple[str, ...]]:
        for version in self.versions:
            yield (
                str(version.publication.get_kind_display()), str(version.number),
                _moment(version.at), version.text, version.hash,
            )  # fmt: skip

    def commitment_rows(self) -> Iterator[tuple[Any, ...]]:
        for row in self.commitments:
            yield (
                row.number, row.title, str(row.owner), row.promised_on.isoformat(),
                row.due_on.isoformat(), str(row.get_state_display()), row.share,
                yuan(row.hold.amount) if row.hold else "",
                yuan(row.actual) if row.actual is not None else "",
            )  # fmt: skip


def _moment(at: Any) -> str:
    return date_format(localtime(at), "Y-m-d H:i") if at else ""


def heads() -> dict[str, tuple[str, ...]]:
    """The columns of each table, in the reader's language."""
    return {
        _("Stages"): (_("Stage"), _("State"), _("Begun"), _("To be done by"), _("Done")),
        _("Publications"): (_("Kind"), _("Version"), _("Published"), _("Text"), "SHA-256"),
        _("Commitments"): (
            _("Number"), _("What is promised"), _("Who does it"), _("Promised for"),
            _("To be done by"), _("State"), _("Done (per cent)"), _("Money kept (yuan)"),
            _("Cost (yuan)"),
        ),
    }  # fmt: skip


# -- PDF ------------------------------------------------------------------------------


def as_pdf(report: Report) -> bytes:
    pdf = FPDF(format="A4")
    pdf.add_font("sans", "", settings.PDF_FONT)
    pdf.add_font("sans", "B", settings.PDF_FONT_BOLD)
    pdf.set_title(f"{report.consultation.number} {report.consultation.title}")
    pdf.set_lang("zh-CN" if get_language() == "zh-hans" else "en")
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.add_page()
    _heading(pdf, report.consultation.title, 18)
    for label, value in report.facts():
        _row(pdf, label, value)
    _heading(pdf, _("What is it about?"), 13)
    _words(pdf, report.consultation.text)
    _decision(pdf, report)
    stages, publications, commitments = heads().items()
    _list(pdf, stages, report.stage_rows())
    _list(pdf, commitments, report.commitment_rows())
    _list(pdf, publications, report.publication_rows())
    return bytes(pdf.output())


def _decision(pdf: FPDF, report: Report) -> None:
    _heading(pdf, _("What was decided, and why"), 13)
    if report.adoption is None:
        _words(pdf, _("Nothing is decided yet."))
        return
    _row(pdf, str(report.adoption.get_verdict_display()), report.adoption.reasons)
    _row(pdf, _("To those who disagreed"), report.adoption.to_dissent)


def _heading(pdf: FPDF, text: str, size: int) -> None:
    pdf.ln(3)
    pdf.set_font("sans", "B", size)
    pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _words(pdf: FPDF, text: str) -> None:
    pdf.set_font("sans", "", 10.5)
    pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")


def _row(pdf: FPDF, label: str, value: str) -> None:
    pdf.set_font("sans", "B", 10)
    pdf.multi_cell(_LABEL, 6, label, new_x="RIGHT", new_y="TOP", align="L")
    pdf.set_font("sans", "", 10)
    pdf.multi_cell(0, 6, value or "—", new_x="LMARGIN", new_y="NEXT", align="L")


def _list(pdf: FPDF, head: tuple[str, tuple[str, ...]], rows: Iterator[tuple[Any, ...]]) -> None:
    title, columns = head
    _heading(pdf, title, 13)
    written = False
    for row in rows:
        written = True
        pairs = [(label, str(value)) for label, value in zip(columns, row, strict=True)]
        _row(pdf, pairs[0][1], " · ".join(f"{label}: {value}" for label, value in pairs[1:]
                                          if value))  # fmt: skip
    if not written:
        _words(pdf, _("Nothing yet."))


# -- XLSX ------------------------------------------------------------------------------


def as_xlsx(report: Report) -> bytes:
    book = Workbook()
    first = book.active
    first.title = _("Consultation")[:31]
    _sheet(first, (_("What"), _("Says")), [*report.facts(), *_decided(report)])
    tables = (report.stage_rows(), report.publication_rows(), report.commitment_rows())
    for (title, columns), rows in zip(heads().items(), tables, strict=True):
        _sheet(book.create_sheet(title[:31]), columns, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _decided(report: Report) -> list[Row]:
    rows = [(_("What is it about?"), report.consultation.text)]
    if report.adoption is not None:
        rows += [
            (_("What was decided"), str(report.adoption.get_verdict_display())),
            (_("Reasons"), report.adoption.reasons),
            (_("To those who disagreed"), report.adoption.to_dissent),
        ]
    return rows


def _sheet(sheet: Any, columns: tuple[str, ...], rows: Any) -> None:
    sheet.append(columns)
    for one in sheet[1]:
        one.font = Font(bold=True)
    for row in rows:
        sheet.append([cell(value) for value in row])
    for index in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 28
    for line in sheet.iter_rows(min_row=2):
        for one in line:
            one.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
