"""Proofs on paper that anyone verifies, by a code and a picture that leads to its check.

The paper is in Chinese. Who issues one says what stands in it; here is how it is drawn.
"""

import datetime
import io
from collections.abc import Iterable
from typing import Any

import segno
from django.http import HttpResponse
from django.utils.timezone import localdate

from lib.paper import Paper

_LABEL, _VALUE = 42, 128
_QR = 32
# Below this the check does not fit on the page any more (mm).
_LOWEST = 240


def day_of(moment: datetime.datetime) -> str:
    """2026年11月23日."""
    return f"{localdate(moment):%Y年%m月%d日}"


def _in_groups(code: str) -> str:
    """`ABCDEFGH` → `ABCD EFGH`."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


class ProofPaper:
    """One A4 paper, written from the top downwards; a revoked proof says so across the top.

    `called`: what it calls itself. `proof` has a number, a code, and perhaps a revocation.
    """

    def __init__(self, title: str, proof: Any, *, called: str) -> None:
        self.proof, self.called = proof, called
        self.pdf = pdf = Paper()
        pdf.set_title(f"{title} {proof.number}")
        pdf.add_page()
        pdf.set_draw_color(120)
        pdf.set_font("sans", "B", 20)
        pdf.cell(0, 16, title, align="C", new_x="LMARGIN", new_y="NEXT")
        revocation = getattr(proof, "revocation", None)
        if revocation is not None:
            self._warn(f"本{called}已于{day_of(revocation.at)}撤销，不再有效。")

    def _warn(self, words: str) -> None:
        """In red across the top: it no longer holds."""
        self.pdf.set_text_color(176, 28, 28)
        self.pdf.set_font("sans", "B", 13)
        self.pdf.multi_cell(0, 9, words, align="C", new_x="LMARGIN", new_y="NEXT")
        self.pdf.set_text_color(0)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        for label, value in rows:
            self.pdf.set_font("sans", "B", 11)
            self.pdf.cell(_LABEL, 9, label, border=1)
            self.pdf.set_font("sans", "", 11)
            self.pdf.cell(_VALUE, 9, value, border=1, new_x="LMARGIN", new_y="NEXT")

    def table(self, heading: str, rows: Iterable[tuple[str, str, str]]) -> None:
        """A day, what it was, how much."""
        self.pdf.ln(4)
        self.pdf.set_font("sans", "B", 12)
        self.pdf.cell(0, 9, heading, new_x="LMARGIN", new_y="NEXT")
        self.pdf.set_font("sans", "", 10)
        for day, what, amount in rows:
            self.pdf.cell(30, 8, day, border="B")
            self.pdf.cell(112, 8, what[:32], border="B")
            self.pdf.cell(28, 8, amount, border="B", align="R", new_x="LMARGIN", new_y="NEXT")

    def check(self, address: str, *more: str, page: str) -> None:
        """The picture that leads to `address`; beside it how to check it without, and more words.

        `page`: what the page is called that asks for the code.
        """
        pdf = self.pdf
        pdf.ln(6)
        if pdf.get_y() > _LOWEST:
            pdf.add_page()
        picture = io.BytesIO()
        segno.make(address, error="m").save(picture, kind="png", scale=8)
        pdf.image(picture, x=pdf.l_margin, y=pdf.get_y(), w=_QR)
        pdf.set_font("sans", "", 9)
        words = (
            f"任何人扫描左侧图案，或在网站“{page}”页输入下列查询码，即可核验本{self.called}。",
            f"查询码：{_in_groups(self.proof.code)}",
        )
        for text in (*words, *more):
            pdf.set_x(pdf.l_margin + _QR + 4)
            pdf.multi_cell(134, 6, text, new_x="LMARGIN", new_y="NEXT")

    def answer(self) -> HttpResponse:
        answer = HttpResponse(bytes(self.pdf.output()), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{self.proof.number}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer
