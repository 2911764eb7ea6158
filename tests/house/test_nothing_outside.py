"""Tests write in the clone, in their data folder and in temporary folders, and nowhere else: tests/run.py looks around the whole run.

Here the look itself: it sees each kind of write, and the run fails by it.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tests import outside, run
from tests.outside import changes, listing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders are those of Linux")


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


WRITES = """
import os
from pathlib import Path

def test_that_writes():
    {line}
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [("pass", 0), ("Path.home().joinpath('.rc').touch()", 1), ("Path(os.environ['HOME'], 'x').mkdir()", 1)],
    ids=["nothing", "a file", "a folder"],
)
def test_a_run_that_writes_into_the_home_folder_fails_and_names_what(tmp_path, capfd, monkeypatch, line, code):
    monkeypatch.setattr(outside, "WHOLE", [])  # others write there while this one test runs
    monkeypatch.setattr(outside, "ROOT", Path("/"))
    (tmp_path / "test_one.py").write_text(WRITES.format(line=line))
    chosen = ["-p", "no:django", "-c", os.devnull, f"--rootdir={tmp_path}", "-p", "no:cacheprovider"]
    assert run.run_in_lanes([str(tmp_path)], chosen, 1) == code
    said = capfd.readouterr().out
    assert ("The tests wrote outside of the clone" in said) == bool(code), said
