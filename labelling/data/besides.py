"""Files beside pictures and sounds that state their marks, one for each or one for many: found by what is in them, matched by name, read
when what they speak of is."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from intake.archives import EMPTY
from intake.errors import Unsafe
from labelling.data.files import Entry, Files
from labelling.formats import FORMATS
from labelling.formats.format import Beside
from labelling.formats.rows import Note
from labelling.formats.stated import Stated, Statements
from labelling.formats.stretches import stem_of

MAX_BYTES = 32 * 1024 * 1024  # some hold their picture, too
_NOTHING_TAKEN = "Nothing of it was taken: {}"
_KINDS = [one.beside for one in FORMATS.values() if one.beside]
MAY_BE = (".yaml", ".yml", ".names", *sorted({f".{ending}" for one in _KINDS for ending in one.endings}))


@dataclass
class Besides:
    """entries: the files that state marks or name classes, which are no items themselves. lost: those that speak of what did not
    come, a sentence each."""

    files: Files
    entries: set[Entry] = field(default_factory=set)
    lost: dict[Entry, str] = field(default_factory=dict)
    _of: dict[str, tuple[Beside, Entry]] = field(default_factory=dict)  # by the name of the picture
    _classes: dict[int, Any] = field(default_factory=dict)
    _stated: dict[str, Stated | Statements] = field(default_factory=dict)  # by one file of many, by the name of each

    @classmethod
    def among(cls, files: Files, found: list[Entry]) -> Besides:
        besides = cls(files)
        small = [one for one in found if one.refused in ("", EMPTY) and one.name.lower().endswith(MAY_BE)]
        if not small:
            return besides
        kinds = {entry: kind for entry in small if (kind := _kind_of(files, entry))}
        lists = [(kind, entry) for kind in set(kinds.values()) for entry in small if kind.is_list(entry.name)]
        for kind, entry in lists:
            besides._take_list(kind, entry)
        besides.entries = {*kinds, *(entry for _, entry in lists)}
        besides._match(kinds, [entry.name for entry in found if entry not in besides.entries])
        return besides

    def _take_list(self, kind: Beside, entry: Entry) -> None:
        try:
            said = kind.classes(_content(self.files, entry))
        except ValueError as bad:
            self.lost[entry] = _NOTHING_TAKEN.format(bad)
            return
        held = self._classes.setdefault(id(kind), said)
        if held is not said and isinstance(held, dict):  # what one tells by name another one adds to
            held |= said

    def _match(self, kinds: dict[Entry, Beside], pictures: list[str]) -> None:
        known = _by_ends(pictures)
        for entry, kind in kinds.items():
            try:
                self._match_one(kind, entry, known, pictures)
            except ValueError as bad:
                self.lost[entry] = _NOTHING_TAKEN.format(bad)

    def _match_one(self, kind: Beside, entry: Entry, known: dict[str, str], pictures: list[str]) -> None:
        """By the same path but for the ending, `labels` for `images` in it, or as much of its end as only one picture has. ValueError for
        what cannot be read and is named like nothing; what is named like a picture says so in that one's report."""
        unread = self._states_many(kind, entry, known) if kind.of_many else None
        if kind.of_many and unread is None:
            return
        stem = kind.stem_of(entry.name)
        swapped = "/".join("images" if part == "labels" else part for part in stem.split("/"))
        name = known.get(stem) or known.get(swapped) or known.get(stem.rpartition("/")[2])
        if name is None and unread is not None:
            raise unread
        name = name or self._named_in(kind, entry, pictures)
        if name:
            self._of.setdefault(name, (kind, entry))
        else:
            self.lost[entry] = "It states marks of a file that did not come: nothing of it was taken."

    def _states_many(self, kind: Beside, entry: Entry, known: dict[str, str]) -> ValueError | None:
        """Why it cannot be read, if it cannot."""
        try:
            said = kind.of_many(_content(self.files, entry)) if kind.of_many else {}
        except ValueError as bad:
            return bad
        names = {"_".join(stem.split()): name for stem, name in known.items()} | known  # where blanks part columns
        lost = []
        for one, marks in said.items():
            name = names.get(one) or names.get(one.rpartition("/")[2])
            if name:
                self._stated.setdefault(name, marks)
            else:
                lost.append(one)
        if lost:
            self.lost[entry] = (
                f"It speaks of {len(lost)} that did not come ({', '.join(lost[:3])[:120]}): what it says of them was left out."
            )
        return None

    def _named_in(self, kind: Beside, entry: Entry, pictures: list[str]) -> str | None:
        """The picture that the file itself names, where none shares its name."""
        read, _ = kind.read(_content(self.files, entry), self._classes_for(kind, entry))
        said = PurePosixPath(read.replace("\\", "/")).name
        found = [name for name in pictures if said and name.rpartition("/")[2] == said]
        return found[0] if len(found) == 1 else None

    def marks_of(self, name: str) -> tuple[Stated | Statements | None, tuple[Note, ...]]:
        """What the file beside a picture states of it, and what is wrong with that file."""
        if name in self._stated:
            return self._stated[name], ()
        if name not in self._of:
            return None, ()
        kind, entry = self._of[name]
        try:
            return kind.read(_content(self.files, entry), self._classes_for(kind, entry))[1], ()
        except ValueError as bad:
            return None, (("gold", f"{entry.name[:120]} beside it was left out: {bad}"),)

    def _classes_for(self, kind: Beside, entry: Entry) -> Any:
        return kind.of_name(entry.name, self._classes.get(id(kind), []))


def _by_ends(names: list[str]) -> dict[str, str]:
    """By its path without the ending, and by each end of that path which no other has: a/b/c, b/c and c."""
    ends = {name: _ends(stem_of(name)) for name in names}
    times = Counter(end for of_one in ends.values() for end in of_one)
    known = {end: name for name, of_one in ends.items() for end in of_one if times[end] == 1}
    return known | {stem_of(name): name for name in names}


def _ends(stem: str) -> list[str]:
    parts = stem.split("/")
    return ["/".join(parts[n:]) for n in range(len(parts))]


def _kind_of(files: Files, entry: Entry) -> Beside | None:
    start = "" if entry.refused else files.head(entry).decode("utf-8-sig", "replace")
    return next((kind for kind in _KINDS if kind.is_one(start, entry.name)), None)


def _content(files: Files, entry: Entry) -> bytes:
    """ValueError for what cannot be read or is too large. An empty file says that nothing is there."""
    if entry.refused == EMPTY:
        return b""
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        path = Path(folder) / "beside"
        try:
            files.copy(entry, path)
        except Unsafe as unsafe:
            raise ValueError(unsafe.message) from unsafe
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 2**20} MB.")
        return path.read_bytes()
