"""A process that does not outlive whoever started it, however that one ends: a killed parent leaves nothing that serves on.

    python tether.py PARENT SIGNAL NICE COMMAND...

becomes COMMAND, and the kernel sends it SIGNAL when PARENT (the thread that started it) is gone. Linux; elsewhere only the command.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(signum: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Ask the kernel for `signum` at the parent's end. A parent that ended before we could ask is not there any more."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is None:
        return
    prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def tethered(command: list[str], signum: int = signal.SIGKILL, nice: int = 0) -> list[str]:
    """The command line that runs `command` tethered to this process."""
    return [sys.executable, "-S", "-E", __file__, str(os.getpid()), str(int(signum)), str(nice), *command]


def main() -> None:
    parent, signum, nice, *command = sys.argv[1:]
    die_with_parent(int(signum), int(parent))
    os.nice(int(nice))
    os.execvp(command[0], command)  # noqa: S606  the supervisor's own words


if __name__ == "__main__":
    main()
