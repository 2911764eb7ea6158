"""A PDF of words and columns, with nothing but the fonts that each reader has (ISO 32000-1, 9.6.2: Helvetica, in WinAnsi). Pure.

Enough for a statement that a bank clerk reads. What WinAnsi cannot write (an Arabic title) is the caller's to say otherwise: can_write().
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT, MARGIN = 595, 842, 48  # A4 in points
# Adobe's metrics of Helvetica for what is right-aligned, thousandths of the size; letters count as an average one.
_WIDTHS = dict.fromkeys("0123456789", 556) | dict.fromkeys(".,: ", 278) | {"-": 333, "+": 584}
_LETTER = 667


def can_write(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def width_of(text: str, size: float) -> float:
    return sum(_WIDTHS.get(sign, _LETTER) for sign in text) * size / 1000


@dataclass
class Document:
    """Lines from top to bottom; a new page begins by itself, with the heading of the table that goes on."""

    title: str
    language: str = "en"
    _pages: list[list[str]] = field(default_factory=list)
    _y: float = 0

    def line(self, text: str, *, size: float = 10, bold: bool = False) -> None:
        for part in _wrapped(text, int((WIDTH - 2 * MARGIN) / (size * 0.5))):
            self._down(size * 1.5)
            self._write(MARGIN, part, size, bold)

    def space(self, points: float = 8) -> None:
        self._y -= points

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], right: set[int]) -> None:
        """`widths` of the columns in points; the numbers of those in `right` end at their right edge."""
        self._row(head, widths, right, bold=True)
        for row in rows:
            if self._y < MARGIN + 30:
                self._new_page()
                self._row(head, widths, right, bold=True)
            self._row(row, widths, right, bold=False)

    def bytes(self) -> bytes:
        return _file(self.title, self.language, ["\n".join(page).encode("cp1252", "replace") for page in self._pages])

    def _row(self, cells: Sequence[str], widths: Sequence[int], right: set[int], bold: bool) -> None:
        size = 8.5
        parts = [_wrapped(cell, max(4, int(width / (size * 0.53)))) for cell, width in zip(cells, widths, strict=True)]
        height = max(map(len, parts)) * size * 1.25
        self._down(0, least=height)
        x = MARGIN
        for column, (lines, width) in enumerate(zip(parts, widths, strict=True)):
            for n, text in enumerate(lines):
                at = x + width - 6 - width_of(text, size) if column in right else x
                self._write(at, text, size, bold, self._y - size * 1.25 * (n + 1))
            x += width
        self._y -= height + 3

    def _down(self, points: float, least: float = 0) -> None:
        if not self._pages or self._y - max(points, least) < MARGIN:
            self._new_page()
        self._y -= points

    def _new_page(self) -> None:
        self._pages.append([])
        self._y = HEIGHT - MARGIN

    def _write(self, x: float, text: str, size: float, bold: bool, y: float | None = None) -> None:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if bold else "F1"
        self._pages[-1].append(f"BT /{font} {size} Tf {x:.1f} {self._y if y is None else y:.1f} Td ({escaped}) Tj ET")


def _wrapped(text: str, most: int) -> list[str]:
    """At blanks, and within a word that is longer than the line."""
    lines: list[str] = []
    now = ""
    for word in text.split() or [""]:
        while len(word) > most:
            lines, now, word = [*lines, *([now] if now else []), word[:most]], "", word[most:]
        if now and len(now) + 1 + len(word) > most:
            lines, now = [*lines, now], word
        else:
            now = f"{now} {word}".strip()
    return [*lines, now]


def _file(title: str, language: str, pages: list[bytes]) -> bytes:
    """Catalog, page tree, two fonts, then a page and its contents in turn; the table of where each begins."""
    of_page = [(5 + 2 * n, 6 + 2 * n) for n in range(len(pages))]
    kids = " ".join(f"{page} 0 R" for page, _ in of_page)
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Lang ({language}) >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for (_, contents), page in zip(of_page, pages, strict=True):
        packed = zlib.compress(page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {contents} 0 R"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream")
    name = title.encode("utf-16-be").hex()
    objects.append(f"<< /Title <feff{name}> /Producer (Ilima) >>".encode())
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\n"
    return out + (end + f"startxref\n{len(out)}\n%%EOF\n").encode()
