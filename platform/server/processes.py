"""One process of the platform under the supervisor with all that comes from it, and a port for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from server.tether import tethered

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 15
PROBE_S = 2
CLOCK_MOVES_S = 3
GONE = (psutil.NoSuchProcess, psutil.AccessDenied)


def spawn(
    command: list[str],
    log: Path,
    environment: dict[str, str] | None = None,
    *,
    at_our_end: int = signal.SIGKILL,
    nice: int = 0,
    before: Sequence[str] = (),
    keep: Sequence[int] = (),
) -> subprocess.Popen:
    """In a session of its own, so that Ctrl-C reaches the supervisor only, which stops things in order. `before` is what becomes
    it first (`unshare`, which would loosen the tether); `keep` are open files that it holds as long as it lives."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [*before, *tethered(command, at_our_end, nice)],
            env=environment,
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=keep,
        )


@dataclass
class Service:
    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    nice: int = 0
    url: str = ""  # any answer from here, in time, shows that it lives
    patience_s: float = 30
    process: subprocess.Popen | None = field(default=None, init=False)

    def start(self) -> None:
        """Nothing of an earlier one serves on beside it."""
        if self.process is not None:
            kill_session(self.process.pid)
        self.process = spawn(self.command, self.log, self.environment, nice=self.nice)

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_S)
        self.kill()

    def lives(self) -> bool:
        """Whatever it answers. Who has no address is watched by its promises (server/pulse.py) alone."""
        if not self.url:
            return True
        try:
            with urllib.request.urlopen(self.url, timeout=PROBE_S):  # noqa: S310  our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """At once, with all that came from it."""
        if self.process is not None:
            kill_session(self.process.pid)
            self.process.wait()


def sessions(leaders: Iterable[int]) -> dict[int, list[psutil.Process]]:
    """The living processes of each of these sessions; a session outlives the one that began it."""
    found: dict[int, list[int]] = {leader: [] for leader in leaders}
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError):
            if (leader := os.getsid(pid)) in found:
                found[leader].append(pid)
    return {leader: _living(pids) for leader, pids in found.items()}


def session(leader: int) -> list[psutil.Process]:
    return sessions([leader])[leader]


def _living(pids: list[int]) -> list[psutil.Process]:
    living = []
    for pid in pids:
        with suppress(*GONE):
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living


def kill_session(leader: int) -> None:
    while found := session(leader):
        for process in found:
            with suppress(*GONE):
                process.kill()
        psutil.wait_procs(found, timeout=1)


def started_at(pid: int) -> float | None:
    """When the process with this number began; with the number it names one process for ever. None: there is none."""
    with suppress(*GONE):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process.create_time()
    return None


def still_runs(pid: int, began: float) -> bool:
    """Whether it is still the process that began then. The kernel counts from the boot, whose date moves when the clock is set."""
    return (at := started_at(pid)) is not None and abs(at - began) < CLOCK_MOVES_S


def free_port(wanted: int) -> int:
    """The wanted port, or any free one when somebody has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError):  # taken, or beyond 65535
                continue
            return probe.getsockname()[1]
    raise OSError("no free port")
