"""Paper ballots as PDF: whose vote, question, answers with boxes, and a stub with the code to keep.

Three on a page; of a long question or long answers two or one: nothing is cut, nothing shrinks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from fpdf import FPDF

from consultation.models import Vote
from consultation.services.printing import Printed
from lib.paper import Paper

_LEFT, _WIDTH, _TOP, _USABLE, _GAP = 15.0, 180.0, 12.0, 273.0, 6.0  # millimetres of A4
_INSIDE = 5.0
_TEXT = _WIDTH - 2 * _INSIDE
_HEAD, _FOOT = 26.0, 27.0  # above the question, below the answers
_LINE, _ANSWER, _BOX = 7.5, 11.0, 7.0
_SEAL = 26.0
_SIZE = 13


@dataclass(frozen=True, slots=True)
class Layout:
    """How a vote's papers stand on a page: `height` of one and of its parts, in millimetres;
    the answers beside or below each other."""

    per_page: int
    height: float
    question: float
    answers: float
    in_a_row: bool


def sheet(vote: Vote, printed: Iterable[Printed]) -> HttpResponse:
    """In Chinese: they go to residents of the city."""
    pdf = new_pdf()
    pdf.set_title(f"表决票 {vote.question}")
    answers = [option.text for option in vote.options.all()]
    layout = layout_of(pdf, vote.question, answers)
    for place, paper in enumerate(printed):
        on_page = place % layout.per_page
        if not on_page:
            pdf.add_page()
        _paper(pdf, vote, paper, answers, layout, top=_TOP + on_page * _USABLE / layout.per_page)
    answer = HttpResponse(bytes(pdf.output()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="ballots-{vote.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def new_pdf() -> FPDF:
    """Empty sheets. They hold the files of their fonts open until they are put out."""
    pdf = Paper()
    pdf.set_auto_page_break(auto=False)
    pdf.c_margin = 0
    return pdf


def layout_of(pdf: FPDF, question: str, answers: Sequence[str]) -> Layout:
    """As many papers on a page as have room for every word, measured in the sheets' font."""
    asked = _LINE * len(_lines(pdf, question, _TEXT))
    column = _TEXT / len(answers) - _BOX - 6
    pdf.set_font("sans", "", _SIZE)
    in_a_row = all(pdf.get_string_width(text) <= column for text in answers)
    answered = _ANSWER if in_a_row else _below(pdf, answers)
    needed = _HEAD + asked + answered + _FOOT
    per_page = next((n for n in (3, 2) if needed <= _USABLE / n - _GAP), 1)
    return Layout(per_page, _USABLE / per_page - _GAP, asked, answered, in_a_row)


def _lines(pdf: FPDF, text: str, width: float, style: str = "B") -> list[str]:
    """The text cut where a line is full: Chinese breaks anywhere."""
    pdf.set_font("sans", style, _SIZE)
    found = [""]
    for letter in text:
        if pdf.get_string_width(found[-1] + letter) > width:
            found.append("")
        found[-1] += letter
    return found


def _below(pdf: FPDF, answers: Sequence[str]) -> float:
    lines = sum(len(_lines(pdf, text, _TEXT - _BOX - 3, "")) for text in answers)
    return lines * _LINE + len(answers) * (_ANSWER - _LINE)


def _paper(
    pdf: FPDF, vote: Vote, paper: Printed, answers: Sequence[str], layout: Layout, *, top: float
) -> None:
    pdf.set_draw_color(110)
    pdf.rect(_LEFT, top, _WIDTH, layout.height)
    _head(pdf, vote, paper, top)
    left = _LEFT + _INSIDE
    for number, line in enumerate(_lines(pdf, vote.question, _TEXT)):
        _say(pdf, left, top + _HEAD + number * _LINE, line, size=_SIZE, style="B")
    spare = layout.height - _HEAD - layout.question - layout.answers - _FOOT
    _boxes(pdf, answers, layout, top=top + _HEAD + layout.question + spare / 2)
    _foot(pdf, vote, paper, bottom=top + layout.height)


def _head(pdf: FPDF, vote: Vote, paper: Printed, top: float) -> None:
    consultation, left = vote.consultation, _LEFT + _INSIDE
    closes = timezone.localtime(vote.closes_at)
    again = "（补印）" if paper.again else ""
    _say(pdf, left, top + 3, f"表决票　第 {paper.serial} 号{again}", size=14, style="B")
    _say(pdf, left, top + 11, f"{consultation.body}　{consultation.number}", size=10)
    whose = paper.label or "无记名投票"
    _say(pdf, left, top + 17, f"{whose}　　{closes:%Y 年 %m 月 %d 日 %H:%M} 截止", size=10)
    pdf.set_dash_pattern(dash=1.2, gap=1.2)
    edge = _LEFT + _WIDTH - _INSIDE - _SEAL
    pdf.rect(edge, top + 3, _SEAL, 19)
    pdf.set_dash_pattern()
    _say(pdf, edge + 9, top + 10, "盖章", size=9)


def _boxes(pdf: FPDF, answers: Sequence[str], layout: Layout, *, top: float) -> None:
    left = _LEFT + _INSIDE
    for place, text in enumerate(answers):
        column = left + place * _TEXT / len(answers) if layout.in_a_row else left
        pdf.rect(column, top, _BOX, _BOX)
        lines = [text] if layout.in_a_row else _lines(pdf, text, _TEXT - _BOX - 3, "")
        for number, line in enumerate(lines):
            _say(pdf, column + _BOX + 3, top + number * _LINE, line, size=_SIZE)
        if not layout.in_a_row:
            top += len(lines) * _LINE + _ANSWER - _LINE


def _foot(pdf: FPDF, vote: Vote, paper: Printed, *, bottom: float) -> None:
    """The code twice: on the ballot, which is counted by it, and on the stub that one keeps."""
    left, code = _LEFT + _INSIDE, f"{paper.code[:4]} {paper.code[4:]}"
    rule = "在一个方格内打“√”；不选、多选或涂改的为无效票。"
    _say(pdf, left, bottom - 24, f"票码 {code}　　{rule}", size=10)
    pdf.set_dash_pattern(dash=2, gap=1.5)
    pdf.line(_LEFT, bottom - 16, _LEFT + _WIDTH, bottom - 16)
    pdf.set_dash_pattern()
    number = vote.consultation.number
    _say(pdf, left, bottom - 14, f"沿虚线撕下自留　　票码 {code}　　{number}", size=11, style="B")
    kept = "计票后可在网上该事项的表决页面输入票码，查询本票是否计入；查不到所选内容。"
    _say(pdf, left, bottom - 7.5, kept, size=9)


def _say(pdf: FPDF, left: float, top: float, text: str, *, size: int, style: str = "") -> None:
    pdf.set_font("sans", style, size)
    pdf.set_xy(left, top)
    pdf.cell(0, _LINE, text)
