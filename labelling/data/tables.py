"""One table, whatever it came as: told by its first bytes and its name, unpacked where it is packed, read row by row."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from intake import limits
from intake.errors import Unsafe
from intake.sandbox import sandbox
from intake.sniff import HEAD_BYTES, sniff
from labelling.data.reading import Reading
from labelling.formats import ENDINGS, FORMATS, csv, json_values, jsonl, lines, opened_apart, table_format
from labelling.formats.encodings import ENCODINGS, find_encoding
from labelling.formats.rows import BadTable, Note, Refused, Row

CSV, JSONL, JSON = ("csv", "tsv", "tab", "psv"), ("jsonl", "ndjson"), ("json",)
PLAIN = ("txt", "text")
WORKBOOKS = ("xlsx", "xlsm")
_IN_WORKBOOKS = (b"[Content_Types].xml", b"xl/", b"docProps/")
GZIP_ENDS = "The gzip archive is damaged or cut off: make it again."
# Plain text that came alone is read as a line an item without a question if it is one line, or so many without a gap.
SURELY_LINES = 5


@dataclass
class Table:
    """`sure`: the file says itself how it is to be read. `header`: whether its first row holds names, None where no row can."""

    rows: Iterator[Row | Refused]
    shape: str
    encoding: str = ""
    header: bool | None = None
    sure: bool = True
    notes: tuple[Note, ...] = field(default_factory=tuple)
    lines: Path | None = None  # the file whose lines are about its rows
    says_meaning: bool = False  # in a format of its own, whose cells are named as ours


# --- what it is -------------------------------------------------------------------------------------------------------
def table_kind(head: bytes, name: str) -> str:
    """csv, jsonl, json, xlsx, gz or a format's name for what is a table by its content and its name; "" for all else."""
    ending = _ending(name)
    if apart := opened_apart(head):
        return apart.name
    if head.startswith(b"\x1f\x8b"):
        return "gz" if ending == "gz" and _ending(name[:-3]) in CSV + JSONL + JSON + PLAIN else ""
    if head.startswith(b"PK\x03\x04"):
        return "xlsx" if ending in WORKBOOKS or any(sign in head for sign in _IN_WORKBOOKS) else ""
    if not (ending in CSV + JSONL + JSON or ending in ENDINGS) or not _is_text(head):
        return ""
    start = _start(head)
    if own := table_format(start, ending):
        return own.name
    return "csv" if ending in CSV else _json_kind(start, ending) if ending in JSONL + JSON else ""


def is_plain(name: str) -> bool:
    return _ending(name) in PLAIN


def _ending(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _is_text(head: bytes) -> bool:
    try:
        return sniff(head).kind == "text"
    except Unsafe:
        return False


def _start(head: bytes) -> str:
    wide = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(head[:2]) or (
        "utf-16-le" if head[1:8:2] == bytes(4) else "utf-16-be" if head[0:8:2] == bytes(4) else "utf-8-sig"
    )
    return head.decode(wide, "replace").lstrip()


def _json_kind(start: str, ending: str) -> str:
    first, _, behind = start.partition("\n")
    if ending in JSONL:
        return "json" if first.strip() in ("{", "[") or start.startswith("[{") else "jsonl"
    try:
        return "jsonl" if behind and isinstance(json_object(first), dict) else "json"
    except ValueError:
        return "json"


def json_object(line: str):
    return jsonl.DECODER.decode(line)


def _plain_kind(start: str) -> str:
    """Of text whose name says nothing: a format of its own, JSON, a table whose rows are parted alike, or lines."""
    if own := table_format(start, JSON[0]) or table_format(start, PLAIN[0]):
        return own.name
    if start.startswith(("[", "{")):
        return _json_kind(start, "json")
    return "csv" if csv.parts_alike(start.splitlines()[: csv.LOOKED_AT], "\t") else "lines"


# --- opening it -------------------------------------------------------------------------------------------------------
def open_table(path: Path, name: str, folder: Path, reading: Reading) -> Table:
    """Raises BadTable or Unsafe for what cannot be read at all."""
    kind = _kind_of(path, name)
    notes: tuple = ()
    if kind == "gz":
        path, name = _unzipped(path, folder / "unzipped"), name[:-3]
        kind = _kind_of(path, name)
    if kind in FORMATS and FORMATS[kind].apart:
        return made_table(open_apart(path, FORMATS[kind].apart, folder), reading)
    if kind == "xlsx":
        path, notes = _sheet_of(path, folder)
        return Table(csv.read(path, "utf-8", reading.header), "csv", "", reading.header is not False, True, notes, path)
    if kind in FORMATS and (read := FORMATS[kind].read):
        return Table(read(path), kind, says_meaning=True)
    found = find_encoding(path)
    encoding = reading.encoding or found.encoding
    table = _plain_table(path, kind, encoding, reading)
    table.sure &= found.sure or bool(reading.encoding)
    if encoding in ENCODINGS and encoding != "utf-8":
        table.notes = (*notes, ("file", f"The table was read as {ENCODINGS[encoding]}."))
    return table


@dataclass(frozen=True)
class Apart:
    """What became of a file that only the sandbox opens: its rows, and with them in a zip the files that it held, if any."""

    rows: Path
    files: Path | None
    notes: tuple[Note, ...]


def open_apart(path: Path, decoder: str, folder: Path) -> Apart:
    out = folder / "apart"
    out.mkdir(exist_ok=True)
    made = sandbox.decode(path, "table", decoder, out)
    found = {name: out / variant["file"] for name, variant in made["variants"].items()}
    return Apart(found["rows"], found.get("files"), tuple(("file", note) for note in made["notes"]))


def made_table(apart: Apart, reading: Reading) -> Table:
    table = _plain_table(apart.rows, "jsonl", "utf-8", reading)
    table.notes = apart.notes
    return table


def _plain_table(path: Path, kind: str, encoding: str, reading: Reading) -> Table:
    if kind == "csv":
        rows = csv.read(path, encoding, reading.header)
        return Table(rows, "csv", encoding, reading.header is not False, lines=path)
    if kind == "lines":
        whole = reading.shape == "whole"
        rows = (lines.read_whole if whole else lines.read)(path, encoding)
        sure = bool(reading.shape) or _surely_lines(path, encoding)
        return Table(rows, "whole" if whole else "lines", encoding, None, sure, lines=path)
    read: Callable = jsonl.read if kind == "jsonl" else json_values.read
    return Table(read(path, encoding), kind, encoding, lines=path if kind == "jsonl" else None)


def _surely_lines(path: Path, encoding: str) -> bool:
    """One line is both, a line and the whole; many lines without a blank one among them are no prose."""
    count, gap = 0, False
    with path.open(encoding=encoding, errors="replace") as file:
        for line in iter(partial(file.readline, 100_000), ""):
            if line.strip() and gap and count:
                return False
            count, gap = count + bool(line.strip()), not line.strip()
    return count == 1 or count >= SURELY_LINES


def _kind_of(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    kind = table_kind(head, name)
    if not kind and not _is_text(head):
        raise BadTable("This is no table that is taken: send CSV, JSON, JSON Lines, xlsx or text.")
    return kind or _plain_kind(_start(head))


def _unzipped(path: Path, to: Path) -> Path:
    """Unpacked as a stream, and never into more than a table may be."""
    packed, left = max(path.stat().st_size, 1), limits.TABLE_BYTES
    try:
        with gzip.open(path) as source, to.open("wb") as copy:
            while piece := source.read(1 << 20):
                left -= len(piece)
                done = limits.TABLE_BYTES - left
                if left < 0 or (done > limits.ARCHIVE_RATIO_FROM_BYTES and done > limits.ARCHIVE_RATIO * packed):
                    raise BadTable(
                        f"The gzip archive unpacks to more than {done // packed} times its size: it is not taken."
                    )
                copy.write(piece)
    except (EOFError, gzip.BadGzipFile, zlib.error) as broken:
        raise BadTable(GZIP_ENDS) from broken
    return to


def _sheet_of(path: Path, folder: Path) -> tuple[Path, tuple[Note, ...]]:
    """The workbook's table as CSV, made where nothing can be reached."""
    out = folder / "sheet"
    out.mkdir(exist_ok=True)
    made = sandbox.decode(path, "table", "xlsx", out)
    return out / made["variants"]["rows"]["file"], tuple(("file", note) for note in made["notes"])
