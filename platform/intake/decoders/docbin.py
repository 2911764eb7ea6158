"""spaCy's DocBin to JSON Lines: each text with its entities as [start, end, label] and its categories. No spaCy, which a stranger's file
never reaches: the layout is that of spacy/tokens/_serialize.py, 0.1 of its own numbering.

Runs in the child of intake.zygote only.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from intake import limits
from intake.decoders.msgpack import unpacked
from intake.decoders.spacy_strings import Strings
from intake.errors import Unsafe

ROWS = "rows.jsonl"
MOST_BYTES = 128 * limits.MB  # unpacked: it is held at once, with what is made of it
ORTH, ENT_IOB, ENT_TYPE = _READ = 65, 77, 78
OVERLAPPING = "sc"  # the group of spans that spaCy's span categorizer reads
_SPAN = struct.Struct(">QQQllll")
_INSIDE, _BEGINS = 1, 3
_BROKEN = "This is no DocBin of spaCy's, or it is damaged or cut off: write it again."


def decode(path: Path, decoder: str, out: Path) -> dict:
    left: dict[str, None] = {}
    written = 0
    try:
        with (out / ROWS).open("wb") as lines:
            for row in _rows(unpacked(_unzipped(path.read_bytes())), left):
                written += lines.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    except (ValueError, LookupError, TypeError, AttributeError, struct.error) as broken:
        raise Unsafe("file", _BROKEN) from broken
    if not written:
        raise Unsafe("file", "There are no texts in the DocBin.")
    names = ", ".join(left)[:200]
    notes = [f"The groups of spans {names} were left out: a text has one set of marks."] if names else []
    return {"kind": "table", "variants": {"rows": {"file": ROWS}}, "notes": notes}


def _unzipped(content: bytes) -> bytes:
    opened = zlib.decompressobj()
    try:
        found = opened.decompress(content, MOST_BYTES)
    except zlib.error as broken:
        raise ValueError("it is not packed") from broken
    if opened.unconsumed_tail:
        raise Unsafe("file", f"The DocBin unpacks to more than {MOST_BYTES // limits.MB} MB: split it.")
    if not opened.eof:
        raise ValueError("it is cut off")
    return found


def _rows(said: dict[str, Any], left: dict[str, None]) -> Iterator[dict[str, Any]]:
    attrs, lengths = list(said["attrs"]), np.frombuffer(said["lengths"], "<i4")
    tokens = np.frombuffer(said["tokens"], "<u8").reshape(-1, len(attrs))
    spaces = np.frombuffer(said["spaces"], "u1") != 0
    if (lengths < 0).any() or lengths.sum() != len(tokens) or len(spaces) != len(tokens):
        raise ValueError("its words are not as many as it says")
    strings, ends = Strings(said["strings"]), np.cumsum(lengths).tolist()
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        columns = {attr: tokens[start:end, n].tolist() for n, attr in enumerate(attrs) if attr in _READ}
        unknown = bool(_of(said, "flags", number, {}).get("has_unknown_spaces"))
        text, words = _text(columns[ORTH], spaces[start:end], unknown, strings)
        groups = _groups(_of(said, "span_groups", number, b""), words, strings)
        marks = groups.pop(OVERLAPPING, None) or list(_entities(columns, words, strings))
        left |= dict.fromkeys(groups)
        yield {"text": text, "entities": marks} | _categories(_of(said, "cats", number, {}))


def _of(said: dict[str, Any], name: str, number: int, otherwise: Any) -> Any:
    """What is said of one text; older files have less."""
    listed = said.get(name) or []
    return listed[number] if number < len(listed) else otherwise


def _text(words: list[int], spaces: np.ndarray, unknown: bool, strings: Strings) -> tuple[str, list[tuple[int, int]]]:
    """The text, and where in it each word stands."""
    said, places, at = [], [], 0
    for word, space in zip(map(strings.name, words), spaces.tolist(), strict=True):
        said.append(word + " " if space or unknown else word)
        places.append((at, at + len(word)))
        at += len(said[-1])
    return "".join(said), places


def _entities(columns: dict[int, list[int]], words: list[tuple[int, int]], strings: Strings) -> Iterator[list[Any]]:
    opened: list[Any] | None = None
    nothing = [0] * len(words)
    for iob, kind, (start, end) in zip(
        columns.get(ENT_IOB, nothing), columns.get(ENT_TYPE, nothing), words, strict=True
    ):
        if iob == _INSIDE and opened:
            opened[1] = end
            continue
        if opened:
            yield opened
        opened = [start, end, strings.name(kind)] if iob in (_BEGINS, _INSIDE) and kind else None
    if opened:
        yield opened


def _groups(given: bytes, words: list[tuple[int, int]], strings: Strings) -> dict[str, list[list[Any]]]:
    """The marks of each group, which may lie over one another. Files of older versions have a list of groups."""
    whole = unpacked(given) if given else []
    listed = whole.items() if isinstance(whole, dict) else [(one, None) for one in whole]
    found: dict[str, list[list[Any]]] = {}
    for content, names in listed:
        group = unpacked(content)
        spans = [
            _SPAN.unpack(one)[2:5] for one in group["spans"]
        ]  # its label, its first word, and the one behind its last
        there = [one for one in spans if 0 <= one[1] < one[2] <= len(words)]
        marks = [[words[start][0], words[end - 1][1], strings.name(label)] for label, start, end in there]
        found |= dict.fromkeys(names or [group["name"]], marks)
    return {str(name): marks for name, marks in found.items() if marks}


def _categories(cats: dict[str, Any]) -> dict[str, Any]:
    """Those that are more likely than not; one is a label, several are a list."""
    sure = [str(name) for name, share in cats.items() if isinstance(share, int | float) and share >= 0.5]
    return {} if not cats else {"cats": sure[0] if len(sure) == 1 else sure}
