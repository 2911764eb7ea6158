from __future__ import annotations

import html
from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.stretches import Recording, a_file_each, one_line, stamp


def write(frozen: Frozen) -> Iterator[bytes]:
    return a_file_each(frozen, "vtt", _cues)


def _cues(one: Recording) -> str:
    """In the order of their starts, as the standard has it. A sign that would be markup is written as its name."""
    cues = (
        f"{number}\n{stamp(drawn.start_ms, '.')} --> {stamp(drawn.end_ms, '.')}\n{html.escape(one_line(name), quote=False)}\n"
        for number, (drawn, name) in enumerate(one.ranges, 1)
    )
    return "\n".join(["WEBVTT\n", *cues])
