"""Label Studio JSON in: a row a task, with what its annotation states, or else what a model predicted.

Of several annotations the one that is called ground truth, or else the last that was not cancelled. What a file calls its data is as its
project pleased: the text, the picture or the sound is found by what the cells hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from labelling.formats import json_values
from labelling.formats.label_studio.told import statements_of
from labelling.formats.label_studio.write import IDS
from labelling.formats.own import DECISION, GUESS
from labelling.formats.rows import Note, Refused, Row

_TASK = re.compile(r'"(annotations|predictions)"\s*:\s*\[')
_RESULT = re.compile(r'"(result|was_cancelled|completed_by|from_name|model_version)"\s*:')
_BARE = re.compile(r'\[\s*\{\s*("(id|meta)"\s*:\s*("[^"]*"|\d+|\{\})\s*,\s*)?"data"\s*:\s*\{')
_NONE = {
    "annotations": re.compile(rb'"annotations"\s*:\s*\[\s*\{'),
    "predictions": re.compile(rb'"predictions"\s*:\s*\[\s*\{'),
}
_FILE = re.compile(r"(?i).*\.(jpe?g|png|webp|gif|tiff?|bmp|avif|heic|mp3|wav|ogg|opus|flac|m4a|aac|mp4|mov|webm)\Z")
_TEXTS, _FILES = ("text",), ("image", "audio", "video", "url", "file")
_PREFIX = "/data/upload/"
PIECE = 1 << 20


def is_table(start: str) -> bool:
    """A list of objects with data and results; or of objects that are nothing but data."""
    opening = start.lstrip()
    return opening.startswith("[") and bool(_BARE.match(opening) or (_TASK.search(opening) and _RESULT.search(opening)))


def read(path: Path) -> Iterator[Row | Refused]:
    """Rows with a text, a file or parts; with an annotation anywhere in the file, each says which it has, and so of predictions."""
    states = {name: _holds(path, pattern) for name, pattern in _NONE.items()}
    for found in json_values.read(path):
        yield found if isinstance(found, Refused) else _row(found, states)


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    with path.open("rb") as file:
        held = b""
        while piece := file.read(PIECE):
            held = held[-200:] + piece
            if pattern.search(held):
                return True
    return False


def _row(row: Row, states: dict[str, bool]) -> Row | Refused:
    task, data = row.cells, row.cells.get("data")
    if not isinstance(data, dict):
        return Refused(
            row.number, row.place, "data", "This task has no data: Label Studio writes an object under that name."
        )
    main, names = _main(data)
    named = str(data.get(IDS, data.get("id", task.get("id", ""))) or "")
    meta = task.get("meta")
    others = {name: value for name, value in data.items() if name not in {*names, IDS, "id"}}
    cells = {"id": named, **main, "metadata": {**(meta if isinstance(meta, dict) else {}), **others}}
    notes: list[Note] = []
    if states["annotations"]:
        chosen, notes = _annotation(task)
        cells[DECISION] = statements_of(chosen, main) if chosen is not None else None
    if states["predictions"]:
        guess = _prediction(task)
        cells[GUESS] = statements_of(guess, main) if guess is not None else None
        cells["confidence_ppm"] = _ppm((guess or {}).get("score"))
    return Row(row.number, row.place, cells, tuple(notes))


def _objects(task: dict, name: str) -> list[dict]:
    found = task.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _annotation(task: dict) -> tuple[dict | None, list[Note]]:
    kept = [
        one
        for one in _objects(task, "annotations")
        if not one.get("was_cancelled") and isinstance(one.get("result"), list)
    ]
    if not kept:
        return None, []
    chosen = next((one for one in kept if one.get("ground_truth")), kept[-1])
    left = len(kept) - 1
    return chosen, [("gold", f"{left} more annotations of this task were left out.")] if left else []


def _prediction(task: dict) -> dict | None:
    """The one that its model was surest of; of those without a score the last."""
    kept = [one for one in _objects(task, "predictions") if isinstance(one.get("result"), list)]
    return max(kept[::-1], key=lambda one: _ppm(one.get("score")), default=None)


def _ppm(score: Any) -> int:
    good = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    return round(score * 1_000_000) if good else 0


# --- data -------------------------------------------------------------------------------------------------------------
def _main(data: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """What is labelled, under our names, and which cells said it."""
    if isinstance(parts := data.get("parts"), list):
        return {"parts": parts}, {"parts", "left", "right", "items"}
    said = {name: value for name, value in data.items() if isinstance(value, str) and name not in (IDS, "id")}
    files = [name for name, value in said.items() if _FILE.match(_path(value))]
    file = next((name for name in _FILES if name in said and name not in _TEXTS), next(iter(files), None))
    words = [name for name in said if name not in files and name != file]
    text = next((name for name in _TEXTS if name in words), next(iter(words), None))
    main: dict[str, Any] = {}
    if text is not None:
        main["text"] = said[text]
    if file is not None:
        main["file"] = _path(said[file])
    return main, {name for name in (file, text if file is None else None) if name is not None}


def _path(value: str) -> str:
    """The address, or the file that one of Label Studio's own addresses means, under the name that it was given there."""
    value = value.strip()
    if value.startswith("/data/local-files/"):
        return unquote(parse_qs(urlsplit(value).query).get("d", [value])[0])
    if value.startswith(_PREFIX):
        return unquote(value.removeprefix(_PREFIX).partition("/")[2] or value.removeprefix(_PREFIX))
    return value
