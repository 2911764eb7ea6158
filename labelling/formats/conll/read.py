"""CoNLL in: a text for each -DOCSTART-, or for each sentence where there is none; tags IOB1, IOB2, IOBES and BILOU, in the last column.

The file does not say what stood between its words: they are joined by one space, sentences by a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from labelling.formats.encodings import bounded_lines, find_encoding, open_text
from labelling.formats.rows import ROW_BYTES, Refused, Row
from labelling.task_types.drawing import Drawing, Span

LOOKED_AT = 20
_TAG = re.compile(r"O|[BIESLU]-\S+")
_BEGINS, _ENDS = ("B", "S", "U"), ("E", "L", "S", "U")


def is_table(start: str) -> bool:
    """At least two columns in every line but blank ones, the last of them a tag, and not all of one sign O."""
    lines = [line.split() for line in start.splitlines()[:LOOKED_AT]]
    if not start.endswith("\n"):
        lines = lines[:-1] or lines  # the last may be cut
    said = [line for line in lines if line and not line[0].startswith("#")]
    return len(said) > 1 and all(len(line) > 1 and _TAG.fullmatch(line[-1]) for line in said)


@dataclass
class _Text:
    """One text as it is put together, and its marks: [label, start, end]."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[list] = field(default_factory=list)
    _open: str = ""  # the label that the next word may go on with

    def line(self, parts: list[str]) -> None:
        """What is too long already is refused as a whole, and no more of it is held."""
        if self.length > ROW_BYTES:
            return
        token, tag = parts[0], parts[-1]
        self._add(token, "" if not self.parts or self.parts[-1] == "\n" else " ")
        position, _, label = tag.partition("-")
        if not label:
            self._open = ""
            return
        if position in _BEGINS or self._open != label:
            self.marks.append([label, self.length - len(token), self.length])
        else:
            self.marks[-1][2] = self.length
        self._open = "" if position in _ENDS else label

    def sentence(self) -> None:
        self._open = ""
        if self.parts and self.parts[-1] != "\n":
            self._add("\n", "")

    def _add(self, text: str, before: str) -> None:
        self.parts += [before, text] if before else [text]
        self.length += len(before) + len(text)

    @property
    def text(self) -> str:
        return "".join(self.parts).rstrip("\n")


def read(path: Path) -> Iterator[Row | Refused]:
    """Rows {"text", "gold"}: a text without a mark states that nothing is there."""
    with open_text(path, encoding=find_encoding(path).encoding) as file:
        by_document = any(line.startswith("-DOCSTART-") for line in bounded_lines(file, ROW_BYTES))
    with open_text(path, encoding=find_encoding(path).encoding) as file:
        for number, (line, one) in enumerate(_texts(bounded_lines(file, ROW_BYTES), by_document), 1):
            place = f"line {line}"
            if len(one.text) > ROW_BYTES:
                yield Refused(number, place, "text", f"The text is longer than {ROW_BYTES:,} characters.")
            else:
                yield Row(
                    number, place, {"text": one.text, "gold": Drawing(shapes=[Span(*mark) for mark in one.marks])}
                )


def _texts(lines: Iterable[str], by_document: bool) -> Iterator[tuple[int, _Text]]:
    """(number of its first line, the text)"""
    one, first = _Text(), 1
    for number, line in enumerate(lines, 1):
        parts = line.split()
        ends = line.startswith("-DOCSTART-") if by_document else not parts
        if ends:
            if one.parts:
                yield first, one
            one, first = _Text(), number + 1
        elif not parts:
            one.sentence()
        elif not ((parts[0].startswith("#") and len(parts) == 1) or line.startswith("# ")) and len(parts) > 1:
            one.line(parts)
    if one.parts:
        yield first, one
