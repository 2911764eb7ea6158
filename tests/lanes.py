"""One run in several pytest processes, the lanes: each takes the next file that no other has taken, until all are done.

Loaded by tests/run.py alone (`-p tests.lanes`). A lane has servers of its own and keeps them from file to file; a file is never parted, so
what its tests share is made once. Tests kill processes and read the clock, which does not go together with workers that report to one
another: the lanes know of each other only by the files of the folder that ILIMA_LANES names.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = "ILIMA_LANES"
# What takes a minute or more begins first: in the end no lane waits long for the last one.
LONGEST = (
    "tests/server/test_supervision.py",
    "tests/faults/test_fire.py",
    "tests/phone/test_every_screen.py",
    "tests/phone/test_three_workers.py",
    "tests/server/test_demo.py",
    "tests/tempo/test_machines.py",
    "tests/security/test_hostile_forms.py",
    "tests/route/test_whole_route.py",
    "tests/console/test_requester_journey.py",
    "tests/phone/test_built_app.py",
    "tests/payouts/test_rail_faults.py",
    "tests/server/test_production.py",
    "tests/server/test_replay.py",
    "tests/phone/test_offline.py",
    "tests/ledger/test_histories.py",
    "tests/phone/test_three_by_taps.py",
    "tests/chain/test_ten_thousand.py",
    "tests/tempo/test_a_week.py",
    "tests/chain/test_kill_9.py",
    "tests/consensus_app/test_run_workers.py",
    "tests/phone/test_touch.py",
    "tests/console/test_browser.py",
    "tests/security/test_hostile_bodies.py",
    "tests/work/test_money_histories.py",
    "tests/security/test_fuzzed_api.py",
)


def claimed(folder: Path, path: str) -> bool:
    """Whether the file is ours now. The file system decides, once, for all lanes."""
    try:
        os.close(os.open(folder / path.replace("/", "+"), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def path_of(item: pytest.Item) -> str:
    return item.nodeid.split("::")[0]


def in_order(items: list[pytest.Item]) -> list[tuple[str, list[pytest.Item]]]:
    """Files with their tests, the longest first, the others as they were collected."""
    files: dict[str, list[pytest.Item]] = {path: [] for path in LONGEST}
    for item in items:
        files.setdefault(path_of(item), []).append(item)
    return [(path, found) for path, found in files.items() if found]


def with_next(session: pytest.Session, folder: Path) -> Iterator[tuple[pytest.Item, pytest.Item | pytest.Session]]:
    """Each test that is ours, and what stays set up after it: the file, or the session alone after the file's last one.

    So the next file is taken only when this one has ended, and not while its last test still runs.
    """
    for path, items in in_order(session.items):
        if claimed(folder, path):
            yield from zip(items, [*items[1:], session], strict=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--left-out", metavar="FOLDER", help="where to name the files with tests that -m or -k leaves out")


def pytest_deselected(items: list[pytest.Item]) -> None:
    """The part of the run that does those need not read four hundred other files to find them."""
    if items and (folder := items[0].config.option.left_out):
        with Path(folder, str(os.getpid())).open("a") as names:  # each lane its own: nobody writes into another's line
            names.writelines(f"{path}\n" for path in {path_of(item) for item in items})


def left_out(folder: Path) -> list[str]:
    return sorted({path for names in folder.iterdir() for path in names.read_text().splitlines()})


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Seven thousand tests are many objects. Looked through again and again they cost a lane a fifth of its processor time."""
    gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    gc.collect()
    gc.freeze()
    gc.enable()
    folder = os.environ.get(FOLDER)
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None  # pytest's own way, which says what could not be collected
    for item, following in with_next(session, Path(folder)):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True
