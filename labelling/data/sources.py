"""Where the rows of an upload come from: a table, a zip of media or tables, or a list of addresses."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from intake import archives, remote
from intake.errors import Unsafe
from intake.sniff import HEAD_BYTES, sniff
from labelling.data.besides import Besides
from labelling.data.columns import Asked, with_meaning
from labelling.data.files import Entry, Files, Sent, Zipped
from labelling.data.folders import in_folders
from labelling.data.reading import Reading
from labelling.data.tables import Apart, Table, made_table, open_apart, open_table, table_kind
from labelling.data.together import FoundTogether, found_together
from labelling.formats import EXPORTS, opened_apart, own
from labelling.formats.encodings import NOT_UTF8, bounded_lines, count_lines, is_clean, open_text
from labelling.formats.rows import BadRow, BadTable, Note, Refused, Row
from labelling.formats.stated import Stated, Statements
from labelling.models import Project, Upload
from labelling.task_types.drawing import Polygon, Rectangle
from labelling.task_types.label_names import label_finder

TEXT_FILE_SIGNS = 100_000
OF_PICTURES = {name for name, one in EXPORTS.items() if one.draws and one.draws & {Rectangle, Polygon}}
BY_ITSELF = "It is not plain which column holds the text: send this table by itself, or call that column text."
Fetch = Callable[[str, Path], None]


class NoFile(BadRow):
    """Nothing of that name came along."""


@dataclass
class Source:
    """`rows` in a fixed order, so that an import can go on where it was killed; `fetch(name, path)` brings a file."""

    rows: Iterator[Row | Refused]
    rows_total: int | None = None
    fetch: Fetch | None = None
    folder: Path = field(default_factory=Path)


@contextmanager
def opened(upload: Upload, path: Path) -> Iterator[Source]:
    """The source of an upload whose bytes lie in `path`. Raises Unsafe or BadTable for what cannot be read at all, and Asked
    (from its rows) where the sender must say how."""
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        if upload.kind in (Upload.Kind.ZIP, Upload.Kind.FILES):
            with path.open("rb") as file, archives.open_zip(file) as archive:
                yield _source_of(Zipped(archive), Path(folder), upload)
        elif upload.kind == Upload.Kind.URLS:
            yield Source(_urls(path), count_lines(path), _no_address)
        elif (held := _held_files(path, Path(folder))) and held.files and upload.dataset.project.medium != "text":
            with held.files.open("rb") as file, archives.open_zip(file) as archive:
                yield _noting(_source_of(Zipped(archive), Path(folder), upload), held.notes)
        else:
            project, reading = upload.dataset.project, Reading.of(upload.reading)
            table = made_table(held, reading) if held else open_table(path, upload.file_name, Path(folder), reading)
            rows = with_meaning(table, project.medium, reading, is_label=_is_label(project))
            yield Source(rows, count_lines(table.lines) if table.lines else None)


def _held_files(path: Path, folder: Path) -> Apart | None:
    """A table that may hold the files that it names, opened."""
    with path.open("rb") as file:
        found = opened_apart(file.read(HEAD_BYTES))
    return open_apart(path, found.apart, folder) if found else None


def _noting(source: Source, notes: tuple[Note, ...]) -> Source:
    """What is to be said of the table is said of its first row."""
    return replace(source, rows=_with_notes(source.rows, notes)) if notes else source


def _with_notes(rows: Iterator[Row | Refused], notes: tuple[Note, ...]) -> Iterator[Row | Refused]:
    for row in rows:
        if notes and isinstance(row, Row):
            row.remarks, notes = (*row.remarks, *notes), ()
        yield row


def _is_label(project: Project) -> Callable[[object], bool]:
    find = label_finder(project.config)
    return lambda value: find(value) is not None


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
def opened_parts(upload: Upload) -> Iterator[Source]:
    """The source of an upload that came as single files, in however many requests."""
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        yield _source_of(Sent(upload), Path(folder), upload)


def _source_of(files: Files, folder: Path, upload: Upload) -> Source:
    found, medium = files.entries, upload.dataset.project.medium
    tables = [entry for entry in found if not entry.refused and table_kind(files.head(entry), entry.name)]
    if medium == "text":
        return Source(_text_rows(files, found, tables, folder), None)
    if whole := found_together(files, found, medium):
        return Source(_rows_together(files, found, whole, folder, upload), None, _fetcher(files, found))
    beside = Besides.among(files, found)
    found = [entry for entry in found if entry not in beside.entries]
    tables = [entry for entry in tables if entry not in beside.entries]
    cocos = [entry for entry in tables if table_kind(files.head(entry), entry.name) in OF_PICTURES]
    others = [entry for entry in tables if entry not in cocos]
    if len(others) > 1:
        names = ", ".join(entry.name[:60] for entry in tables[:5])
        raise BadTable(f"There are {len(tables)} tables ({names}): send only the one that names the files.")
    fetch, role = _fetcher(files, found), "page" if medium == "parts" else "file"
    if tables:
        table, more = (others[0], cocos) if others else (cocos[0], cocos[1:])  # a file for training, one for testing
        rows = _indexed_rows(files, found, table, more, folder, upload)
        return Source(_with_marks(rows, beside, _names(found)), len(found) - len(tables) + len(beside.lost), fetch)
    rows = _file_rows(found, role) if beside.entries else in_folders(_file_rows(found, role), found, upload)
    return Source(_with_marks(rows, beside, _names(found)), len(found) + len(beside.lost), fetch)


def _with_marks(rows: Iterator[Row | Refused], beside: Besides, names: dict[str, str]) -> Iterator[Row | Refused]:
    """Each row of a picture with what a file beside it states, unless a table does already; then what such files state of others."""
    last = 0
    for row in rows:
        last = max(last, row.number)
        if isinstance(row, Row):
            _add_marks(
                row, [beside.marks_of(names[value]) for value in map(_path, row.cells.values()) if value in names]
            )
        yield row
    for number, (entry, sentence) in enumerate(beside.lost.items(), last + 1):
        yield Refused(number, entry.name[:255], "file", sentence)


def _add_marks(row: Row, found: list[tuple[Stated | Statements | None, tuple[Note, ...]]]) -> None:
    """Where a table states marks of the picture already, only what is none."""
    drawn = row.marks is not None or isinstance(row.cells.get("gold"), Stated)
    said = next((one for one, _ in found if one and not (drawn and isinstance(one, Stated))), None)
    if said and row.marks is not None:
        row.cells.setdefault("gold", row.marks)
    row.marks = said or row.marks
    row.remarks += () if drawn else tuple(note for _, notes in found for note in notes)


def _table(files: Files, entry: Entry, folder: Path, reading: Reading) -> Table:
    path = folder / "table"
    files.copy(entry, path)
    return open_table(path, entry.name, folder, reading)


def _file_rows(found: list[Entry], role: str) -> Iterator[Row | Refused]:
    """An item a file. Of several parts it is a document, whose pages are the parts."""
    for number, entry in enumerate(found, 1):
        if entry.refused:
            yield Refused(number, entry.name[:255], "file", entry.refused)
        else:
            cells = {role: entry.name} | ({"id": entry.name} if role == "page" else {})
            yield Row(number, entry.name[:255], cells, tuple(("file", note) for note in entry.notes))


def _indexed_rows(
    files: Files, found: list[Entry], table: Entry, cocos: list[Entry], folder: Path, upload: Upload
) -> Iterator[Row | Refused]:
    """The rows of the table, with the marks of a COCO file beside it; then what only that one names; then the files that no
    row named: they are reported, not taken."""
    names, last, named = _names(found), 0, set()
    marks = _marks(files, cocos, folder, names)
    for row in _rows_of_table(files, table, folder, upload, names):
        last = row.number
        if isinstance(row, Row):
            mine = {names[value] for value in map(_path, _told_in(row.cells)) if value in names}
            named |= mine
            row.marks = next((marks[name].cells.get("gold") for name in mine if name in marks), None)
        yield row
    for name, row in marks.items():
        if name not in named:
            row.number = last = last + 1
            yield row
    left = (entry for entry in found if entry not in (table, *cocos) and entry.name not in named | marks.keys())
    for number, entry in enumerate(left, last + 1):
        yield Refused(number, entry.name[:255], "file", entry.refused or f"{table.name[:80]} does not name this file.")


def _rows_together(
    files: Files, found: list[Entry], whole: FoundTogether, folder: Path, upload: Upload
) -> Iterator[Row | Refused]:
    """The rows of several files that are one table; then the files that no row named."""
    others = [entry for entry in found if entry not in whole.entries]
    names, named, last = _names(others), set(), 0
    table = whole.table(files, folder, [entry.name for entry in others if not entry.refused])
    known = (lambda value: _path(value) in names) if names else None
    for row in with_meaning(table, upload.dataset.project.medium, Reading.of(upload.reading), known):
        last = row.number
        if isinstance(row, Row):
            named |= {names[value] for value in map(_path, _told_in(row.cells)) if value in names}
        yield row
    for number, entry in enumerate((entry for entry in others if entry.name not in named), last + 1):
        yield Refused(
            number, entry.name[:255], "file", entry.refused or f"The {whole.name} files do not name this one."
        )


def _rows_of_table(files: Files, table: Entry, folder: Path, upload: Upload, names: dict[str, str]):
    reading, project = Reading.of(upload.reading), upload.dataset.project
    opened = _table(files, table, folder, reading)
    return with_meaning(opened, project.medium, reading, lambda value: _path(value) in names, _is_label(project))


def _marks(files: Files, cocos: list[Entry], folder: Path, names: dict[str, str]) -> dict[str, Row]:
    """The pictures of a COCO file, by the names of the files that came. What it says of others it says of nothing here."""
    rows = (row for entry in cocos for row in _table(files, entry, folder, Reading()).rows)
    named = ((names.get(_path(row.cells.get("file"))), row) for row in rows if isinstance(row, Row))
    found: dict[str, Row] = {}
    for name, row in named:
        if name and not ({"gold", own.DECISION} & found.get(name, row).cells.keys() and name in found):
            found[name] = row  # of several that speak of it the first that states something
    for row in found.values():  # beside its pictures a file of ours states what is true, as any other does
        row.cells.pop(own.GUESS, None)
        row.cells |= {"gold": row.cells.pop(own.DECISION)} if own.DECISION in row.cells else {}
    return found


def _told_in(cells: dict) -> Iterator[object]:
    """The values of a row, and of parts in it what each is the file of."""
    for value in cells.values():
        yield value
        if isinstance(value, list):
            yield from (part.get("file") for part in value if isinstance(part, dict))


def _path(value: object) -> str:
    """What may name a file: the columns are called as their owner pleases."""
    return value.strip().replace("\\", "/") if isinstance(value, str) else ""


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
            raise NoFile("file", f"There is no file named {name[:120]} in the {files.where}.")
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
    try:
        for row in with_meaning(_table(files, entry, folder, Reading()), "text", Reading()):
            row.number, row.place = next(numbers), f"{entry.name[:200]}, {row.place}"
            yield row
    except (BadTable, Unsafe) as bad:
        yield Refused(next(numbers), entry.name[:255], "file", str(bad))
    except Asked:
        yield Refused(next(numbers), entry.name[:255], "file", BY_ITSELF)


_NO_TEXT = {
    "text": "This is no text: send .txt files or a table with a column named text.",
    "pages": "This is a PDF: its pages are labelled in a project on items of several parts. Here, send its text as a .txt file.",
    "image": "This is a picture, the project takes texts.",
    "audio": "This is a sound, the project takes texts.",
    "video": "This is a clip, the project takes texts.",
}


def _text_file(files: Files, entry: Entry, number: int, folder: Path) -> Row | Refused:
    path, place = folder / "text", entry.name[:255]
    try:
        files.copy(entry, path)
        with path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES)).kind
        if kind != "text" or not entry.name.lower().endswith(".txt"):
            return Refused(number, place, "file", _NO_TEXT.get(kind, _NO_TEXT["text"]))
        with open_text(path) as file:
            text = file.read(TEXT_FILE_SIGNS)
    except (Unsafe, BadTable) as refused:
        return Refused(number, place, "file", str(refused))
    if not is_clean(text):
        return Refused(number, place, "file", NOT_UTF8)
    return Row(number, place, {"text": text, "id": entry.name})
