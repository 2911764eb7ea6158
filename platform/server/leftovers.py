"""What an earlier supervisor left running: ended by its number and the time at which it began, never by its number alone."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from server.processes import GONE, kill_session, still_runs

PATIENCE_S = {signal.SIGINT: 20, signal.SIGQUIT: 5, signal.SIGKILL: 5}  # in order; at once; now


def end_postgres(data: Path) -> None:
    """Whatever PostgreSQL works in this folder: PostgreSQL's own processes, and no other, have it as their working folder."""
    for signum, patience_s in PATIENCE_S.items():
        found = list(_postgres_in(data))
        if not found:
            return
        for process in found if signum == signal.SIGKILL else _postmaster(data, found):
            with suppress(*GONE):
                process.send_signal(signum)
        psutil.wait_procs(found, timeout=patience_s)


def _postgres_in(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(FileNotFoundError, *GONE):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data) and process.name() == "postgres":
                yield process


def _postmaster(data: Path, found: list[psutil.Process]) -> list[psutil.Process]:
    """The one that the pid file names; of orphans without one, all."""
    with suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().split()[0])
        if named := [process for process in found if process.pid == pid]:
            return named
    return found


def end_services(known: dict[str, tuple[int, float]]) -> None:
    """`known`: name -> (pid, when it began), as an earlier supervisor wrote it down."""
    for pid, began in known.values():
        if still_runs(pid, began):
            kill_session(pid)
