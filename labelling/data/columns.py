"""What the columns of a table mean. Where that is not plain, nothing is imported: the first rows are shown, with a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from labelling.data.foreign_parts import reader_of
from labelling.data.reading import MAIN, ONCE, PART_COLUMNS, Reading, main_of, part_role
from labelling.data.tables import Table
from labelling.formats import own
from labelling.formats.column_names import is_column_name
from labelling.formats.csv import INDEX, made_names
from labelling.formats.rows import BadTable, Refused, Row
from labelling.formats.stated import Statements

LOOKED_AT, SHOWN, SIGNS = 20, 5, 120  # rows; of them, values of a column; signs of a value
ADDRESSES = (
    "This project takes texts, and the table holds addresses or names of files: send the texts that stand there."
)
_MEDIA_FILE = re.compile(
    r"(?i).*\.(jpe?g|png|webp|gif|tiff?|bmp|avif|heic|jp2|mp3|wav|ogg|opus|flac|m4a|aac|aiff?|mp4|mov|webm|pdf)\Z"
)
_NUMBER = re.compile(r"[\d\s.,:/+%-]*\d[\d\s.,:/+%-]*(e[+-]?\d+)?")
_IDS = ("id", "_id", "uuid", "guid", "key", "nr", "no", "number", "index")
_NUMBERED = re.compile(r" \(\d+\)\Z")
LONG_SIGNS = 60
Is = Callable[[Any], bool]


class Asked(Exception):
    """The sender must say what the columns mean: `proposal` is what she is shown."""

    def __init__(self, proposal: dict):
        super().__init__("The columns must be said.")
        self.proposal = proposal


@dataclass
class Plan:
    """Which cell of a row means what; the others are metadata, but for those that are ignored."""

    meant: list[tuple[str, str]]  # (role, name of the column)
    ignored: frozenset[str]
    ours: bool = False  # the table is one that Ilima wrote: what it names is looked for here first


def with_meaning(table: Table, medium: str, reading: Reading, names_file: Is | None = None, is_label: Is | None = None):
    """The rows, each with what its columns mean. Raises Asked, or BadTable for a table that cannot be meant."""
    first = list(islice(table.rows, LOOKED_AT))
    cells = [row.cells for row in first if isinstance(row, Row)]
    _note(first, table)
    if medium == "parts" and cells and (read := reader_of(cells)):
        first, table.rows, table.says_meaning = list(map(read, first)), map(read, table.rows), True
        cells = [row.cells for row in first if isinstance(row, Row)]
    if cells and _is_own(cells, table):
        return _own_rows(first, table, medium, reading, beside_files=names_file is not None)
    if table.says_meaning or not cells:
        return _rows(first, table.rows, None)
    columns = _columns(cells)
    if set(reading.columns.values()) & set(main_of(medium)):
        return _rows(first, table.rows, _plan(dict(reading.columns), columns, table))
    roles, sure = _guess(columns, medium, names_file or (lambda _: False), is_label or (lambda _: False))
    if reading.ask or not (sure and table.sure):
        raise Asked(_proposal(columns, roles, table))
    if medium == "text" and _all(_is_address, columns[_main(roles, medium)]):
        raise BadTable(ADDRESSES)
    said_otherwise = sure and not _named_as_meant(columns, medium)
    return _rows(first, table.rows, _plan(roles, columns, table) if said_otherwise else None)


def _rows(first: list, rest: Iterator[Row | Refused], plan: Plan | None) -> Iterator[Row | Refused]:
    for rows in (first, rest):
        for row in rows:
            if isinstance(row, Row):
                row.plan = plan
            yield row


# --- files that we wrote ----------------------------------------------------------------------------------------------
def _is_own(cells: list[dict], table: Table) -> bool:
    if table.says_meaning:
        return any(own.DECISION in one or own.GUESS in one for one in cells)
    return own.is_own(cells[0])


def _own_rows(
    first: list, table: Table, medium: str, reading: Reading, *, beside_files: bool
) -> Iterator[Row | Refused]:
    """Every column is known. What the labels become is asked, unless it was said: COCO beside its pictures states what is true, and
    answers of which others would be as right nowhere."""
    role = reading.columns.get(own.DECISION) or ("gold" if _is_plain(first, table, beside_files) else None)
    if role is None or reading.ask:
        values = (
            [row.cells.get(own.DECISION) for row in first if isinstance(row, Row)] if not table.says_meaning else []
        )
        column = _shown(own.DECISION, [value for value in values if value not in (None, "")], role or own.ROLES[0])
        raise Asked({"columns": [column], "roles": own.ROLES, "header": None, "encoding": "", "shape": table.shape})
    main = {"text": "text", "parts": "parts"}.get(medium, "file")
    meant = [("id", "id"), (main, main)]
    meant += [(role, own.DECISION), ("confidence_ppm", "confidence_ppm")] if role in ("gold", "suggestion") else []
    meant += [("suggestion", own.GUESS)] if role != "suggestion" else []
    plan = Plan(meant, frozenset((own.DECISION, own.GUESS, "confidence_ppm")), ours=True)
    return _planned(chain(first, table.rows), table, medium, plan)


def _is_plain(first: list, table: Table, beside_files: bool) -> bool:
    """Whether nothing need be asked: beside its files a table states what is true, and guesses of a model are guesses."""
    decided = [row.cells[own.DECISION] for row in first if isinstance(row, Row) and own.DECISION in row.cells]
    free = any(isinstance(said, Statements) and said.free for said in decided)
    return table.says_meaning and not free and (beside_files or not decided)


def _planned(rows: Iterator[Row | Refused], table: Table, medium: str, plan: Plan) -> Iterator[Row | Refused]:
    for_spreadsheets = table.shape == "csv" and table.encoding in ("utf-8-sig", "")  # its mark, or a workbook of it
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        for one in [row] if table.says_meaning else own.rows_of(row, medium, for_spreadsheets):
            one.plan = plan
            yield one


def _note(first: Sequence[Row | Refused], table: Table) -> None:
    row = next((row for row in first if isinstance(row, Row)), None)
    if row is not None and table.notes:
        row.remarks += table.notes


def _columns(cells: list[dict]) -> dict[str, list]:
    """The values of each column in the first rows, blank ones left out."""
    names = dict.fromkeys(str(name) for row in cells for name in row)
    return {name: [row[name] for row in cells if row.get(name) not in (None, "")] for name in names}


def _plan(said: dict, columns: dict[str, list], table: Table) -> Plan:
    missing = [name for name in said if name not in columns]
    if missing and (table.header is not None or not set(said) & set(columns)):
        raise Asked(_proposal(columns, {}, table) | {"missing": missing[:10]})
    meant = [(role, name) for name, role in said.items() if role not in ("metadata", "ignore")]
    return Plan(meant, frozenset(name for name, role in said.items() if role == "ignore"))


# --- the guess --------------------------------------------------------------------------------------------------------
def _guess(columns: dict[str, list], medium: str, names_file: Is, is_label: Is) -> tuple[dict[str, str], bool]:
    """What each column means, and whether that is plain: it is named as we name it, it is the only one, or its values are
    the files that came along and no other column may be the truth."""
    if medium == "parts":
        return _guess_parts(columns)
    roles = {name: role for name in columns if (role := _by_name(name, medium))}
    wanted = main_of(medium)
    if set(wanted) & set(roles.values()):
        return _filled(columns, roles), not _twice(columns)
    if len(columns) == 1:
        return {next(iter(columns)): wanted[0]}, True
    files = [name for name, values in columns.items() if values and all(map(names_file, values))]
    if medium != "text" and files:
        truths = [name for name, values in columns.items() if values and all(map(is_label, values))]
        return _filled(columns, roles | {files[0]: "file"}), not truths
    main = _text_column(columns) if medium == "text" else _file_column(columns)
    if main is None and medium == "text" and any(_all(_is_address, values) for values in columns.values()):
        raise BadTable(ADDRESSES)
    return _filled(columns, roles | (main or {})), False


# How those call their columns who let models answer.
_CALLED = {
    "candidate": (
        "response",
        "answer",
        "completion",
        "output",
        "chosen",
        "rejected",
        "model",
        "caption",
        "image",
        "picture",
    ),
    "prompt": ("question", "instruction", "query", "input", "task"),
}


def _guess_parts(columns: dict[str, list]) -> tuple[dict[str, str], bool]:
    """Plain where columns are named as we name parts; else those that models' answers are usually called, and she is asked."""
    roles = {name: role for name in columns if (role := _by_name(name, "parts"))}
    if set(main_of("parts")) & set(roles.values()):
        return _filled(columns, roles), True
    usual = {
        name: role for role, starts in _CALLED.items() for name in columns if name.strip().lower().startswith(starts)
    }
    return _filled(columns, usual | roles), False


def _named_as_meant(columns: dict[str, list], medium: str) -> bool:
    """Then the checker of rows finds them by their names, in every row anew."""
    return len(columns) == 1 or any(_by_name(name, medium) in main_of(medium) for name in columns)


def _by_name(name: str, medium: str) -> str:
    if medium == "parts":
        return "gold" if (role := part_role(name)) == "truth" else role
    key = name.strip().lower()
    return key if key in (*main_of(medium), *ONCE) else "gold" if key == "truth" else ""


def _twice(columns: dict[str, list]) -> bool:
    """Whether two columns have a name of ours, in whatever case: which of them is meant, is not plain."""
    keys = [_NUMBERED.sub("", name.strip().lower()) for name in columns]
    return any(keys.count(key) > 1 for key in (*MAIN["text"], *MAIN["media"], *ONCE))


def _filled(columns: dict[str, list], roles: dict[str, str]) -> dict[str, str]:
    """With an id, if one looks like it; what is empty or counts the rows of a program is ignored."""
    if "id" not in roles.values():
        ids = (name for name in columns if name not in roles and _is_id(name, columns[name]))
        roles |= dict.fromkeys(islice(ids, 1), "id")
    once: dict[str, str] = {}
    for name in columns:
        role = roles.get(name) or ("ignore" if name == INDEX or not columns[name] else "metadata")
        often = role in ("metadata", "ignore", *PART_COLUMNS)
        once[name] = role if often or role not in once.values() else "metadata"
    return once


def _is_id(name: str, values: list) -> bool:
    key = name.strip(" .:#").lower()
    named = key in _IDS or key.endswith(("_id", " id")) or name.endswith("Id")
    return named and len({str(value) for value in values}) == len(values) > 0


def _text_column(columns: dict[str, list]) -> dict[str, str] | None:
    """The column of words that is named like one, or has the longest."""
    words = {name: values for name, values in columns.items() if values and all(isinstance(v, str) for v in values)}
    words = {
        n: v for n, v in words.items() if not any(_all(is_so, v) for is_so in (_is_address, _is_number, is_media_file))
    }
    if not words:
        return None
    best = max(words, key=lambda name: (is_column_name(name), sum(map(len, words[name])) / len(words[name])))
    return {best: "text"}


def _file_column(columns: dict[str, list]) -> dict[str, str] | None:
    for is_so, role in ((is_media_file, "file"), (_is_address, "url")):
        if name := next((name for name, values in columns.items() if _all(is_so, values)), None):
            return {name: role}
    return None


def _all(is_so: Is, values: list) -> bool:
    return bool(values) and all(map(is_so, values))


def _is_address(value: Any) -> bool:
    return (
        isinstance(value, str) and value.strip().lower().startswith(("http://", "https://")) and len(value.split()) == 1
    )


def is_media_file(value: Any) -> bool:
    return isinstance(value, str) and bool(_MEDIA_FILE.match(value.strip())) and not _is_address(value)


def _is_number(value: Any) -> bool:
    return not isinstance(value, str) or bool(_NUMBER.fullmatch(value.strip().lower()))


def _main(roles: dict[str, str], medium: str) -> str:
    wanted = main_of(medium)
    return next(name for name, role in roles.items() if role in wanted)


# --- what is shown ----------------------------------------------------------------------------------------------------
def _proposal(columns: dict[str, list], roles: dict[str, str], table: Table) -> dict:
    header = table.header
    if header and len(columns) > 1 and any(map(_is_no_name, columns)):  # a first row like the others
        shown = dict(zip(made_names(len(columns)), ([name, *values] for name, values in columns.items()), strict=True))
        roles = {made: roles.get(name, "") for made, name in zip(shown, columns, strict=True)}
        columns, header = shown, False
    return {
        "columns": [_shown(name, values, roles.get(name) or "metadata") for name, values in columns.items()],
        "header": header,
        "encoding": table.encoding,
        "shape": table.shape,
    }


def _is_no_name(name: str) -> bool:
    return len(name) > LONG_SIGNS or _is_address(name) or is_media_file(name) or _is_number(name)


def _shown(name: str, values: list, role: str) -> dict:
    return {"name": name, "role": role, "values": [_short(value) for value in values[:SHOWN]]}


def _short(value: Any) -> str:
    said = " ".join(str(value).replace("\0", "").encode("utf-8", "replace").decode().split())
    return said if len(said) <= SIGNS else f"{said[:SIGNS]}…"
