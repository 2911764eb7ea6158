"""Files that Ilima wrote, sent again: known by their columns, and read as what they say without a word of their sender's.

What is asked is one thing: what the labels in them are to be (docs/decisions/own-files.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from labelling.formats.cells import plain
from labelling.formats.rows import Row
from people.strict_json import read_json

DECISION, CONTRIBUTOR = "decision", "Ilima"
GUESS = "prediction"  # what a model says in a file that tells it from what people say: always a suggestion
ROLES = ("gold", "suggestion", "ignore")  # what the labels of such a file become
_ALWAYS = {"item", "external_id", DECISION, "confidence_ppm", "agreement_ppm", "inputs_hash"}
_METADATA = "metadata."


def is_own(names: Collection[str]) -> bool:
    return set(names) >= _ALWAYS


def rows_of(row: Row, medium: str, for_spreadsheets: bool) -> Iterator[Row]:
    """The row as a sender would write it, and each further row of its content. JSON Lines or a CSV of either kind."""
    cells = row.cells
    if for_spreadsheets:
        cells = {name: _bare(cell) for name, cell in cells.items()}
    media = _object(cells.get("media"))
    file_name = media.get("file_name") or cells.get("file_name")
    yield Row(row.number, row.place, _plain(cells, medium, file_name, _metadata(cells)), row.remarks)
    others = cells.get("other_rows")
    for other in others if isinstance(others, list) else ():
        if isinstance(other, dict):
            whole = cells | {"external_id": other.get("external_id")}
            yield Row(
                row.number, row.place, _plain(whole, medium, other.get("file_name"), _object(other.get("metadata")))
            )


def _object(cell: Any) -> dict[str, Any]:
    return cell if isinstance(cell, dict) else {}


def _bare(cell: Any) -> Any:
    return plain(cell) if isinstance(cell, str) and not cell.startswith(("[", "{")) else cell


def _plain(cells: dict[str, Any], medium: str, file_name: Any, metadata: dict) -> dict[str, Any]:
    if medium == "parts":
        main: dict[str, Any] = {"parts": sent_parts(cells.get("parts"))}
    elif medium == "text":
        main = {"text": cells.get("text")}
    else:
        main = {"file": file_name or cells.get("external_id") or str(cells["item"])}
    known = {name: cells.get(name) for name in (DECISION, "confidence_ppm")}
    return {"id": cells.get("external_id"), **main, **known, "metadata": metadata}


def sent_parts(given: Any) -> Any:
    """Parts as they are sent: of a file its hash, by which it is found again, and its name; its size is known then."""
    parts = read_json(given) if isinstance(given, str) and given else given
    if not isinstance(parts, list):
        return parts
    return [_sent_part(part) if isinstance(part, dict) else part for part in parts]


def _sent_part(part: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: value for name, value in part.items() if name not in ("width_px", "height_px", "duration_ms", "file_name")
    }
    return kept | ({"file": part["file_name"]} if part.get("file_name") else {})


def _metadata(cells: dict[str, Any]) -> dict:
    """A value of JSON Lines as it is; of a table the cells under their own names again."""
    given = cells.get("metadata")
    named = {name.removeprefix(_METADATA): cell for name, cell in cells.items() if name.startswith(_METADATA)}
    return (given if isinstance(given, dict) else {}) | {
        name: cell for name, cell in named.items() if cell not in ("", None)
    }
