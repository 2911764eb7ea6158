"""A PDF of lines and one table, enough for a statement that a bank clerk reads. No font travels with it (kernel/letters.py)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table

from kernel.letters import FONTS, font_of

MARGIN = 48  # points
CELL_SIZE, CELL_GAP = 8.5, 6

for _font, _ in list(FONTS.values())[1:]:
    pdfmetrics.registerFont(UnicodeCIDFont(_font))


class Document:
    """Lines from top to bottom; a new page begins by itself, with the heading of the table that goes on."""

    def __init__(self, title: str, language: str = "en") -> None:
        self._title, self._language = title, language
        self._flow: list[Flowable] = []

    def line(self, text: str, *, size: float = 10, bold: bool = False) -> None:
        self._flow.append(_words(text, size, bold=bold))

    def picture(self, png: bytes, width: float) -> None:
        """A square one."""
        self._flow.append(Image(io.BytesIO(png), width, width, hAlign="LEFT"))

    def space(self, points: float = 8) -> None:
        self._flow.append(Spacer(0, points))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], right: set[int]) -> None:
        """`widths` of the columns in points; the numbers of those in `right` end at their right edge."""
        written = [
            [_words(cell, CELL_SIZE, bold=not n, right=column in right) for column, cell in enumerate(row)]
            for n, row in enumerate((head, *rows))
        ]
        tight = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), CELL_GAP)]
        top = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 0)]
        self._flow.append(Table(written, widths, repeatRows=1, hAlign="LEFT", style=[*tight, *top]))

    def bytes(self) -> bytes:
        """The same bytes for the same words: nothing in it tells when it was made."""
        out = io.BytesIO()
        margins = {f"{side}Margin": MARGIN for side in ("left", "right", "top", "bottom")}
        SimpleDocTemplate(
            out, pagesize=A4, title=self._title, lang=self._language, author="Ilima", invariant=1, **margins
        ).build(list(self._flow))
        return out.getvalue()


def _words(text: str, size: float, *, bold: bool, right: bool = False) -> Paragraph:
    """Broken at blanks, and within a word that is longer than the line. A sign that no font has becomes a question mark."""
    font = font_of(text, bold=bold)
    if font is None:
        text, font = text.encode("cp1252", "replace").decode("cp1252"), FONTS["cp1252"][bold]
    looks = {"fontName": font, "fontSize": size, "leading": size * 1.4, "alignment": TA_RIGHT if right else TA_LEFT}
    return Paragraph(escape(text), ParagraphStyle("words", **looks))
