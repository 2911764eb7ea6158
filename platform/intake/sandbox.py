"""Files of strangers are decoded in another process: this is its only door."""

from __future__ import annotations

import atexit
import errno
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

from intake import limits
from intake.errors import Unsafe
from intake.zygote_result import NO_ROOM, check_made, check_result

PLATFORM = Path(__file__).resolve().parent.parent
GRACE_S = 5
START_S = 60


class Sandbox:
    """One zygote, started when first needed and again after it was killed or this process forked."""

    def __init__(
        self,
        memory_bytes: dict[str, int] = limits.CHILD_MEMORY_BYTES,
        cpu_s: dict[str, int] = limits.CHILD_CPU_S,
        wall_s: dict[str, int] = limits.CHILD_WALL_S,
    ) -> None:
        self._memory_bytes, self._cpu_s, self._wall_s = memory_bytes, cpu_s, wall_s
        self.peak_rss_kb = 0  # the most that any child has held
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._owner = 0

    def decode(self, path: Path, kind: str, decoder: str, out: Path) -> dict:
        """Decode `path` into the folder `out`. Raises Unsafe with a sentence when there is no good result."""
        return check_result(out, self._run({"path": str(path), "decoder": decoder, "out": str(out)}, kind))

    def make(self, path: Path, decoder: str, maker: str, names: Sequence[str], out: Path) -> dict[str, dict]:
        """Files of these names beside a picture, in the folder `out`: `maker` is the module whose `make` writes them. Unsafe as above."""
        order = {"path": str(path), "decoder": decoder, "out": str(out), "maker": maker}
        return check_made(out, self._run(order, "image"), names)

    def _run(self, order: dict, kind: str) -> int:
        """The wait status of the child that does it, within the limits of that kind."""
        order |= {
            "memory_bytes": self._memory_bytes[kind],
            "file_bytes": limits.CHILD_FILE_BYTES.get(kind, limits.OTHER_FILE_BYTES),
            "cpu_s": self._cpu_s[kind],
            "wall_s": self._wall_s[kind],
        }
        with self._lock:
            status = self._ask(order, order["wall_s"] + GRACE_S)
        if os.WIFSIGNALED(status):
            raise Unsafe("file", _sentence(os.WTERMSIG(status)))
        if os.WEXITSTATUS(status) == NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return status

    def _ask(self, order: dict, timeout_s: float) -> int:
        try:
            orders, replies = self._running()
            orders.write(json.dumps(order) + "\n")
            orders.flush()
            ready, _, _ = select.select([replies], [], [], timeout_s)
            if not ready:
                return self._overdue()
            reply = json.loads(replies.readline())
            self.peak_rss_kb = max(self.peak_rss_kb, reply["max_rss_kb"])
            return reply["status"]
        except (OSError, ValueError):
            self.stop()
            raise Unsafe("file", "The file could not be opened.") from None

    def _overdue(self) -> int:
        self.stop()
        return signal.SIGALRM

    def _running(self) -> tuple[IO[str], IO[str]]:
        """The lines to it and from it; it is started where it does not run."""
        if self._owner != os.getpid():  # the parent's zygote is not ours to talk to
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "intake.zygote"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
                cwd="/",
                env={
                    "PYTHONPATH": str(PLATFORM),
                    "OPENBLAS_NUM_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                    "LANG": "C.UTF-8",
                },
            )
            replies = cast(IO[str], self._process.stdout)
            if not select.select([replies], [], [], START_S)[0] or not replies.readline():
                raise OSError("the zygote did not start")
        return cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)

    def stop(self) -> None:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


def _sentence(signum: int) -> str:
    if signum in (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL):
        return "The file takes too long to open."
    return "The file crashes the program that opens it."


sandbox = Sandbox()
atexit.register(sandbox.stop)
