from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.stretches import Recording, recordings


def write(frozen: Frozen) -> Iterator[bytes]:
    for one in recordings(frozen):
        yield "".join(_lines(one)).encode()


def _lines(one: Recording) -> Iterator[str]:
    for drawn, name in one.ranges:
        onset, long = drawn.start_ms / 1000, (drawn.end_ms - drawn.start_ms) / 1000
        yield f"SPEAKER {_word(one.stem)} 1 {onset:.3f} {long:.3f} <NA> <NA> {_word(name)} <NA> <NA>\n"


def _word(name: str) -> str:
    """Blanks part the columns."""
    return "_".join(name.split())
