from __future__ import annotations

import re
from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.own import CONTRIBUTOR
from labelling.formats.squad.write import BETWEEN
from labelling.task_types.drawing import Span
from labelling.task_types.label_names import names_in

COLUMNS = ("system", "doc", "doc_id", "seg_id", "rater", "source", "target", "category", "severity")
NO_ERROR = ("No-error", "no-error")
_LABEL = re.compile(r"(.*\S)\s*\(([^()]+)\)\Z", re.DOTALL)
_BLANK = str.maketrans("\t\r\n", "   ")
_SIGNS = re.compile(r"<(/?v)>")


def write(frozen: Frozen) -> Iterator[bytes]:
    """A text that nobody has decided is left out: without errors it would say that there are none."""
    yield ("\t".join(COLUMNS) + "\n").encode()
    for row in frozen.rows():
        if row["decision"] is not None:
            yield "".join(_lines(frozen, row)).encode()


def _lines(frozen: Frozen, row: dict) -> Iterator[str]:
    text, names, given = row["text"] or "", names_in(row["decision"]), row.get("metadata") or {}
    source, parting, target = text.partition(BETWEEN)
    halves = [(0, source), (len(source) + len(parting), target)] if parting else [(0, ""), (0, text)]
    otherwise = {
        "system": frozen.title,
        "doc": row["external_id"] or str(row["item"]),
        "doc_id": "1",
        "seg_id": row["item"],
    }
    place = [str(given.get(name, value)) for name, value in otherwise.items()]
    spans = sorted((one for one in frozen.shapes(row) if isinstance(one, Span)), key=lambda one: (one.start, one.end))
    for span in spans:
        marked = [_marked(half, span.start - at, span.end - at) for at, half in halves]
        yield _line([*place, CONTRIBUTOR, *marked, *_error(names[span.label])])
    if not spans:
        yield _line([*place, CONTRIBUTOR, *(_plain(half) for _, half in halves), *NO_ERROR])


def _line(cells: list[str]) -> str:
    """A sign for a sign, so that errors stay where they are."""
    return "\t".join(cell.translate(_BLANK) for cell in cells) + "\n"


def _error(label: str) -> tuple[str, str]:
    """Category and severity, as the label names them."""
    found = _LABEL.match(label)
    return (found[1], found[2]) if found else (label, "")


def _marked(half: str, start: int, end: int) -> str:
    """What lies of the error in this half, between its signs."""
    start, end = max(start, 0), min(end, len(half))
    if start >= end:
        return _plain(half)
    return f"{_plain(half[:start])}<v>{_plain(half[start:end])}</v>{_plain(half[end:])}"


def _plain(text: str) -> str:
    """The format's own signs in a text would mark what nobody has marked."""
    return _SIGNS.sub(r"‹\1›", text)
