"""The certificate of service on paper (志愿服务记录证明), one page or more, in Chinese.

Its blocks follow 《志愿服务记录与证明出具办法(试行)》: the person; the service with its hours;
who issues it, the person responsible and the handler; number and date.
"""

import io
from dataclasses import dataclass

import segno
from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from fpdf import FPDF

from volunteers.hours_words import as_number
from volunteers.models import Certificate

_LABEL, _VALUE = 42, 128
_QR = 32


@dataclass(frozen=True, slots=True)
class Row:
    """One time of service."""

    day: str
    title: str
    title_en: str
    hours: str


def rows_of(certificate: Certificate) -> list[Row]:
    """Every stay that is counted, in order of time."""
    counted = certificate.counted.select_related("presence__signup__shift__activity")
    return [
        Row(
            f"{localtime(row.presence.arrived_at):%Y-%m-%d}",
            row.presence.signup.shift.activity.title,
            row.presence.signup.shift.activity.title_en,
            as_number(row.minutes),
        )
        for row in counted.order_by("presence__arrived_at", "pk")
    ]


def facts_of(certificate: Certificate) -> list[tuple[str, str]]:
    """(label, value) in Chinese: the language in which the rule wants them."""
    volunteer = certificate.volunteer
    return [
        ("姓名", volunteer.person.full_name or "（已删除）"),
        ("志愿者编号", volunteer.number),
        ("服务期间", f"{certificate.since:%Y年%m月%d日}至{certificate.until:%Y年%m月%d日}"),
        ("服务次数", f"{certificate.rows} 次"),
        ("服务时长", f"{as_number(certificate.minutes)} 小时"),
        ("出具单位", certificate.body.name),
        ("负责人", certificate.responsible),
        ("经办人", certificate.handler),
        ("证明编号", certificate.number),
        ("出具日期", f"{localdate(certificate.at):%Y年%m月%d日}"),
    ]


def certificate_paper(certificate: Certificate, address: str) -> HttpResponse:
    """The PDF; `address` is where anyone verifies it. A revoked one says so across the top."""
    pdf = FPDF(format="A4")
    pdf.add_font("sans", "", settings.PDF_FONT)
    pdf.add_font("sans", "B", settings.PDF_FONT_BOLD)
    pdf.set_title(f"志愿服务记录证明 {certificate.number}")
    pdf.set_lang("zh-CN")
    pdf.add_page()
    _head(pdf, certificate)
    for label, value in facts_of(certificate):
        _fact(pdf, label, value)
    _service(pdf, certificate)
    _check(pdf, certificate, address)
    answer = HttpResponse(bytes(pdf.output()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _head(pdf: FPDF, certificate: Certificate) -> None:
    revocation = getattr(certificate, "revocation", None)
    pdf.set_font("sans", "B", 20)
    pdf.cell(0, 16, "志愿服务记录证明", align="C", new_x="LMARGIN", new_y="NEXT")
    if revocation is not None:
        pdf.set_text_color(176, 28, 28)
        pdf.set_font("sans", "B", 13)
        day = f"{localdate(revocation.at):%Y年%m月%d日}"
        pdf.multi_cell(
            0, 9, f"本证明已于{day}撤销，不再有效。", align="C", new_x="LMARGIN", new_y="NEXT"
        )
        pdf.set_text_color(0)
    pdf.set_draw_color(120)


def _fact(pdf: FPDF, label: str, value: str) -> None:
    pdf.set_font("sans", "B", 11)
    pdf.cell(_LABEL, 9, label, border=1)
    pdf.set_font("sans", "", 11)
    pdf.cell(_VALUE, 9, value, border=1, new_x="LMARGIN", new_y="NEXT")


def _service(pdf: FPDF, certificate: Certificate) -> None:
    pdf.ln(4)
    pdf.set_font("sans", "B", 12)
    pdf.cell(0, 9, "服务内容", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("sans", "", 10)
    for row in rows_of(certificate):
        pdf.cell(30, 8, row.day, border="B")
        pdf.cell(112, 8, row.title[:32], border="B")
        pdf.cell(28, 8, f"{row.hours} 小时", border="B", align="R", new_x="LMARGIN", new_y="NEXT")


def _check(pdf: FPDF, certificate: Certificate, address: str) -> None:
    pdf.ln(6)
    if pdf.get_y() > 240:
        pdf.add_page()
    top = pdf.get_y()
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=8)
    pdf.image(picture, x=pdf.l_margin, y=top, w=_QR)
    pdf.set_font("sans", "", 9)
    groups = " ".join(certificate.code[at : at + 4] for at in range(0, len(certificate.code), 4))
    for text in (
        "任何人扫描左侧图案，或在网站“核验志愿服务证明”页输入下列查询码，即可核验本证明。",
        f"查询码：{groups}",
        "时长以小时计，自签到至签退，经组织者确认，不含往返路途。谁记录，谁证明；出具不收取费用。",
    ):
        pdf.set_x(pdf.l_margin + _QR + 4)
        pdf.multi_cell(134, 6, text, new_x="LMARGIN", new_y="NEXT")
