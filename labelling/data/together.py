"""Files of a zip that are one table together, and the table that they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from intake import limits
from intake.errors import Unsafe
from labelling.data.files import Entry, Files
from labelling.data.tables import Table
from labelling.formats import FORMATS
from labelling.formats.format import Together
from labelling.formats.rows import BadTable

_KINDS = [(one, one.together) for one in FORMATS.values() if one.together]
_ENDINGS = tuple(f".{ending}" for _, one in _KINDS for ending in sorted(one.endings))


@dataclass(frozen=True)
class FoundTogether:
    name: str
    kind: Together
    entries: tuple[Entry, ...]

    def table(self, files: Files, folder: Path, others: list[str]) -> Table:
        """Raises BadTable for what cannot be opened."""
        paths: dict[str, Path] = {}
        left = limits.TABLE_BYTES
        for number, entry in enumerate(self.entries):
            path = paths[entry.name] = folder / f"together-{number}"
            try:
                files.copy(entry, path)
            except Unsafe as unsafe:
                raise BadTable(f"{entry.name[:80]}: {unsafe.message}") from unsafe
            left -= path.stat().st_size
            if left < 0:
                raise BadTable(f"The tables are larger than {limits.TABLE_BYTES // limits.MB} MB together: split them.")
        return Table(self.kind.read(paths, others), self.name, says_meaning=True)


def found_together(files: Files, found: list[Entry], medium: str) -> FoundTogether | None:
    entries = {entry.name: entry for entry in found if not entry.refused and entry.name.lower().endswith(_ENDINGS)}
    if len(entries) < 2:
        return None
    starts = {name: files.head(entry).decode("utf-8-sig", "replace") for name, entry in entries.items()}
    for one, kind in _KINDS:
        if one.media and medium not in one.media:
            continue
        fitting = {name: start for name, start in starts.items() if name.lower().rpartition(".")[2] in kind.endings}
        if claimed := kind.among(fitting):
            return FoundTogether(one.name, kind, tuple(entries[name] for name in claimed))
    return None
