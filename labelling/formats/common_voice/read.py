from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.own import DECISION, GUESS
from labelling.formats.rows import ROW_BYTES, Refused, Row
from labelling.formats.stated import Statements
from labelling.task_types.drawing import Drawing

_NEEDED = frozenset({"client_id", "path", "sentence"})
_SAID = frozenset({"path", "sentence"})


def is_table(start: str) -> bool:
    return set(_cells(start.partition("\n")[0])) >= _NEEDED


def _cells(line: str) -> list[str]:
    return line.rstrip("\r\n").lstrip("\ufeff").split("\t")


def read(path: Path) -> Iterator[Row | Refused]:
    """A row a clip. A quote is a sign like any other: nothing in the format is put in quotes."""
    with open_text(path, newline="\n") as file:
        lines = enumerate(bounded_lines(file, ROW_BYTES), 1)
        names = _cells(next(lines, (1, ""))[1])
        filled = ((place, line) for place, line in lines if line.strip())
        for number, (place, line) in enumerate(filled, 1):
            yield _row(number, f"line {place}", names, _cells(line))


def _row(number: int, place: str, names: list[str], cells: list[str]) -> Row | Refused:
    if len(cells) > len(names) or len(cells) <= max(map(names.index, _SAID)):
        return Refused(number, place, "row", f"The line has {len(cells)} columns, the first one {len(names)}.")
    if not is_clean("".join(cells)) or "\0" in "".join(cells):
        return Refused(number, place, "row", NOT_UTF8)
    said = dict(zip(names, cells, strict=False))
    if not said["path"]:
        return Refused(number, place, "file", "The line names no clip.")
    more = {name: value for name, value in said.items() if value and name not in _SAID}
    return Row(number, place, {"file": said["path"], **_stated(said), "metadata": more})


def _stated(said: dict[str, str]) -> dict[str, Statements]:
    """What more people were for than against, or what nobody has confirmed yet."""
    if not said["sentence"].strip():
        return {}
    times = [said.get(name, "") for name in ("up_votes", "down_votes")]
    up, down = (int(one) if one.isascii() and one.isdigit() and len(one) < 9 else 0 for one in times)
    return {DECISION if up > down else GUESS: Statements((("sentence", Drawing(words=said["sentence"])),))}
