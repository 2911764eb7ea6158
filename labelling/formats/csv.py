"""CSV in (any delimiter of , ; tab |) and CSV out (comma, all cells quoted, RFC 4180, UTF-8 with its mark for spreadsheets)."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from labelling import task_types
from labelling.formats.cells import harmless, harmless_json, json_cell
from labelling.formats.column_names import SURE_NAMES, is_column_name
from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.frozen import Frozen
from labelling.formats.rows import COLUMNS, ROW_BYTES, BadTable, Note, Refused, Row
from labelling.task_types.task_type import TaskType

DELIMITERS = ",;\t|"
INDEX, ONLY = "Unnamed: 0", "column 1"
METADATA_COLUMNS = 100
BLOCK_ROWS = 500
LOOKED_AT, HEADER_LINES = 10, 20
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

    def give_back_all_but_first(self) -> None:
        self.give_back(1)

    def give_back(self, keep: int = 0) -> None:
        rest = self.taken[keep:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.taken = self.taken[:keep]

    def ahead(self, count: int) -> list[str]:
        """The next lines, which are read again afterwards."""
        before = len(self.taken)
        found = list(islice(self, count))
        self.give_back(before)
        return found


def read(path: Path, encoding: str = "", header: bool | None = None) -> Iterator[Row | Refused]:
    """Rows as dicts by the header: the first row, unless `header` is False. A quote that is never closed spoils its own line
    only, not those behind it."""
    with open_text(path, encoding=encoding) as file:
        lines = _Lines(bounded_lines(file, ROW_BYTES))
        first, delimiter, note = _header(lines, header)
        names = _as_wide_as_the_rows(first, lines, delimiter)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            lines.taken.clear()
            first_line = lines.number + 1
            try:
                cells = next(reader)
                if len(cells) == len(names) + 1 and not cells[-1]:
                    cells.pop()  # a sign at the end of every row parts nothing
                fault = (
                    _fault(cells, names) if max(map(len, lines.taken)) <= ROW_BYTES else ("row", _csv_sentence("limit"))
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
                row = Row(number, f"line {first_line}", dict(zip(names, cells, strict=True)))
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


def _header(lines: _Lines, given: bool | None) -> tuple[list[str], str, Note | None]:
    """The column names, the delimiter, and what is to be said of them; from the first row that is not blank."""
    delimiter = _delimiter(lines)
    lines.taken.clear()
    names = [name.strip() for name in _first_record(lines, delimiter)]
    if given is False:
        lines.give_back()
        return made_names(len(names)), delimiter, None
    if len(names) > 1 or given or names[0].lower() in SURE_NAMES:
        return own_names(names), delimiter, None
    if is_column_name(names[0]):
        said = ("header", f"The first line, {names[0][:60]}, was taken as the name of the column.")
        return own_names(names), delimiter, said
    lines.give_back()
    say = "The file has one column without a name, so its first line is an item. Is it a name? Call the column text."
    return [ONLY], delimiter, ("header", say)


def _first_record(lines: _Lines, delimiter: str) -> list[str]:
    """The cells of the first row, whose names may go over several lines; of its first line alone where a quote stays open."""
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        cells = None
    if cells is None or len(lines.taken) > HEADER_LINES:
        lines.give_back_all_but_first()
        cells = next(csv.reader(lines.taken, delimiter=delimiter), [""])
    return cells or [""]


def _delimiter(lines: _Lines) -> str:
    """Named in a line `sep=;` before the first row; else the most frequent sign that parts the next rows as it does the first.
    Before the first row that is not blank."""
    while (first := lines.ahead(1)) and not first[0].strip():
        next(lines)
    if not first:
        raise BadTable("The file has no rows.")
    if said := _SEP.fullmatch(first[0].strip()):
        next(lines)
        return said[1].replace("\\t", "\t") or "\t"
    top, *others = lines.ahead(LOOKED_AT)
    signs = sorted(filter(top.count, DELIMITERS), key=lambda sign: -_count_outside_quotes(top, sign))
    return next((sign for sign in signs if parts_alike([top, *others], sign)), signs[0] if signs else DELIMITERS[0])


def parts_alike(lines: list[str], sign: str) -> bool:
    """Whether the sign parts at least half of the lines into as many cells as the first, and that into more than one."""
    wanted, *found = (_count_outside_quotes(line, sign) for line in lines)
    return wanted > 0 and 2 * found.count(wanted) >= len(found)


def _as_wide_as_the_rows(header: list[str], lines: _Lines, delimiter: str) -> list[str]:
    """R names one column less than its rows have: the first, their numbers."""
    try:
        rows = [row for row in csv.reader(lines.ahead(LOOKED_AT), delimiter=delimiter) if any(row)]
    except csv.Error:  # a cell that is too long: it is refused in its turn
        return header
    if rows and len(header) > 1 and all(len(row) == len(header) + 1 and row[-1] for row in rows[:-1] or rows):
        return [INDEX, *header]
    return header


def _count_outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def made_names(count: int) -> list[str]:
    return [f"column {number}" for number in range(1, count + 1)]


def own_names(names: list[str]) -> list[str]:
    """A name of its own for every column: what has none is called by its place, a second of a name by its number."""
    if len(names) > COLUMNS:
        raise BadTable(f"The table has {len(names)} columns: at most {COLUMNS} are taken.")
    if not all(is_clean(name) and "\0" not in name for name in names):
        raise BadTable("The header is not UTF-8: save the file as UTF-8 and send it again.")
    taken: dict[str, None] = {}
    for place, name in enumerate(names):
        own = name or (INDEX if place == 0 and len(names) > 1 else f"column {place + 1}")  # pandas' index has no name
        number = 1
        while own in taken:
            number += 1
            own = f"{name or 'column'} ({number})"
        taken[own] = None
    return list(taken)


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


def write_raw(frozen: Frozen) -> Iterator[bytes]:
    """For programs: each cell as it is."""
    return write(frozen, _as_it_is, mark="")


def write(frozen: Frozen, cell: Callable[[Any], str] | None = None, mark: str = "\ufeff") -> Iterator[bytes]:
    """For spreadsheets: what they would run has an apostrophe before it. A row for each row that was sent, metadata as columns: rows of
    the same content follow their item, with its answer. Reads the release twice: once for the names of the columns."""
    columns = Columns.of(frozen)
    buffer = io.StringIO()
    out = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write(mark)
    cell = cell or _cell
    out.writerow([cell(name) for name in columns.names()])
    for count, line in enumerate(lines_of(frozen), 1):
        out.writerow([cell(value) for value in columns.values(line)])
        if count % BLOCK_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def lines_of(frozen: Frozen) -> Iterator[dict]:
    """A line for each row that was sent."""
    for line in frozen.rows():
        yield line
        for other in line.get("other_rows", ()):
            media = line["media"] and {**line["media"], "file_name": other["file_name"]}
            yield {**line, "external_id": other["external_id"], "media": media, "metadata": other["metadata"]}


class Columns:
    """Which columns the lines of a release fill: those of every release, what a type's answers say in columns of their own, and what
    stood beside the items."""

    def __init__(self, kind: TaskType):
        self.kind = kind
        self._said: dict[str, None] = {}
        self._metadata: dict[str, None] = {}
        self._plain: tuple[str, ...] = PLAIN

    @classmethod
    def of(cls, frozen: Frozen) -> Columns:
        columns = cls(task_types.get(frozen.task_type))
        for line in lines_of(frozen):
            columns.see(line)
        return columns

    def see(self, line: dict) -> None:
        self._said.update(dict.fromkeys(self._says(line)))
        if "parts" in line:
            self._plain = (*PLAIN, "parts")
        if len(self._metadata) <= METADATA_COLUMNS and not self._metadata.keys() >= line["metadata"].keys():
            self._metadata.update(dict.fromkeys(line["metadata"]))

    def names(self) -> list[str]:
        return [*self._plain, *self._said, *(f"metadata.{key}" for key in self._keys()), *TAIL]

    def values(self, line: dict) -> list:
        decision, scalar, said = line["decision"], self.kind.scalar, self._says(line)
        file_name = (line["media"] or {}).get("file_name")
        flat = {**line, "decision": decision[scalar] if scalar and decision else decision, "file_name": file_name}
        return [
            *(flat.get(name) for name in self._plain),
            *(said.get(name) for name in self._said),
            *(line["metadata"].get(key) for key in self._keys()),
            *(flat.get(name, line["provenance"].get(name)) for name in TAIL),
        ]

    def _keys(self) -> list[str]:
        return list(self._metadata)[:METADATA_COLUMNS]

    def _says(self, line: dict) -> dict[str, Any]:
        of = self.kind.columns_of
        said = of(line["decision"]) if of and line["decision"] else {}
        return {**said, "score": line["score"]} if "score" in line else said


def _as_it_is(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json_cell(value)


def _cell(value) -> str:
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else harmless_json(value)
