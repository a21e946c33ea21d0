"""Sheets of A4 on which PDFs are drawn, in a font that has every letter of both languages."""

from django.conf import settings
from django.utils.translation import get_language
from fpdf import FPDF

CHINESE = "zh-CN"


class Paper(FPDF):
    """Sheets of A4 with the font "sans", regular and bold.

    The fonts' files stay open until the sheets are put out.
    """

    def __init__(self, *, lang: str = CHINESE) -> None:
        super().__init__(format="A4")
        self.add_font("sans", "", settings.PDF_FONT)
        self.add_font("sans", "B", settings.PDF_FONT_BOLD)
        self.set_lang(lang)

    def keep(self, height: float) -> None:
        """What comes next (mm) stays together: on a new page where it has no room on this one."""
        if self.will_page_break(height):
            self.add_page()


def readers_language() -> str:
    """What a paper says of itself that is drawn in the reader's language."""
    return CHINESE if get_language() == "zh-hans" else "en"
