"""Make the next value while the last one is being used: reading a table overlaps with writing its rows."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

AHEAD = 2
T = TypeVar("T")


def ahead(values: Iterable[T]) -> Generator[T]:
    """The values, made in a thread of their own, at most AHEAD of them waiting. They must not touch the database."""
    ready: queue.Queue = queue.Queue(maxsize=AHEAD)
    stop = threading.Event()
    maker = threading.Thread(target=_make, args=(values, ready, stop), daemon=True)
    maker.start()
    try:
        while True:
            kind, value = ready.get()
            if kind == "end":
                return
            if kind == "failed":
                raise value
            yield value
    finally:
        stop.set()
        while maker.is_alive():  # it may wait for room: make room until it has seen that we stopped
            _drop(ready)
            maker.join(0.01)


def _make(values: Iterable, ready: queue.Queue, stop: threading.Event) -> None:
    last: tuple[str, BaseException | None] = ("end", None)
    try:
        for value in values:
            ready.put(("value", value))
            if stop.is_set():
                return
    except BaseException as failed:  # whatever it is, it belongs to the one who waits
        last = ("failed", failed)
    ready.put(last)


def _drop(ready: queue.Queue) -> None:
    try:
        ready.get_nowait()
    except queue.Empty:
        return
