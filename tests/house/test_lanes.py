"""One run in several processes (tests/lanes.py): every test runs once, in one of them, and a file is never parted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lanes import left_out

ROOT = Path(__file__).resolve().parents[2]
# Each test notes which process ran it; what is set up for a file notes that, too.
SHARED = """
import os, time
from pathlib import Path
import pytest

def note(what):
    with open(Path(__file__).parent / "notes", "a") as notes:
        notes.write(f"{os.getpid()} {Path(__file__).name} {what}\\n")

def meet():
    # The first lane waits in its first file until the others have begun theirs: alone it could do all before they start.
    here = Path(__file__).parent / "here"
    (here / str(os.getpid())).touch()
    until = time.monotonic() + 100
    while len(list(here.iterdir())) < int(os.environ["LANES"]):
        assert time.monotonic() < until, "the other lanes never began"
        time.sleep(0.05)

@pytest.fixture(scope="module")
def made():
    meet()
    note("set up")
    yield
    note("torn down")

@pytest.mark.parametrize("n", range(3))
def test_one(made, n):
    note(n)
"""


@pytest.fixture
def files(tmp_path) -> Path:
    for number in range(8):
        (tmp_path / f"test_{number}.py").write_text(SHARED)
    (tmp_path / "lanes").mkdir()
    (tmp_path / "here").mkdir()
    return tmp_path


def lane(files: Path, *chosen: str, of: int = 1) -> subprocess.Popen:
    plugins = (*chosen, "-p", "no:cacheprovider", "-p", "no:django", "-p", "tests.lanes", "--import-mode=importlib")
    command = [sys.executable, "-m", "pytest", "-q", *plugins, "-c", os.devnull, f"--rootdir={files}", str(files)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ILIMA_LANES": str(files / "lanes"), "LANES": str(of)}
    return subprocess.Popen(
        command, cwd=files, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def notes(files: Path) -> list[tuple[str, str, str]]:
    return [tuple(line.split(maxsplit=2)) for line in (files / "notes").read_text().splitlines()]


def test_two_lanes_do_every_test_once_and_part_no_file(files):
    lanes = [lane(files, of=2), lane(files, of=2)]
    said = [one.communicate(timeout=120)[0] for one in lanes]
    assert [one.returncode for one in lanes] == [0, 0], said
    done = notes(files)
    assert sorted(what for what in done if what[2].isdigit()) == sorted(
        (pid, name, str(n)) for pid, name, what in done if what == "set up" for n in range(3)
    )
    for number in range(8):
        of_file = [(pid, what) for pid, name, what in done if name == f"test_{number}.py"]
        assert [what for _, what in of_file] == ["set up", "0", "1", "2", "torn down"]
        assert len({pid for pid, _ in of_file}) == 1
    assert len({pid for pid, _, _ in done}) == 2


def test_a_test_that_fails_fails_its_lane_and_the_rest_is_done(files):
    (files / "test_3.py").write_text(SHARED + "\ndef test_wrong():\n    assert False\n")
    only = lane(files)
    said, _ = only.communicate(timeout=120)
    assert only.returncode == 1, said
    assert "1 failed, 24 passed" in said


def test_control_a_file_that_somebody_has_is_left_to_them(files):
    (files / "lanes" / "test_5.py").touch()
    said, _ = lane(files).communicate(timeout=120)
    assert "21 passed" in said
    assert "test_5.py" not in {name for _, name, _ in notes(files)}


def test_what_one_part_leaves_out_is_all_that_the_other_reads(files):
    (files / "test_3.py").write_text("def test_quick():\n    pass\n\ndef test_patient():\n    pass\n")
    (files / "test_6.py").write_text("def test_patient():\n    pass\n")
    left = files / "left"
    left.mkdir()
    lanes = [lane(files, "-k", "not patient", f"--left-out={left}", of=2) for _ in range(2)]
    said = [one.communicate(timeout=120)[0] for one in lanes]
    assert [one.returncode for one in lanes] == [0, 0], said
    assert len(list(left.iterdir())) == 2
    assert left_out(left) == ["test_3.py", "test_6.py"]
