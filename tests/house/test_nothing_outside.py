"""Tests write in the clone, in their data folder and in temporary folders, and nowhere else: once, as root, one had removed /dev/null."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSIDE = {ROOT, Path(tempfile.gettempdir()).resolve(), Path(sys.prefix).resolve()}
# Shared memory and terminals belong to whoever runs; what is bought or built by others changes meanwhile.
OTHERS = {Path(name) for name in ("/dev/shm", "/dev/pts", "/dev/mqueue", "/dev/fd", "/dev/hugepages")}
WHOLE = [Path("/dev"), Path("/etc"), Path("/usr/local"), Path.home()]
ROOMS = [
    "tests/server",
    "tests/delivery",
    "tests/house/test_wiring.py",
    "tests/formats/test_import_media.py",
    "tests/people",
]

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


def parents() -> list[Path]:
    return [parent for parent in ROOT.parents if parent not in INSIDE and os.access(parent, os.R_OK)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the folders are those of Linux")
def test_a_part_of_the_suite_writes_nothing_outside(tmp_path):
    """The part that starts Celery, granian, rails, databases and decoders."""
    before = listing(WHOLE, parents())
    named = ("DATABASE_URL", "REDIS_URL", "ILIMA_BROKER_URL", "ILIMA_DATA")
    environment = {name: value for name, value in os.environ.items() if name not in named}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not slow and not browser", *ROOMS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert changes(before, listing(WHOLE, parents())) == []
    null = os.stat(os.devnull)
    assert stat.S_ISCHR(null.st_mode)
    assert (os.major(null.st_rdev), os.minor(null.st_rdev)) == (1, 3)


@pytest.mark.parametrize("what", ["new", "changed", "replaced", "removed", "linked", "folder"])
def test_control_each_kind_of_write_is_seen(tmp_path, what):
    home = tmp_path / "home" / "deep"
    home.mkdir(parents=True)
    (home / "kept").write_text("a")
    os.utime(home / "kept", ns=(1, 1))
    before = listing([tmp_path / "home"])
    assert changes(before, listing([tmp_path / "home"])) == []
    match what:
        case "new":
            (home / ".cache").write_text("")
        case "changed":
            (home / "kept").write_text("b")
        case "replaced":  # a file where a device was
            (home / "other").write_text("a")
            (home / "other").replace(home / "kept")
        case "removed":
            (home / "kept").unlink()
        case "linked":
            (home / "link").symlink_to("kept")
        case "folder":
            (home / "made").mkdir()
    assert changes(before, listing([tmp_path / "home"])) != []


def test_control_a_device_that_became_a_file_is_seen():
    device, file = (stat.S_IFCHR, 5, os.makedev(1, 3)), (stat.S_IFREG, 9, 1)
    assert changes({"/dev/null": device}, {"/dev/null": file}) == ["/dev/null"]
    assert changes({"/dev/null": device}, {"/dev/null": device}) == []
