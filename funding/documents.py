"""Papers that are handed out as PDF: the receipt of a donation.

Its content follows 慈善法 (2023) art. 38: donor, kind and amount of what was given, receiver, who
handled it, date. The state's numbered form (捐赠票据) is issued by the finance department's own
system; this paper says so and carries the same facts.
"""

from django.http import HttpResponse
from django.utils.timezone import localdate
from fpdf import FPDF

from funding.models import Donation
from lib.fen import in_capitals, yuan
from lib.paper import Paper

_LABEL, _VALUE = 42, 128


def receipt_rows(donation: Donation) -> list[tuple[str, str]]:
    """(label, value) in Chinese: the language in which the law wants them."""
    person = donation.donor_kind == Donation.Donor.PERSON
    return [
        ("捐赠编号", donation.number),
        ("捐赠人", donation.donor_name or "匿名"),
        ("捐赠人类别", "个人" if person else "单位"),
        ("捐赠财产种类", "货币资金（人民币）"),
        ("捐赠金额（小写）", f"¥{yuan(donation.amount)}"),
        ("捐赠金额（大写）", f"人民币{in_capitals(donation.amount)}"),
        ("捐赠日期", f"{donation.given_on:%Y年%m月%d日}"),
        ("指定用途", donation.purpose.name if donation.purpose else "由受赠单位按宗旨安排"),
        ("受赠单位", donation.line.body.name),
        ("入账经费线", f"{donation.line.name}（{donation.line.code}）"),
        ("经办人", donation.recorded_by.full_name or donation.recorded_by.username),
        ("复核人", _name_of(donation)),
        (
            "开具日期",
            f"{localdate(donation.decided_at):%Y年%m月%d日}" if donation.decided_at else "",
        ),
        ("公开意愿", _wish(donation)),
        ("查询码", donation.code),
    ]


def _name_of(donation: Donation) -> str:
    by = donation.decided_by
    return (by.full_name or by.username) if by else ""


def _wish(donation: Donation) -> str:
    name = "同意公开姓名（名称）" if donation.name_shown else "不公开姓名（名称）"
    return f"{name}；{'同意公开金额' if donation.amount_shown else '不公开单笔金额'}"


def donation_receipt(donation: Donation) -> HttpResponse:
    """The receipt as PDF; ready to be printed on one page."""
    pdf = Paper()
    pdf.set_title(f"捐赠收据 {donation.number}")
    pdf.add_page()
    pdf.set_font("sans", "B", 20)
    pdf.cell(0, 16, "捐赠收据", align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_draw_color(120)
    for label, value in receipt_rows(donation):
        _row(pdf, label, value)
    _notes(pdf)
    name = f"receipt-{donation.number}.pdf"
    answer = HttpResponse(bytes(pdf.output()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _row(pdf: FPDF, label: str, value: str) -> None:
    pdf.set_font("sans", "B", 11)
    x, y = pdf.get_x(), pdf.get_y()
    pdf.set_xy(x + _LABEL, y)
    pdf.set_font("sans", "", 11)
    pdf.multi_cell(_VALUE, 9, value, border=1, new_x="LMARGIN", new_y="NEXT")
    height = pdf.get_y() - y
    pdf.set_xy(x, y)
    pdf.set_font("sans", "B", 11)
    pdf.cell(_LABEL, height, label, border=1, new_x="LMARGIN", new_y="NEXT")


def _notes(pdf: FPDF) -> None:
    pdf.ln(4)
    pdf.set_font("sans", "", 9)
    for text in (
        "依据《中华人民共和国慈善法》第三十八条开具。需要财政部门统一监（印）制的捐赠票据的，凭本收据向受赠单位换取。",
        "凭捐赠编号和查询码，可随时在网站“钱花到哪里—我的捐赠”查询本笔捐赠的管理和使用情况（第四十二条）。",
        "未经您同意，不公开您的姓名（名称）、住所和通讯方式（第八十二条）；未经您同意，不改变指定用途（第一百一十条）。",
    ):
        pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
