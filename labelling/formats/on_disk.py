"""What other files of one zip refer to, kept on the disk while they are read: memory does not grow with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson


class OnDisk:
    """Values of JSON by their names; of a name that comes twice the first holds."""

    def __init__(self, path: Path) -> None:
        self._held = sqlite3.connect(path, isolation_level=None)
        self._held.execute("PRAGMA journal_mode = OFF")
        self._held.execute("PRAGMA synchronous = OFF")  # nothing is kept once it is read
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

    def close(self) -> None:
        self._held.close()


@contextmanager
def on_disk() -> Iterator[OnDisk]:
    with TemporaryDirectory(prefix="ilima-import-") as folder:
        held = OnDisk(Path(folder) / "said")
        try:
            yield held
        finally:
            held.close()
