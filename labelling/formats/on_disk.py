"""What other parts of a file or other files of one zip refer to, kept on the disk while they are read: memory does not grow with it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

_STRAYS = """
SELECT count(*) - coalesce(sum(EXISTS (SELECT 1 FROM said AS other WHERE other.heap = ? AND other.name = said.name)), 0), count(*)
  FROM said WHERE heap = ?
"""


class OnDisk:
    """Values of JSON by their names; of a name that comes twice the first holds."""

    def __init__(self, held: sqlite3.Connection) -> None:
        self._held = held
        self._held.execute("CREATE TABLE said (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")

    def keep(self, said: Iterable[tuple[str, Any]]) -> None:
        self._held.execute("BEGIN")
        rows = ((name, orjson.dumps(value)) for name, value in said)
        self._held.executemany("INSERT OR IGNORE INTO said VALUES (?, ?)", rows)
        self._held.execute("COMMIT")

    def get(self, name: str) -> Any:
        """None where nothing has that name."""
        found = self._held.execute("SELECT value FROM said WHERE name = ?", (name,)).fetchone()
        return orjson.loads(found[0]) if found else None


class Heaps:
    """JSON as it is written, several under a name: each heap in the order in which it came."""

    def __init__(self, held: sqlite3.Connection) -> None:
        self._held = held
        self._held.execute("CREATE TABLE said (heap TEXT, name BLOB, value TEXT)")

    def keep(self, said: Iterable[tuple[str, Any, str]]) -> None:
        """(heap, name or None, as it is written) of each; once, before anything is asked."""
        self._held.execute("BEGIN")
        rows = ((heap, _key(name), value) for heap, name, value in said)
        self._held.executemany("INSERT INTO said VALUES (?, ?, ?)", rows)
        self._held.execute("CREATE INDEX by_name ON said (heap, name)")
        self._held.execute("COMMIT")

    def each(self, heap: str) -> Iterator[Any]:
        found = self._held.execute("SELECT value FROM said WHERE heap = ? ORDER BY rowid", (heap,))
        return (json.loads(value) for (value,) in found)

    def of(self, heap: str, name: Any) -> list[Any]:
        asked = "SELECT value FROM said WHERE heap = ? AND name = ? ORDER BY rowid"
        return [json.loads(value) for (value,) in self._held.execute(asked, (heap, _key(name)))]

    def strays(self, heap: str, whole: str) -> tuple[int, int]:
        """How many values of a heap have a name that no value of the other has, and how many there are."""
        lost, every = self._held.execute(_STRAYS, (whole, heap)).fetchone()
        return lost, every


def _key(name: Any) -> bytes | None:
    """Numbers and texts that are written alike are one name; half a sign is one, too."""
    return None if name is None else str(name).encode("utf-8", "surrogatepass")


@contextmanager
def on_disk() -> Iterator[OnDisk]:
    with _database() as held:
        yield OnDisk(held)


@contextmanager
def heaps() -> Iterator[Heaps]:
    with _database() as held:
        yield Heaps(held)


@contextmanager
def _database() -> Iterator[sqlite3.Connection]:
    with TemporaryDirectory(prefix="ilima-import-") as folder:
        # Rows are looked at in one thread and read on in another (labelling/data/ahead.py), never in both at once.
        held = sqlite3.connect(Path(folder) / "said", isolation_level=None, check_same_thread=False)
        try:
            held.execute("PRAGMA journal_mode = OFF")
            held.execute("PRAGMA synchronous = OFF")  # nothing is kept once it is read
            yield held
        finally:
            held.close()
