"""Where the rows of an upload come from: a table, a zip of media or tables, or a list of addresses."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from intake import archives, remote
from intake.errors import Unsafe
from intake.sniff import HEAD_BYTES, sniff
from labelling.formats import coco, csv, jsonl
from labelling.formats.encodings import NOT_UTF8, bounded_lines, count_lines, is_clean, open_text
from labelling.formats.rows import BadRow, BadTable, Refused, Row
from labelling.importing.files import Entry, Files, Sent, Zipped
from labelling.models import Upload

TEXT_FILE_SIGNS = 100_000
LOOKED_AT = 20  # rows, before a table is taken for one of addresses
ADDRESSES = (
    "This project takes texts, and the table holds addresses or names of files: send the texts that stand there."
)
Fetch = Callable[[str, Path], None]


@dataclass
class Source:
    """`rows` in a fixed order, so that an import can go on where it was killed; `fetch(name, path)` brings a file."""

    rows: Iterator[Row | Refused]
    rows_total: int | None = None
    fetch: Fetch | None = None
    folder: Path = field(default_factory=Path)


@contextmanager
def opened(kind: str, path: Path, medium: str) -> Iterator[Source]:
    """The source of an upload whose bytes lie in `path`. Raises Unsafe or BadTable for what cannot be read at all."""
    if kind in (Upload.Kind.ZIP, Upload.Kind.FILES):
        with path.open("rb") as file, archives.open_zip(file) as archive, tempfile.TemporaryDirectory() as folder:
            yield _source_of(Zipped(archive), Path(folder), medium)
    elif kind == Upload.Kind.URLS:
        yield Source(_urls(path), count_lines(path), _no_address)
    else:
        read = jsonl.read if kind == Upload.Kind.JSONL else csv.read
        yield Source(with_known_columns(read(path), medium, kind == Upload.Kind.CSV), count_lines(path))


def with_known_columns(rows: Iterator[Row | Refused], medium: str, is_table: bool = True) -> Iterator[Row | Refused]:
    """The rows, or one sentence for the whole table when it does not hold what is to be labelled."""
    first = list(islice(rows, LOOKED_AT))
    cells = [row.cells for row in first if isinstance(row, Row)]
    if cells and is_table:
        check_columns(cells[0], medium)
    if cells and medium == "text" and all(map(_is_only_an_address, cells)):
        raise BadTable(ADDRESSES)
    yield from first
    yield from rows


def _is_only_an_address(cells: dict) -> bool:
    """Whether what would be labelled is an address. Among texts one may well be; where all are, texts were not meant."""
    named = [value for name, value in cells.items() if str(name).strip().lower() == "text" or len(cells) == 1]
    text = named[0].strip() if named and isinstance(named[0], str) else ""
    return text.lower().startswith(("http://", "https://")) and len(text.split()) == 1


def check_columns(cells: dict, medium: str) -> None:
    names = [str(name).strip().lower() for name in cells]
    wanted = {"text"} if medium == "text" else {"file", "url"}
    if wanted & set(names):
        return
    if medium == "text" and {"file", "url"} & set(names):
        raise BadTable(
            "This project takes texts, and the table holds addresses or file names: send the texts, as text."
        )
    if len(names) > 1:
        raise BadTable(
            f"No column is named {' or '.join(sorted(wanted))}: name so the one that holds what is to be labelled. "
            f"There are {', '.join(str(name)[:40] for name in list(cells)[:12])}."
        )


def _urls(path: Path) -> Iterator[Row | Refused]:
    with open_text(path) as file:
        urls = (line.strip() for line in bounded_lines(file, remote.URL_CHARS + 1))
        for number, url in enumerate(urls, 1):
            yield Row(number, url[:255], {"url": url}) if url else Refused(number, "", "url", "The address is empty.")


def _no_address(name: str, path: Path) -> None:
    """In a list of addresses nothing names a file beside it."""
    raise BadRow("url", "Only addresses that start with http:// or https:// are fetched.")


# --- files ------------------------------------------------------------------------------------------------------------
@contextmanager
def opened_parts(upload: Upload, medium: str) -> Iterator[Source]:
    """The source of an upload that came as single files, in however many requests."""
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        yield _source_of(Sent(upload), Path(folder), medium)


def _source_of(files: Files, folder: Path, medium: str) -> Source:
    found = files.entries
    tables = [entry for entry in found if not entry.refused and _table_kind(files, entry)]
    if medium == "text":
        return Source(_text_rows(files, found, tables, folder), None)
    if len(tables) > 1:
        names = ", ".join(entry.name[:60] for entry in tables[:5])
        raise BadTable(f"There are {len(tables)} tables ({names}): send only the one that names the files.")
    fetch = _fetcher(files, found)
    if tables:
        return Source(_indexed_rows(files, found, tables[0], folder), len(found) - 1, fetch)
    return Source(_file_rows(found), len(found), fetch)


def _table_kind(files: Files, entry: Entry) -> str:
    """csv, jsonl or coco for an entry that is a table by its content and its name; "" for all else."""
    extension = entry.name.rsplit(".", 1)[-1].lower()
    if extension not in ("csv", "tsv", "jsonl", "ndjson", "json"):
        return ""
    head = files.head(entry)
    try:
        if sniff(head).kind != "text":
            return ""
    except Unsafe:
        return ""
    if extension == "json":
        return "coco" if coco.is_coco(head.decode("utf-8", "replace")) else ""
    return "jsonl" if extension in ("jsonl", "ndjson") else "csv"


_READERS = {"csv": csv.read, "jsonl": jsonl.read, "coco": coco.read}


def _table_rows(files: Files, entry: Entry, folder: Path) -> Iterator[Row | Refused]:
    path = folder / "table"
    files.copy(entry, path)
    yield from _READERS[_table_kind(files, entry)](path)


def _file_rows(found: list[Entry]) -> Iterator[Row | Refused]:
    for number, entry in enumerate(found, 1):
        if entry.refused:
            yield Refused(number, entry.name[:255], "file", entry.refused)
        else:
            yield Row(number, entry.name[:255], {"file": entry.name}, tuple(("file", note) for note in entry.notes))


def _indexed_rows(files: Files, found: list[Entry], table: Entry, folder: Path) -> Iterator[Row | Refused]:
    """The rows of the table, then the files that no row named: they are reported, not taken."""
    names, last, named = _names(found), 0, set()
    is_table = _table_kind(files, table) == "csv"
    for row in with_known_columns(_table_rows(files, table, folder), "media", is_table):
        last = row.number
        if isinstance(row, Row):
            named |= {names[value] for value in _said(row.cells) if value in names}
        yield row
    left = (entry for entry in found if entry is not table and entry.name not in named)
    for number, entry in enumerate(left, last + 1):
        yield Refused(number, entry.name[:255], "file", entry.refused or f"{table.name[:80]} does not name this file.")


def _said(cells: dict) -> Iterator[str]:
    """What may name a file: the columns are called as their owner pleases."""
    return (value.strip().replace("\\", "/") for value in cells.values() if isinstance(value, str))


def _names(found: list[Entry]) -> dict[str, str]:
    """Under which names an entry may be asked for: its whole path, and every end of it where that is the only one."""
    good = [entry.name for entry in found if not entry.refused]
    ends = Counter(end for name in good for end in _ends(name))
    return {end: name for name in good for end in _ends(name) if ends[end] == 1} | {name: name for name in good}


def _ends(path: str) -> Iterator[str]:
    """a/b/c.png, b/c.png, c.png"""
    while True:
        yield path
        if "/" not in path:
            return
        path = path.split("/", 1)[1]


def _fetcher(files: Files, found: list[Entry]) -> Fetch:
    names, entries = _names(found), {entry.name: entry for entry in found if not entry.refused}

    def fetch(name: str, path: Path) -> None:
        whole = names.get(name.replace("\\", "/"))
        if whole is None:
            raise BadRow("file", f"There is no file named {name[:120]} in the {files.where}.")
        files.copy(entries[whole], path)

    return fetch


def _text_rows(files: Files, found, tables, folder: Path) -> Iterator[Row | Refused]:
    """For a project on texts: every table's rows, and every plain text file as one text."""
    numbers = count(1)
    for entry in found:
        if entry.refused:
            yield Refused(next(numbers), entry.name[:255], "file", entry.refused)
        elif entry in tables:
            yield from _text_table(files, entry, numbers, folder)
        else:
            yield _text_file(files, entry, next(numbers), folder)


def _text_table(files: Files, entry: Entry, numbers: Iterator[int], folder: Path) -> Iterator[Row | Refused]:
    """The rows of one of many tables; one that cannot be read costs itself."""
    rows = _table_rows(files, entry, folder)
    try:
        for row in with_known_columns(rows, "text", _table_kind(files, entry) == "csv"):
            row.number, row.place = next(numbers), f"{entry.name[:200]}, {row.place}"
            yield row
    except BadTable as bad:
        yield Refused(next(numbers), entry.name[:255], "file", str(bad))


def _text_file(files: Files, entry: Entry, number: int, folder: Path) -> Row | Refused:
    path, place = folder / "text", entry.name[:255]
    try:
        files.copy(entry, path)
        with path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES)).kind
        if kind != "text" or not entry.name.lower().endswith(".txt"):
            return Refused(
                number, place, "file", "This is no text: send .txt files or a table with a column named text."
            )
        with open_text(path) as file:
            text = file.read(TEXT_FILE_SIGNS)
    except (Unsafe, BadTable) as refused:
        return Refused(number, place, "file", str(refused))
    if not is_clean(text):
        return Refused(number, place, "file", NOT_UTF8)
    return Row(number, place, {"text": text, "id": entry.name})
