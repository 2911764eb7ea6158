from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from labelling.formats.frozen import Frozen
from labelling.formats.tokens import tokens
from labelling.task_types.drawing import Span
from labelling.task_types.label_names import names_in

DOCUMENT = "-DOCSTART- -X- -X- O"


# What a word of a mark is called that is all of it, its first, its last, another one.
SCHEMES = {"IOB1": "IIII", "IOB2": "BBII", "IOE2": "EIEI", "IOBES": "SBEI", "BILOU": "UBLI"}


def writer(scheme: str) -> Callable[[Frozen], Iterator[bytes]]:
    return lambda frozen: _texts(frozen, scheme)


def _texts(frozen: Frozen, scheme: str) -> Iterator[bytes]:
    """A text that nobody has decided is left out: without marks it would say that nothing is there."""
    for row in frozen.rows():
        if row["decision"] is not None:
            names = {label: _tag(name) for label, name in names_in(row["decision"]).items()}
            lines = _lines(row["text"] or "", frozen.shapes(row), names, scheme)
            yield f"{DOCUMENT}\n\n{''.join(lines)}\n".encode()


def _tag(name: str) -> str:
    return re.sub(r"\s+", "_", name)


def _lines(text: str, spans: Sequence[Span], names: dict[str, str], scheme: str) -> Iterator[str]:
    """Line ends of the text part sentences."""
    kept = one_a_place(spans)
    words = tokens(text, [at for span in kept for at in (span.start, span.end)])
    over = [next((span for span in kept if span.start <= start < span.end), None) for start, _ in words]
    before = 0
    for (start, end), last, span, following in zip(words, [None, *over], over, [*over[1:], None], strict=False):
        if "\n" in text[before:start]:
            yield "\n"
        yield f"{text[start:end]} -X- _ {_position(last, span, following, names, scheme)}\n"
        before = end


def _position(before: Span | None, span: Span | None, behind: Span | None, names: dict[str, str], scheme: str) -> str:
    """The tag of a word in `span`, between words in the other two."""
    if span is None:
        return "O"
    first, last = span is not before, span is not behind
    letter = SCHEMES[scheme][0 if first and last else 1 if first else 2 if last else 3]
    if scheme == "IOB1" and first and before is not None and names[before.label] == names[span.label]:
        letter = "B"  # only there does it tell that another one begins
    return f"{letter}-{names[span.label]}"


def one_a_place(spans: Sequence[Span]) -> list[Span]:
    """The longer ones first, of what they cover nothing else."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start, one.label)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)
