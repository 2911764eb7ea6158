"""What lies outside of the clone, before the tests and after them: once, as root, a test had removed /dev/null.

tests/run.py looks around the whole run: whatever a test or a process of a test writes, it writes in the clone, in its data folder or in
temporary folders. Where this user could write at all is looked at; the home folder of the tests is one of their own, which stays empty.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSIDE = {ROOT, Path(tempfile.gettempdir()).resolve(), Path(sys.prefix).resolve()}
# Shared memory and terminals belong to whoever runs; what is bought or built by others changes meanwhile.
OTHERS = {Path(name) for name in ("/dev/shm", "/dev/pts", "/dev/mqueue", "/dev/fd", "/dev/hugepages")}
WHOLE = [Path("/dev"), Path("/etc"), Path("/usr/local")]

Listing = dict[str, tuple]


def listing(whole: Iterable[Path], flat: Iterable[Path] = ()) -> Listing:
    """What lies there: kind, number and, of files, when it was written; of a device, which it is."""
    found: Listing = {}
    for folder in whole:
        found.update(_below(folder))
    for folder in flat:
        found.update((str(entry), _looks(entry, with_time=False)) for entry in folder.iterdir() if entry not in INSIDE)
    return found


def _below(folder: Path) -> Iterator[tuple[str, tuple]]:
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and Path(where, name) not in INSIDE | OTHERS]
        for name in (*folders, *files):
            path = Path(where, name)
            if path not in OTHERS:
                yield str(path), _looks(path, with_time=name in files)


def _looks(path: Path, with_time: bool) -> tuple:
    try:
        found = path.lstat()
    except OSError:  # gone meanwhile
        return ()
    kind = stat.S_IFMT(found.st_mode)
    if kind in (stat.S_IFCHR, stat.S_IFBLK):
        return kind, found.st_ino, found.st_rdev
    return kind, found.st_ino, found.st_mtime_ns if with_time and kind == stat.S_IFREG else 0


def changes(before: Listing, after: Listing) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def around(home: Path) -> Listing:
    """The folders of the machine that this user may write, the home of the tests, and what lies beside the clone."""
    mine = Path.home()
    beside = [one for one in ROOT.parents if one not in INSIDE and one != mine and one not in mine.parents]
    own = [folder for folder in WHOLE if os.access(folder, os.W_OK)]
    return listing([*own, home], [folder for folder in beside if os.access(folder, os.R_OK | os.W_OK)])
