from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.stretches import Recording, one_line, recordings
from labelling.formats.zips import zipped


def write(frozen: Frozen) -> Iterator[bytes]:
    """A sound in which nothing is has no file: an empty one could be anybody's."""
    files = ((f"{one.stem}.txt", _labels(one).encode()) for one in recordings(frozen) if one.ranges)
    return zipped(files)


def _labels(one: Recording) -> str:
    lines = (
        f"{drawn.start_ms / 1000:.6f}\t{drawn.end_ms / 1000:.6f}\t{one_line(name)}\n" for drawn, name in one.ranges
    )
    return "".join(lines)
