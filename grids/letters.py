"""Letters for the dwellings of a roll as PDF: the code, what it is for, where to type it."""

import io
from collections.abc import Iterable

import segno
from django.http import HttpResponse
from fpdf import FPDF

from grids.models import Roll
from lib.paper import Paper

_PER_PAGE = 3


def letters(roll: Roll, printed: Iterable[tuple[str, str]], *, address: str) -> HttpResponse:
    """Three letters on a page, to be cut; in Chinese, as they are put into letter boxes."""
    pdf = Paper()
    pdf.set_title(f"{roll.name} 登记码")
    pdf.set_auto_page_break(auto=False)
    picture = _picture(address)
    for number, (dwelling, code) in enumerate(printed):
        if number % _PER_PAGE == 0:
            pdf.add_page()
        pdf.set_xy(15, 14 + number % _PER_PAGE * 92)
        pdf.image(picture, x=156, y=pdf.get_y() + 8, w=34)
        _letter(pdf, _lines(roll, dwelling, code, address))
    answer = HttpResponse(bytes(pdf.output()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="codes-{roll.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _picture(address: str) -> io.BytesIO:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=6, border=2)
    return out


def _lines(roll: Roll, dwelling: str, code: str, address: str) -> list[tuple[int, int, str, str]]:
    """(offset in mm, size, style, text)"""
    return [
        (6, 15, "B", f"{roll.community.name}　{roll.name}"),
        (18, 12, "", f"致：{dwelling} 全体有权人"),
        (30, 22, "B", f"{code[:4]} {code[4:]}"),
        (
            46,
            10,
            "",
            "这是贵户的登记码。用它登记后，您可以在网上对本小区的议题投票、签到和发表意见。",
        ),
        (53, 10, "", f"办法：扫码或打开 {address}，填写房号、姓名、身份证后四位和登记码。"),
        (60, 10, "", "每位有权人用自己的账号登记一次。登记码连错五次即停用，请到社区重新领取。"),
        (67, 10, "", "系统不保存身份证号；姓名只以隐去部分的形式保存。请勿把登记码告诉他人。"),
    ]


def _letter(pdf: FPDF, lines: Iterable[tuple[int, int, str, str]]) -> None:
    top = pdf.get_y()
    pdf.set_draw_color(140)
    pdf.rect(15, top, 180, 84)
    for offset, size, style, text in lines:
        pdf.set_xy(20, top + offset)
        pdf.set_font("sans", style, size)
        pdf.cell(130, 8, text)
