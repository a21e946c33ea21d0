"""The report of one consultation as PDF and XLSX: what everybody may read."""

import io
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from fpdf.fonts import FontFace
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from consultation import opinion_pictures, pictures
from consultation.models import (
    Consultation,
    OpinionAnswer,
    Publication,
    PublicationVersion,
    Vote,
)
from consultation.models.commitments import CommitmentQuerySet
from consultation.session_workflow import VoteState
from lib.fen import yuan
from lib.paper import Paper, readers_language
from lib.sheets import cell

_LABEL = 42
_KEPT_TOGETHER = 24  # millimetres under a heading
_ANSWERS = 500  # the newest; the page of opinions has them all
_GREY, _RULE, _PALE = (110, 110, 110), (200, 204, 210), (236, 239, 243)
Row = tuple[str, str]


class Report:
    """The facts of one consultation, read once; `as_pdf` and `as_xlsx` say the same."""

    def __init__(self, consultation: Consultation, *, address: str) -> None:
        self.consultation, self.address = consultation, address
        self.stages = list(consultation.stages.standing())
        self.adoption = consultation.adoptions.order_by("-number").first()
        rows: CommitmentQuerySet = consultation.commitments.with_names()
        self.commitments = list(rows.order_by("due_on", "pk"))
        votes = consultation.votes.all().public().order_by("opened_at", "pk")
        self.votes = list(votes.prefetch_related("options"))
        self.tally = opinion_pictures.tally_of(consultation)
        answers = OpinionAnswer.objects.filter(consultation=consultation).with_public_opinions()
        self.answers = list(answers.order_by("-pk")[:_ANSWERS])
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

    def publication_rows(self) -> Iterator[tuple[Any, ...]]:
        for version in self.versions:
            yield (
                str(version.publication.get_kind_display()), version.number,
                _moment(version.at), version.text, version.hash,
            )  # fmt: skip

    def vote_rows(self) -> Iterator[tuple[str, ...]]:
        for vote in self.votes:
            is_judged = vote.state == VoteState.JUDGED
            yield (
                vote.question, _moment(vote.opened_at), _moment(vote.closes_at),
                _outcome(vote),
                _lines(_answer(bar) for bar in pictures.bars(vote)) if is_judged else "",
                _lines(_taken(row) for row in pictures.turnout(vote)) if is_judged else "",
                _lines(pictures.reasons(vote)) if is_judged else vote.reason,
            )  # fmt: skip

    def stand_rows(self) -> Iterator[tuple[str, int]]:
        """How many opinions for, against and other; nothing where nobody has spoken."""
        if self.tally.total:
            yield from (
                (str(part.label), part.count) for part in opinion_pictures.bar_of(self.tally)
            )

    def answer_rows(self) -> Iterator[tuple[Any, ...]]:
        for row in self.answers:
            yield (
                str(row.get_outcome_display()), row.reason, row.number, row.office,
                _moment(row.at),
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


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)


def _outcome(vote: Vote) -> str:
    if vote.passed is None:
        return str(vote.get_state_display())
    return _("Carried.") if vote.passed else _("Not carried.")


def _answer(bar: pictures.Bar) -> str:
    area = f" · {bar.area} m²" if bar.area else ""
    return f"{bar.label} {bar.number}{area} ({bar.percent} %)"


def _taken(row: pictures.Turnout) -> str:
    return _("Turnout: %(cast)s of %(entitled)s %(label)s (%(percent)s %%)") % {
        "cast": row.cast, "entitled": row.entitled, "label": row.label, "percent": row.percent,
    }  # fmt: skip


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
        pgettext("of a consultation", "Votes"): (
            pgettext("a vote", "question"), pgettext("a vote", "opened"), _("closes"),
            _("Result"), _("Answers"), _("Turnout"), _("How that follows"),
        ),
        _("Opinions"): (_("Stand"), _("Opinions")),
        _("Answers to opinions"): (
            _("what became of it"), _("why"), _("Opinions"), _("who answers"), _("time"),
        ),
    }  # fmt: skip


# -- PDF ------------------------------------------------------------------------------


class Pages(Paper):
    """A4 with the consultation's number and the page at the foot of each."""

    def __init__(self, number: str) -> None:
        super().__init__(lang=readers_language())
        self.number = number
        self.set_auto_page_break(auto=True, margin=20)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("sans", "", 8)
        self.set_text_color(*_GREY)
        self.cell(0, 5, f"{self.number}　{self.page_no()} / {{nb}}", align="C")
        self.set_text_color(0)

    def fact(self, label: str, value: str) -> None:
        """A label and beside it what it is about; a label of two lines keeps its room."""
        self.set_font("sans", "B", 10)
        lines = self.multi_cell(_LABEL, 6, label, align="L", dry_run=True, output="LINES")
        high = 6 * len(cast("list[str]", lines))
        self.keep(high)
        page, below = self.page, self.get_y() + high
        self.multi_cell(_LABEL, 6, label, new_x="RIGHT", new_y="TOP", align="L")
        self.set_font("sans", "", 10)
        self.multi_cell(0, 6, value or "—", new_x="LMARGIN", new_y="NEXT", align="L")
        if self.page == page:
            self.set_y(max(self.get_y(), below))


def as_pdf(report: Report) -> bytes:
    pdf = Pages(report.consultation.number)
    pdf.set_title(f"{report.consultation.number} {report.consultation.title}")
    pdf.add_page()
    _heading(pdf, report.consultation.title, 18)
    for label, value in report.facts():
        if value != report.consultation.title:
            pdf.fact(label, value)
    _heading(pdf, _("What is it about?"), 13)
    _words(pdf, report.consultation.text)
    _decision(pdf, report)
    stages, publications, commitments, votes, opinions, answers = heads().items()
    _table(pdf, stages, list(report.stage_rows()))
    _votes(pdf, votes[0], report)
    _opinions(pdf, opinions[0], report)
    _answers(pdf, answers[0], report)
    _list(pdf, commitments, report.commitment_rows())
    _texts(pdf, publications[0], report.versions)
    return bytes(pdf.output())


def _decision(pdf: Pages, report: Report) -> None:
    _heading(pdf, _("What was decided, and why"), 13)
    if report.adoption is None:
        _words(pdf, _("Nothing is decided yet."))
        return
    pdf.fact(str(report.adoption.get_verdict_display()), report.adoption.reasons)
    pdf.fact(_("To those who disagreed"), report.adoption.to_dissent)


def _votes(pdf: Pages, title: str, report: Report) -> None:
    _heading(pdf, title, 13)
    for question, opened, closes, outcome, *said in report.vote_rows():
        _line(pdf, question)
        _words(pdf, f"{opened} – {closes} · {outcome}")
        for words in filter(None, said):
            _words(pdf, words)
        pdf.ln(2)
    if not report.votes:
        _words(pdf, _("Nothing was voted on."))


def _opinions(pdf: Pages, title: str, report: Report) -> None:
    _heading(pdf, title, 13)
    stands = " · ".join(f"{label} {count}" for label, count in report.stand_rows())
    _words(pdf, stands or _("Nobody has given an opinion."))


def _answers(pdf: Pages, title: str, report: Report) -> None:
    if not report.answers:
        return
    _heading(pdf, title, 13)
    for outcome, reason, number, office, at in report.answer_rows():
        many = ngettext("%(count)d opinion", "%(count)d opinions", number) % {"count": number}
        _line(pdf, f"{outcome} · {many}")
        _words(pdf, reason)
        _words(pdf, f"{office} · {at}")
        pdf.ln(2)


def _heading(pdf: Paper, text: str, size: int) -> None:
    """Never the last line of a page."""
    pdf.keep(_KEPT_TOGETHER)
    pdf.ln(3)
    pdf.set_font("sans", "B", size)
    pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(1)


def _words(pdf: Paper, text: str) -> None:
    pdf.set_font("sans", "", 10.5)
    pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _table(pdf: Paper, head: tuple[str, tuple[str, ...]], rows: list[tuple[str, ...]]) -> None:
    title, columns = head
    _heading(pdf, title, 13)
    pdf.set_font("sans", "", 9.5)
    pdf.set_draw_color(*_RULE)
    with pdf.table(
        borders_layout="HORIZONTAL_LINES", line_height=6, text_align="LEFT", padding=(0.6, 1),
        col_widths=(44, 26, *[34] * (len(columns) - 2)),
        headings_style=FontFace(emphasis="BOLD", fill_color=_PALE),
    ) as table:  # fmt: skip
        for row in (columns, *rows):
            table.row([value or "—" for value in row])


def _list(pdf: Paper, head: tuple[str, tuple[str, ...]], rows: Iterator[tuple[Any, ...]]) -> None:
    """Number and title of each, and what else is known of it."""
    title, columns = head
    _heading(pdf, title, 13)
    written = False
    for number, name, *values in rows:
        written = True
        _line(pdf, f"{number}　{name}")
        pairs = zip(columns[2:], values, strict=True)
        _words(pdf, " · ".join(f"{label} {value}" for label, value in pairs if value != ""))
    if not written:
        _words(pdf, _("Nothing yet."))


def _texts(pdf: Paper, title: str, versions: list[PublicationVersion]) -> None:
    _heading(pdf, title, 13)
    for version in versions:
        kind = version.publication.get_kind_display()
        _line(pdf, f"{kind} · {_('Version')} {version.number} · {_moment(version.at)}")
        _words(pdf, version.text)
        pdf.set_font("sans", "", 7.5)
        pdf.set_text_color(*_GREY)
        pdf.multi_cell(0, 5, f"SHA-256 {version.hash}", new_x="LMARGIN", new_y="NEXT")
        pdf.set_text_color(0)
        pdf.ln(2)
    if not versions:
        _words(pdf, _("Nothing yet."))


def _line(pdf: Paper, text: str) -> None:
    """The bold line over a part; it stays with what it is over."""
    pdf.keep(_KEPT_TOGETHER)
    pdf.set_font("sans", "B", 10.5)
    pdf.multi_cell(0, 7, text, new_x="LMARGIN", new_y="NEXT", align="L")


# -- XLSX ------------------------------------------------------------------------------


def as_xlsx(report: Report) -> bytes:
    book = Workbook()
    first = book.active
    first.title = _("Consultation")[:31]
    _sheet(first, (_("What"), _("Says")), [*report.facts(), *_decided(report)])
    tables: tuple[Iterable[tuple[Any, ...]], ...] = (
        report.stage_rows(), report.publication_rows(), report.commitment_rows(),
        report.vote_rows(), report.stand_rows(), report.answer_rows(),
    )  # fmt: skip
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
            (pgettext("of a decision", "Reasons"), report.adoption.reasons),
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
