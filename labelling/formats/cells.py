"""Cells that a spreadsheet would run are made text (OWASP, CSV Injection; ASVS 5.0, 1.2.10).

Which sign parts the cells is the reader's choice: where the comma is for decimals it is the semicolon, and a text that holds one is two
cells there. So what stands behind any sign that parts cells is looked at as a cell, too.
"""

from __future__ import annotations

import json
import re

_RUNS = frozenset("=@+-\t\r\n\0＝＠＋－")
# A negative number or a phone number runs nothing, and stays usable.
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,]*([eE][+-]?[0-9]{1,3})?")
_PARTS = re.compile(r"([,;\t|\r\n])")
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make one for each cell
_IN_JSON = re.compile(r'([,;|](?:\\?")*)([=@+\-＝＠＋－])')


def harmless(cell: str) -> str:
    """The cell with an apostrophe wherever one would run, which spreadsheets take as the mark of text."""
    if _RUNS.isdisjoint(cell) or _NUMBER.fullmatch(cell):
        return cell
    pieces = ["", *_PARTS.split(cell), ""]  # sign, piece, sign, piece, ..., sign
    for place in range(1, len(pieces), 2):
        if _runs(pieces[place], pieces[place - 1], pieces[place + 1]):
            pieces[place] = "'" + pieces[place]
    return "".join(pieces)


def plain(cell: str) -> str:
    """The cell that was made harmless so."""
    if "'" not in cell or _RUNS.isdisjoint(cell) or _NUMBER.fullmatch(cell):
        return cell
    pieces = ["", *_PARTS.split(cell), ""]
    for place in range(1, len(pieces), 2):
        piece = pieces[place]
        if piece.startswith("'") and _runs(piece[1:], pieces[place - 1], pieces[place + 1]):
            pieces[place] = piece[1:]
    return "".join(pieces)


def _runs(piece: str, before: str, behind: str) -> bool:
    """Quotes may fall away, and apostrophes: one more than were there tells which of them is ours. An empty piece is one that
    begins with the sign behind it, for who does not part at that."""
    bare = piece.strip("\"'") if piece.strip('"').startswith("'") else piece.strip('"')
    if not bare:
        return behind in _RUNS and behind != "" and before not in ("\t", "\r", "\n")
    return bare[0] in _RUNS and not _NUMBER.fullmatch(bare)


def harmless_json(value) -> str:
    """JSON that reads back as the same value: a sign that would run is written as its number. Its own commas have a space behind them."""
    if isinstance(value, int):  # nothing parts it
        return json_cell(value)
    return _IN_JSON.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", json_cell(value))


def json_cell(value) -> str:
    """JSON as it is; most cells are whole numbers and truth values."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _ENCODE(value)
