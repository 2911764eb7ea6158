"""The formats of the field, a folder each with its streaming reader or writer. Adding one is adding a folder: it is found, no list
names it. Tables (JSON Lines, CSV) fit every answer and are modules here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from labelling.formats import csv, jsonl
from labelling.formats.format import Format

_TABLES = (
    Format("jsonl", "JSON Lines: everything, every raw answer", "jsonl", "application/x-ndjson", jsonl.write),
    Format(
        "csv",
        "CSV for spreadsheets: an apostrophe before what they would run",
        "csv",
        "text/csv; charset=utf-8",
        csv.write,
    ),
    Format("csv-raw", "CSV for programs: every cell as it is", "csv", "text/csv; charset=utf-8", csv.write_raw),
)
_FOLDERS = sorted(module.name for module in iter_modules(__path__) if module.ispkg)
FORMATS: dict[str, Format] = {
    one.name: one for one in (*_TABLES, *(import_module(f"{__name__}.{name}").FORMAT for name in _FOLDERS))
}
EXPORTS = {name: one for name, one in FORMATS.items() if one.write}  # in which a release can be downloaded


ENDINGS = frozenset(ending for one in FORMATS.values() for ending in one.endings)


def table_format(start: str, ending: str) -> Format | None:
    """The format that a file is in which is no plain table, by its first characters and its ending."""
    may = (one for one in FORMATS.values() if ending in one.endings)
    return next((one for one in may if one.is_table and one.is_table(start)), None)


def opened_apart(head: bytes) -> Format | None:
    """The format of a file that is no text, by its first bytes."""
    return next((one for one in FORMATS.values() if one.magic and head.startswith(one.magic)), None)


def exports_for(task_type: str, medium: str | None = None) -> list[Format]:
    """The formats in which a project of this type, about items of this medium, can be downloaded."""
    return [one for one in EXPORTS.values() if one.fits(task_type, medium)]
