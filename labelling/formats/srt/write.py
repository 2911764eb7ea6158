from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.stretches import Recording, a_file_each, one_line, stamp


def write(frozen: Frozen) -> Iterator[bytes]:
    return a_file_each(frozen, "srt", _cues)


def _cues(one: Recording) -> str:
    return "\n".join(
        f"{number}\n{stamp(drawn.start_ms, ',')} --> {stamp(drawn.end_ms, ',')}\n{one_line(name)}\n"
        for number, (drawn, name) in enumerate(one.ranges, 1)
    )
