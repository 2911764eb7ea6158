"""Workbooks (xlsx) to CSV, a row at a time, in the sandbox. Of several sheets the first one that is seen and holds something."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import openpyxl

from intake.errors import Unsafe

COLUMNS = 1_000
MADE = "table.csv"


def decode(path: Path, decoder: str, out: Path) -> dict:
    file = path.open("rb")  # its name has no ending, which openpyxl would ask for
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError) as broken:
        raise Unsafe("file", _why_not(path)) from broken
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    filled = next((sheet for sheet in seen if any(_rows(sheet))), None)
    if filled is None:
        raise Unsafe("file", "There are no rows in the workbook.")
    _write(filled, out / MADE)
    left = [sheet.title for sheet in book.worksheets if sheet is not filled]
    notes = [f"The sheet {filled.title[:40]} was read, {', '.join(left)[:200]} not."] if left else []
    return {"kind": "table", "variants": {"rows": {"file": MADE}}, "notes": notes}


def _why_not(path: Path) -> str:
    """Other documents of an office are zips of the same build."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        names = []
    for folder, what in (("word/", "a text document (docx)"), ("ppt/", "a presentation (pptx)")):
        if any(name.startswith(folder) for name in names):
            return f"This is {what}: save it as plain text, or as a PDF for a project on items of several parts."
    return "The workbook cannot be read: it is damaged, locked, or not what it says."


def _write(sheet, path: Path) -> None:
    width = max(map(len, _rows(sheet)))
    if width > COLUMNS:
        raise Unsafe("file", f"The table has {width} columns: leave only those that you need.")
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        for row in _rows(sheet):
            out.writerow(row + [""] * (width - len(row)))


def _rows(sheet) -> Iterator[list[str]]:
    """Rows that hold something, what is empty at their end left out: sheets say that they are larger than they are."""
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(values_only=True):
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            yield row


def _text(cell) -> str:
    """As the sheet shows it, as far as a program may know: whole numbers without a point, times as ISO writes them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).strip()
