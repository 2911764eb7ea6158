"""`./run demo` without its data, as a process that can be killed; everything it runs, by name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import requests

from tests import prepared

ROOT = Path(__file__).resolve().parents[1]
OWN = {"DATABASE_URL": "", "REDIS_URL": "", "ILIMA_BROKER_URL": "", "ILIMA_TESTING": "0", "PYTHONUNBUFFERED": "1"}
# How each part is known from its command line.
MARKS = {
    "postgres": "/postgres -D",
    "valkey": "valkey-server",
    "rail": "payouts.simulated_rail",
    "chain": "anchoring.local_chain",
    "web": "granian --interface",
    "worker": "-Q ilima",
    "courier": "-Q payouts",
    "importer": "-Q imports",
    "learner": "-Q learning",
    "beat": "server beat",
}


class Supervised:
    def __init__(self, folder: Path, port: int, **environment: str):
        self.folder, self.port = folder, port
        self._environment = {**os.environ, **OWN, "ILIMA_DATA": str(folder), **environment}
        self._environment["PYTHONPATH"] = f"{ROOT / 'platform'}{os.pathsep}{ROOT}"
        self.process: subprocess.Popen | None = None

    def start(self, within_s: float = 150) -> None:
        self.folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "server.supervisor", "--without-data", "--port", str(self.port)]
        with self.out.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=out, stderr=subprocess.STDOUT
            )
        begun = self.said().count("Ctrl-C stops everything")
        wait(lambda: self.said().count("Ctrl-C stops everything") > begun or self.process.poll() is not None, within_s)
        assert self.process.poll() is None, self.said()

    @property
    def out(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.out"

    def said(self) -> str:
        return self.out.read_text() if self.out.exists() else ""

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(120)

    @property
    def environment(self) -> dict[str, str]:
        return {**self._environment, **json.loads((self.folder / "running.json").read_text())["environment"]}

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    def all(self) -> list[psutil.Process]:
        """Everything that runs for this folder, whoever its parent is."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                mine = process.environ().get("ILIMA_DATA") == str(self.folder) or str(self.folder) in process.cwd()
                if mine and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                    found.append(process)
        return found

    def parent(self, name: str) -> psutil.Process:
        """The process that the supervisor itself started under this name."""
        with suppress(psutil.Error):
            for process in psutil.Process(self.process.pid).children():
                if process.status() != psutil.STATUS_ZOMBIE and MARKS[name] in " ".join(process.cmdline()):
                    return process
        raise LookupError(name)

    def child(self, name: str) -> psutil.Process:
        """One of those that the parent of this name made to do the work."""
        for process in self.parent(name).children():
            if process.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(process.cmdline()):
                return process
        raise LookupError(f"a child of {name}")

    def answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/ready", timeout=2).ok
        return False

    def healthy(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/health", timeout=5).ok
        return False


def wait(until: Callable[[], bool], within_s: float, what: str = "") -> float:
    """Seconds that it took."""
    began = time.monotonic()
    while not until():
        assert time.monotonic() - began < within_s, f"{what or until} took more than {within_s} s"
        time.sleep(0.1)
    return time.monotonic() - began


@contextmanager
def supervised(folder: Path, port: int, **environment: str) -> Iterator[Supervised]:
    folder.mkdir(parents=True, exist_ok=True)
    prepared.copy_to(folder)
    platform = Supervised(folder, port, **environment)
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()
        for process in platform.all():  # what a failed test leaves
            with suppress(psutil.Error):
                process.kill()
