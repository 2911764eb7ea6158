"""The formats of the field: one entry and one streaming reader or writer each. Adding one is adding a file and an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labelling.formats import coco, csv, jsonl
from labelling.formats.frozen import Frozen


@dataclass(frozen=True)
class Format:
    name: str
    title: str
    extension: str
    content_type: str
    write: Callable[[Frozen], Iterator[bytes]]
    task_types: frozenset[str] | None = None  # None: all

    def fits(self, task_type: str) -> bool:
        return self.task_types is None or task_type in self.task_types


EXPORTS = {
    one.name: one
    for one in (
        Format("jsonl", "JSON Lines: everything, every raw answer", "jsonl", "application/x-ndjson", jsonl.write),
        Format(
            "csv",
            "CSV for spreadsheets: an apostrophe before what they would run",
            "csv",
            "text/csv; charset=utf-8",
            csv.write,
        ),
        Format("csv-raw", "CSV for programs: every cell as it is", "csv", "text/csv; charset=utf-8", csv.write_raw),
        Format("coco", "COCO instances", "json", "application/json", coco.write, frozenset({"boxes"})),
    )
}


def exports_for(task_type: str) -> list[Format]:
    """The formats in which a project of this type can be downloaded."""
    return [one for one in EXPORTS.values() if one.fits(task_type)]
