"""A row made an item: the columns that mean something are checked, all others become metadata."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from intake import remote
from intake.errors import Unsafe
from intake.media import store
from intake.models import Media
from labelling import task_types
from labelling.actions.add_items import text_hash
from labelling.formats.rows import BadRow, BadTable, Row
from labelling.importing.sources import Fetch
from labelling.models import Project
from labelling.questions import question_of
from labelling.task_types.errors import BadAnswer

TEXT_SIGNS = 50_000
CELL_SIGNS, ROW_SIGNS = 5_000, 20_000
ID_SIGNS = 200
# The columns that mean something, by medium; all others are metadata.
_ALWAYS = frozenset(("id", "gold", "truth", "explanation", "metadata"))
TEXT_COLUMNS, MEDIA_COLUMNS = _ALWAYS | {"text"}, _ALWAYS | {"url", "file"}
# A cell holds the answer itself where the answer is one thing.
SHORT_GOLD = {"choice": "label", "text": "text"}


@dataclass(slots=True)
class NewItem:
    row: Row
    content_hash: str
    payload: dict[str, Any]
    external_id: str
    metadata: dict[str, Any]
    media_id: int | None = None
    gold: dict[str, Any] | None = None
    explanation: str = ""


def checker(project: Project, fetch: Fetch | None) -> Callable[[Row], NewItem]:
    """The function that makes an item of a row, or raises BadRow."""
    if project.medium == "text":
        return lambda row: _text_item(project, row, _by_meaning(row.cells, TEXT_COLUMNS, "text"))
    return lambda row: _media_item(project, row, _by_meaning(row.cells, MEDIA_COLUMNS, "file"), fetch)


def _by_meaning(cells: dict[str, Any], special: frozenset[str], only: str) -> dict[str, Any]:
    """The special cells under their lower-case names, all others in `metadata`."""
    columns, others = _plan(tuple(cells), special, only)
    meant = {key: cells[name] for key, name in columns}
    metadata = {name: cells[name] for name in others if cells[name] not in ("", None)}
    given = meant.get("metadata")
    if isinstance(given, dict):
        metadata = {**given, **metadata}
    elif given not in ("", None):
        metadata["metadata"] = given
    _check_metadata(metadata)
    meant["metadata"] = metadata
    return meant


@lru_cache(maxsize=256)
def _plan(names: tuple[str, ...], special: frozenset[str], only: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Which column means what; the only column there is, is `only`, whatever its name."""
    if len(names) == 1 and names[0].strip().lower() not in special:
        return [(only, names[0])], []
    columns: dict[str, str] = {}
    for name in names:
        key = name if name in special else name.strip().lower()
        if key in special and (key == name or key not in names):
            columns.setdefault(key, name)
    taken = set(columns.values())
    return list(columns.items()), [name for name in names if name not in taken]


def _check_metadata(metadata: dict[str, Any]) -> None:
    whole = 0
    for name, value in metadata.items():
        if isinstance(value, str):
            signs = len(value)
        else:
            signs = len(json.dumps(value)) if isinstance(value, dict | list) else 1
        whole += signs
        if signs > CELL_SIGNS or whole > ROW_SIGNS:
            raise BadRow(
                name[:80], f"A cell may have {CELL_SIGNS:,} signs, all metadata of a row {ROW_SIGNS:,}: this is more."
            )


def _text_item(project: Project, row: Row, cells: dict[str, Any]) -> NewItem:
    text = cells.get("text")
    if not isinstance(text, str):
        raise BadRow("text", "There is no text: the table needs a column named text.")
    text = text.strip()
    if not text:
        raise BadRow("text", "The text is empty.")
    if len(text) > TEXT_SIGNS:
        raise BadRow("text", f"The text has {len(text):,} signs: at most {TEXT_SIGNS:,} are taken.")
    item = NewItem(row, text_hash(text), {"text": text}, _external_id(cells, ""), cells["metadata"])
    given = _gold_of(cells)
    return item if given is None else _with_gold(project, item, cells, given, question_of(project.config, item.payload))


def _media_item(project: Project, row: Row, cells: dict[str, Any], fetch: Fetch | None) -> NewItem:
    name = cells.get("file") or cells.get("url")
    if not isinstance(name, str) or not name.strip():
        raise BadRow(
            "file", "There is no file: the table needs a column named url, or file for a file of the same zip."
        )
    media = _stored(project, name.strip(), fetch)
    if media.kind != project.medium:
        raise BadRow("file", f"This is {media.kind}, the project takes {project.medium}.")
    item = NewItem(row, media.sha256, {}, _external_id(cells, name.strip()), cells["metadata"], media.pk)
    given = _gold_of(cells)
    size = {"width_px": media.width_px, "height_px": media.height_px, "duration_ms": media.duration_ms}
    return item if given is None else _with_gold(project, item, cells, given, question_of(project.config, {}, **size))


def _stored(project: Project, name: str, fetch: Fetch | None) -> Media:
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        path = Path(folder) / "file"
        is_url = "://" in name
        try:
            if is_url:
                shown = remote.fetch(name, path).file_name
            elif fetch is None:
                raise BadTable("The table names files but came without them: put them into one zip, or give addresses.")
            else:
                fetch(name, path)
                shown = name
            with path.open("rb") as file:
                return store(project.organisation_id, file, shown)
        except Unsafe as unsafe:
            raise BadRow("url" if is_url else "file", unsafe.message) from unsafe


def names_address(row: Row) -> bool:
    return any(isinstance(cell, str) and "://" in cell for cell in row.cells.values())


def _external_id(cells: dict[str, Any], otherwise: str) -> str:
    given = cells.get("id")
    if given is None or given == "":
        return "".join(sign for sign in otherwise if sign.isprintable())[:ID_SIGNS]
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise BadRow("id", "The id must be a text or a number.")
    if len(str(given)) > ID_SIGNS:
        raise BadRow("id", f"The id is longer than {ID_SIGNS} signs.")
    return str(given)


# --- gold -------------------------------------------------------------------------------------------------------------
def _gold_of(cells: dict[str, Any]) -> Any:
    given = cells.get("gold", "")
    if given is None or given == "":
        given = cells.get("truth")
    return None if given == "" else given


def _with_gold(project: Project, item: NewItem, cells: dict[str, Any], given: Any, question: dict) -> NewItem:
    """The item with its known answer, checked by the task type like any answer."""
    try:
        item.gold = task_types.get(project.task_type).parse(_gold_value(project.task_type, given), question)
    except BadAnswer as bad:
        raise BadRow("gold", str(bad).replace("value", "gold", 1)) from bad
    item.explanation = str(cells.get("explanation") or "")[:CELL_SIGNS]
    return item


def _gold_value(task_type: str, given: Any) -> Any:
    """An answer from a cell: JSON, or the one thing that the answer is."""
    short = SHORT_GOLD.get(task_type)
    if isinstance(given, str) and given.lstrip().startswith(("{", "[")):
        try:
            return json.loads(given)
        except (ValueError, RecursionError):
            if short is None:
                raise BadRow("gold", "The gold answer is no JSON.") from None
    return {short: given} if short and not isinstance(given, dict) else given
