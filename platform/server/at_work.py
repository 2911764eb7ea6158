"""When somebody last worked, for all web processes of this machine: who works in one is worked beside by the strangers in another.

One number of the machine's steady clock, in a page of memory that a file lends. Each request writes it, and that costs nothing.
"""

from __future__ import annotations

import logging
import mmap
from pathlib import Path

log = logging.getLogger(__name__)
BYTES = 8  # a float


class AtWork:
    def __init__(self, path: Path | None = None) -> None:
        """Without a path, or where none can be written: of this process alone."""
        self._last_s = memoryview(_page(path)).cast("d")

    def note(self, now_s: float) -> None:
        self._last_s[0] = now_s

    def within(self, seconds: float, now_s: float) -> bool:
        """A time that lies ahead was left by a machine that has started anew since, or by a process that was quicker than this one."""
        return abs(now_s - self._last_s[0]) < seconds


def _page(path: Path | None) -> mmap.mmap:
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a+b") as file:
                if file.tell() < BYTES:
                    file.write(bytes(BYTES))  # written, not only made long: a disk that is full says so here
                    file.flush()
                return mmap.mmap(file.fileno(), BYTES)
        except OSError as refused:
            log.warning("each web process knows only its own people at work: %s", refused)
    return mmap.mmap(-1, BYTES)
