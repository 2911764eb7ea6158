"""Cells that a spreadsheet would run are made text (OWASP, CSV Injection; ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import re

_RUNS = frozenset("=@+-\t\r\n\0＝＠＋－")
# A negative number or a phone number runs nothing, and stays usable.
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,]*([eE][+-]?[0-9]{1,3})?")


def harmless(cell: str) -> str:
    """The cell as it is, or with an apostrophe before it, which spreadsheets take as the mark of text."""
    if cell[:1] not in _RUNS or _NUMBER.fullmatch(cell):
        return cell
    return "'" + cell
