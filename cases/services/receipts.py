"""What a reporter takes home: number, query code, and a QR code that opens the progress page."""

import io
from dataclasses import dataclass

import segno

from cases.models import Case


@dataclass(frozen=True, slots=True)
class Receipt:
    number: str
    code: str  # in two groups of four, for reading out
    url: str

    def qr_svg(self) -> str:
        """The QR code as an SVG element without fixed size: the page's style sizes it."""
        out = io.BytesIO()
        code = segno.make(self.url, error="m", micro=False)
        code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
        return out.getvalue().decode()


def receipt_of(case: Case, *, follow_url: str) -> Receipt:
    """`follow_url` is the absolute address of the page on which a case is followed.

    The query code stands behind `#`: it opens the page filled in, but reaches no server's log.
    """
    code = f"{case.query_code[:4]} {case.query_code[4:]}"
    return Receipt(case.number, code, f"{follow_url}#{case.number}/{case.query_code}")
