"""Each process promises, in a file of its own, when it will be heard of next. The supervisor replaces who breaks a promise.

A file and the machine's steady clock: it costs no database, no Redis and no request, and works while those are away. Without a
supervisor (ILIMA_PULSE is not set) nobody listens and nothing is written.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

EVERY_S = 2
WITHIN_S = 20  # a machine that does other things, too, may be late


def promise(within_s: float, what: str = "thread") -> None:
    folder = os.environ.get("ILIMA_PULSE")
    if not folder:
        return
    with suppress(OSError):  # a full disk is no reason to stop; the supervisor sees a promise that was not renewed
        (Path(folder) / f"{os.getpid()}-{what}").write_text(str(time.monotonic() + within_s))


def start() -> None:
    """A thread that promises as long as this process gets any time at all."""
    if os.environ.get("ILIMA_PULSE"):
        threading.Thread(target=_beat, name="pulse", daemon=True).start()


def _beat() -> None:
    while True:
        promise(WITHIN_S)
        time.sleep(EVERY_S)


def broken(folder: Path) -> Iterator[tuple[int, str]]:
    """(pid, what) of every promise that was not kept."""
    now_s = time.monotonic()
    for path in folder.glob("*-*"):
        pid, _, what = path.name.partition("-")
        with suppress(OSError, ValueError):  # just being written, or just gone
            if float(path.read_text()) < now_s:
                yield int(pid), what


def forget(folder: Path, pid: int) -> None:
    for path in folder.glob(f"{pid}-*"):
        path.unlink(missing_ok=True)
