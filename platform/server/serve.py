"""`./run web | worker | courier | importer | learner | beat`: one kind of process on a real server, bounded in threads and connections.

Each replaces this process, so that a supervisor (systemd, a container) signals the right one. Connections to PostgreSQL, all together:

    WEB_PROCESSES x WEB_THREADS for each `web` + the slots of each worker, twice for those that hold locks + one to begin each + 3
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from server import queues
from server.processes import ROOT

WEB_PROCESSES, WEB_THREADS = "2", "8"
ROOM = 128  # requests that a process has taken up: a thread each, most of them waiting; what comes beyond waits in the socket
HOLD_LOCKS = ("importer", "learner")  # long jobs: a second connection each (docs/decisions/locks.md)


def command(kind: str, environment: dict[str, str]) -> list[str]:
    python = sys.executable
    if kind == "web":
        return [python, "-m", "granian", *_web(environment)]
    celery = [python, "-m", "celery", "-A", "server"]
    if kind == "beat":
        return [*celery, "beat", "-s", str(_data(environment) / "beat"), "--pidfile", "", "-l", "INFO"]
    return [*celery, *queues.command(queues.kind_of(kind), f"{kind}-{os.getpid()}")]


def _web(environment: dict[str, str]) -> list[str]:
    def given(name: str, otherwise: str) -> str:
        return environment.get(name) or otherwise

    return [
        *("--interface", "wsgi", "--host", given("HOST", "127.0.0.1"), "--port", given("PORT", "8000")),
        *(
            "--workers",
            given("WEB_PROCESSES", WEB_PROCESSES),
            "--blocking-threads",
            str(ROOM),
            "--backpressure",
            str(ROOM),
        ),
        *("--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "20"),
        "server.wsgi:application",
    ]


def connections(kind: str, environment: dict[str, str]) -> int:
    """The most that this kind of process has open to PostgreSQL."""
    if kind == "web":
        return int(environment.get("WEB_PROCESSES") or WEB_PROCESSES) * int(
            environment.get("WEB_THREADS") or WEB_THREADS
        )
    if kind == "beat":
        return 0
    return 1 + queues.kind_of(kind).slots * (2 if kind in HOLD_LOCKS else 1)


def _data(environment: dict[str, str]) -> Path:
    return Path(environment.get("ILIMA_DATA") or ROOT / ".ilima")


def _count_for_all(environment: dict[str, str]) -> None:
    """Where the web processes of this machine write their counts down, for /metrics; anew each time, for their numbers are reused."""
    folder = _data(environment) / "metrics" / environment.get("PORT", "8000")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))


KINDS = ("web", *(kind.name for kind in queues.KINDS), "beat")


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) == 2 else ""
    if kind not in KINDS:
        raise SystemExit(f"Name one of {', '.join(KINDS)}.")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}
    _data(environment).mkdir(parents=True, exist_ok=True)
    if kind == "web":
        _count_for_all(environment)
    if nice := next((one.nice for one in queues.KINDS if one.name == kind), 0):
        os.nice(nice)
    os.chdir(ROOT)
    line = command(kind, environment)
    os.execve(line[0], line, environment)  # noqa: S606  our own Python


if __name__ == "__main__":
    main()
