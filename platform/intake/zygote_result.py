"""What the child says is not believed either: names, numbers and sizes are checked before anything is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from intake import limits
from intake.errors import Unsafe

RESULT = "result.json"
NO_ROOM = 28  # the status of a child that could not write because the disk is full
RESULT_BYTES = 100_000
TYPES = {
    ".webp": "image/webp",
    ".webps": "application/octet-stream",  # one behind the other
    ".ogg": "audio/ogg",
    ".json": "application/json",
    ".mp4": "video/mp4",
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".zip": "application/zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
VARIANTS = {
    "image": {"240", "320", "640", "1280"},
    "audio": {"opus", "peaks"},
    "video": {"video", "240", "poster", "strip", "peaks"},
    "table": {"rows"},
}
AND_PERHAPS = {"image": {"tiles", "tiles_index"}, "table": {"files"}}
_NUMBERS = ("width_px", "height_px", "duration_ms", "turn")


def check_result(out: Path, status: int) -> dict:
    """The child's result with the variants' sizes filled in; Unsafe when it is an error or not as it must be."""
    result = _read(out, status)
    kind, made = result["kind"], set(result["variants"])
    wanted = _of_pages(len(made) - 1) if kind == "pages" else VARIANTS[kind]
    if made != wanted and made != wanted | AND_PERHAPS.get(kind, set()):
        raise Unsafe("file", "The file could not be opened.")
    most_bytes = limits.CHILD_FILE_BYTES.get(kind, limits.OTHER_FILE_BYTES)
    variants = {name: _variant(out, made, most_bytes) for name, made in result["variants"].items()}
    numbers = {name: _number(result.get(name)) for name in _NUMBERS}
    return {"kind": result["kind"], "variants": variants, "notes": _notes(result)} | numbers


def check_made(out: Path, status: int, names: Sequence[str]) -> dict[str, dict]:
    """The files of these names that the child was to make beside a picture, as variants of it; Unsafe where one is missing."""
    _read(out, status)
    return {name: _variant(out, {"file": name}, limits.OTHER_FILE_BYTES) for name in names}


def _read(out: Path, status: int) -> dict:
    path = out / RESULT
    if status or not path.is_file() or path.stat().st_size > RESULT_BYTES:
        raise Unsafe("file", "The file could not be opened.")
    result = json.loads(path.read_text())
    if "error" in result:
        raise Unsafe("file", str(result["error"])[:300])
    return result


def _of_pages(count: int) -> set[str]:
    return {"texts", *(str(number) for number in range(1, min(count, limits.PAGES) + 1))}


def _notes(result: dict) -> list[str]:
    """Sentences about a file that was taken all the same."""
    return ["".join(filter(str.isprintable, str(note)))[:300] for note in list(result.get("notes", []))[:5]]


def _variant(out: Path, made: dict, most_bytes: int) -> dict:
    path = out / Path(made["file"]).name
    if path.is_symlink() or not path.is_file() or path.stat().st_size > most_bytes:
        raise Unsafe("file", "The file could not be opened.")
    sizes = {name: _number(made[name]) for name in ("width", "height", "frames") if name in made}
    return {"file": path.name, "type": TYPES[path.suffix], "bytes": path.stat().st_size, **sizes}


def _number(value) -> int | None:
    return None if value is None else max(0, min(int(value), 2**31 - 1))
