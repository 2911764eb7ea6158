from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from labelling.formats.frozen import Frozen
from labelling.formats.tokens import tokens
from labelling.task_types.drawing import Span
from labelling.task_types.label_names import names_in

DOCUMENT = "-DOCSTART- -X- -X- O"


def write(frozen: Frozen) -> Iterator[bytes]:
    """A text that nobody has decided is left out: without marks it would say that nothing is there."""
    for row in frozen.rows():
        if row["decision"] is not None:
            names = {label: _tag(name) for label, name in names_in(row["decision"]).items()}
            lines = _lines(row["text"] or "", frozen.shapes(row), names)
            yield f"{DOCUMENT}\n\n{''.join(lines)}\n".encode()


def _tag(name: str) -> str:
    return re.sub(r"\s+", "_", name)


def _lines(text: str, spans: Sequence[Span], names: dict[str, str]) -> Iterator[str]:
    """Line ends of the text part sentences."""
    kept = one_a_place(spans)
    starts = {span.start for span in kept}
    before = 0
    for start, end in tokens(text, [at for span in kept for at in (span.start, span.end)]):
        if "\n" in text[before:start]:
            yield "\n"
        over = next((span for span in kept if span.start <= start < span.end), None)
        tag = "O" if over is None else f"{'B' if start in starts else 'I'}-{names[over.label]}"
        yield f"{text[start:end]} -X- _ {tag}\n"
        before = end


def one_a_place(spans: Sequence[Span]) -> list[Span]:
    """The longer ones first, of what they cover nothing else."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start, one.label)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)
