"""Paper ballots as PDF: question, answers with boxes, number and code; three on a page."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from fpdf import FPDF

from consultation.models import Vote
from consultation.services.counting import Printed

_PER_PAGE = 3
_HEIGHT = 92


def sheet(vote: Vote, printed: Iterable[Printed]) -> HttpResponse:
    """In Chinese: they go to residents of the city."""
    pdf = FPDF(format="A4")
    pdf.add_font("sans", "", settings.PDF_FONT)
    pdf.add_font("sans", "B", settings.PDF_FONT_BOLD)
    pdf.set_title(f"表决票 {vote.question}")
    pdf.set_lang("zh-CN")
    pdf.set_auto_page_break(auto=False)
    answers = [option.text for option in vote.options.all()]
    for place, paper in enumerate(printed):
        if place % _PER_PAGE == 0:
            pdf.add_page()
        pdf.set_xy(15, 12 + place % _PER_PAGE * _HEIGHT)
        _paper(pdf, vote, paper, answers)
    answer = HttpResponse(bytes(pdf.output()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="ballots-{vote.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _paper(pdf: FPDF, vote: Vote, paper: Printed, answers: list[str]) -> None:
    top = pdf.get_y()
    pdf.set_draw_color(140)
    pdf.rect(15, top, 180, _HEIGHT - 8)
    for offset, size, style, text in (
        (4, 11, "B", f"表决票　第 {paper.serial} 号　{vote.consultation.number}"),
        (12, 10, "", paper.label or "无记名"),
        (68, 10, "", f"票码 {paper.code[:4]} {paper.code[4:]}　凭票码可查询本票是否计入"),
        (75, 9, "", "在一个方格内打“√”；不选、多选或涂改的为无效票。"),
    ):
        pdf.set_font("sans", style, size)
        pdf.set_xy(20, top + offset)
        pdf.cell(170, 6, text)
    pdf.set_font("sans", "B", 13)
    pdf.set_xy(20, top + 21)
    pdf.multi_cell(170, 8, vote.question)
    _boxes(pdf, answers, top=top + 48)


def _boxes(pdf: FPDF, answers: list[str], *, top: float) -> None:
    width = 170 / len(answers)
    pdf.set_font("sans", "", 13)
    for place, text in enumerate(answers):
        left = 20 + place * width
        pdf.rect(left, top, 8, 8)
        pdf.set_xy(left + 10, top)
        pdf.cell(width - 12, 8, text)
