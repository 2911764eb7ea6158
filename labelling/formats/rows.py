"""What readers of tables give: rows, and rows refused with their reason. Both count from 1, the header left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ROW_BYTES = 1_000_000
COLUMNS = 200


Note = tuple[str, str]  # the field, and a sentence about a row that is taken


class BadTable(Exception):
    """The table as a whole cannot be read: one sentence for the requester."""


class BadRow(Exception):
    """One row cannot be taken: the column and one sentence."""

    def __init__(self, field: str, reason: str):
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class Row:
    number: int
    place: str  # "line 7" of a table, the name of a file
    cells: dict[str, Any]
    remarks: tuple[Note, ...] = ()
    marks: Any = None  # what a COCO file beside its table states of the picture
    plan: Any = None  # what its columns mean, if not what their names say (importing.columns)


@dataclass(slots=True)
class Refused:
    number: int
    place: str
    field: str
    reason: str


@dataclass(slots=True)
class Remark:
    number: int
    place: str
    field: str
    text: str
