"""CSV in (any delimiter of , ; tab |) and CSV out (comma, all cells quoted, RFC 4180, UTF-8 with its mark for spreadsheets)."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from labelling.formats.cells import harmless, harmless_json
from labelling.formats.column_names import SURE_NAMES, is_column_name
from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.frozen import Frozen
from labelling.formats.rows import COLUMNS, ROW_BYTES, BadTable, Note, Refused, Row

DELIMITERS = ",;\t|"
INDEX, ONLY = "Unnamed: 0", "column 1"
METADATA_COLUMNS = 100
BLOCK_ROWS = 500
_SEP = re.compile(r"(?i)\"?sep=(,|;|\||\t|\\t|)\"?")  # what spreadsheets write and read


# --- in ---------------------------------------------------------------------------------------------------------------
class _Lines:
    """Physical lines, with those of the record under way at hand, so that a bad record can be given back but its first."""

    def __init__(self, lines: Iterator[str]):
        self._lines = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self.number += 1
        return line

    def put_back(self, line: str) -> None:
        self._again.appendleft(line)
        self.number -= 1

    def give_back_all_but_first(self) -> None:
        rest = self.taken[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.taken = self.taken[:1]


def read(path: Path) -> Iterator[Row | Refused]:
    """Rows as dicts by the header. A quote that is never closed spoils its own line only, not those behind it."""
    with open_text(path) as file:
        lines = _Lines(bounded_lines(file, ROW_BYTES))
        header, delimiter, note = _header(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            lines.taken.clear()
            first_line = lines.number + 1
            try:
                cells = next(reader)
                fault = (
                    _fault(cells, header)
                    if max(map(len, lines.taken)) <= ROW_BYTES
                    else ("row", _csv_sentence("limit"))
                )
            except StopIteration:
                return
            except csv.Error as error:
                cells, fault = [""], ("row", _csv_sentence(str(error)))
            if fault and len(lines.taken) > 1:
                lines.give_back_all_but_first()
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
            if not fault and not any(cells):
                continue
            number += 1
            if fault:
                yield Refused(number, f"line {first_line}", *fault)
            else:
                row = Row(number, f"line {first_line}", dict(zip(header, cells, strict=True)))
                if note:
                    row.remarks, note = (note,), None
                yield row


def _fault(cells: list[str], header: list[str]) -> tuple[str, str] | None:
    if not any(cells):
        return None
    if len(cells) != len(header):
        return "row", f"The row has {len(cells)} cells, the header {len(header)}."
    whole = "".join(cells)
    if whole.isascii() and "\0" not in whole:
        return None
    for name, cell in zip(header, cells, strict=True):
        if "\0" in cell:
            return name, "There is a NUL sign in the cell: take it out."
        if not is_clean(cell):
            return name, NOT_UTF8
    return None


def _csv_sentence(error: str) -> str:
    if "limit" in error:
        return "A cell is too long, or a quote is never closed."
    return "A quote stands where none may stand, or is never closed."


def _header(lines: _Lines) -> tuple[list[str], str, Note | None]:
    """The column names, the delimiter, and what is to be said of them; from the first line that is not blank."""
    first, delimiter = _first_line(lines)
    names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [""])]
    if names[0] == "" and len(names) > 1:  # the index that pandas writes
        names[0] = INDEX
    check_header(names)
    if len(names) > 1 or names[0].lower() in SURE_NAMES:
        return names, delimiter, None
    if is_column_name(names[0]):
        return names, delimiter, ("header", f"The first line, {names[0][:60]}, was taken as the name of the column.")
    lines.put_back(first)
    say = "The file has one column without a name, so its first line is an item. Is it a name? Call the column text."
    return [ONLY], delimiter, ("header", say)


def _first_line(lines: _Lines) -> tuple[str, str]:
    """The first line with something in it, and the delimiter: named in a line `sep=;` before it, or the most frequent."""
    try:
        while not (first := next(lines)).strip():
            pass
        if said := _SEP.fullmatch(first.strip()):
            return next(lines), said[1].replace("\\t", "\t") or "\t"
    except StopIteration:
        raise BadTable("The file has no rows.") from None
    return first, max(DELIMITERS, key=lambda sign: _count_outside_quotes(first, sign))


def _count_outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def check_header(names: list[str]) -> None:
    """Raise BadTable unless every column has a name of its own."""
    if len(names) > COLUMNS:
        raise BadTable(f"The table has {len(names)} columns: at most {COLUMNS} are taken.")
    if not all(is_clean(name) and "\0" not in name for name in names):
        raise BadTable("The header is not UTF-8: save the file as UTF-8 and send it again.")
    if not all(names):
        raise BadTable(f"Column {names.index('') + 1} has no name: give every column one.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadTable(f"Two columns are named {twice[:60]}: give every column a name of its own.")


# --- out --------------------------------------------------------------------------------------------------------------
PLAIN = (
    "item",
    "external_id",
    "file_name",
    "text",
    "decision",
    "confidence_ppm",
    "agreement_ppm",
    "answers_used",
    "sure",
)
TAIL = ("source", "method", "inputs_hash", "decided_at", "units")
_SCALARS = {"choice": "label", "text": "text"}


def write(frozen: Frozen) -> Iterator[bytes]:
    """A row for each row that was sent, metadata as columns: rows of the same content follow their item, with its answer.
    Reads the release twice: once for the names of the columns."""
    keys = _metadata_keys(_rows(frozen))
    scalar = _SCALARS.get(frozen.task_type)
    buffer = io.StringIO()
    out = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write("\ufeff")
    out.writerow([harmless(name) for name in (*PLAIN, *(f"metadata.{key}" for key in keys), *TAIL)])
    for count, line in enumerate(_rows(frozen), 1):
        out.writerow([_cell(value) for value in _values(line, keys, scalar)])
        if count % BLOCK_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _rows(frozen: Frozen) -> Iterator[dict]:
    for line in frozen.rows():
        yield line
        for other in line.get("other_rows", ()):
            media = line["media"] and {**line["media"], "file_name": other["file_name"]}
            yield {**line, "external_id": other["external_id"], "media": media, "metadata": other["metadata"]}


def _metadata_keys(lines: Iterator[dict]) -> list[str]:
    keys: dict[str, None] = {}
    for line in lines:
        if not keys.keys() >= line["metadata"].keys():
            keys.update(dict.fromkeys(line["metadata"]))
        if len(keys) > METADATA_COLUMNS:
            break
    return list(keys)[:METADATA_COLUMNS]


def _values(line: dict, keys: list[str], scalar: str | None) -> list:
    decision = line["decision"]
    file_name = (line["media"] or {}).get("file_name")
    flat = {**line, "decision": decision[scalar] if scalar else decision, "file_name": file_name}
    return [
        *(flat.get(name) for name in PLAIN),
        *(line["metadata"].get(key) for key in keys),
        *(flat.get(name, line["provenance"].get(name)) for name in TAIL),
    ]


def _cell(value) -> str:
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else harmless_json(value)
