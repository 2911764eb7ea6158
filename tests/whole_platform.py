"""The whole platform in processes of its own, for tests that look at it from outside: browser, faults, replay."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.supervisor import Platform
from tests import prepared


@contextmanager
def whole_platform(port: int, **environment: str) -> Iterator[Platform]:
    """Started with embedded servers in a folder that is thrown away. `DEBUG` as in the demo; beat and workers are real.

    Each file of tests has a port of its own, a thousand apart: rail and chain stand above it, and files run side by side.
    """
    folder = Path(tempfile.mkdtemp(prefix="ilima-whole-"))
    embedded = {
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "ILIMA_BROKER_URL": "",
        "ILIMA_TESTING": "0",
        "ILIMA_DATA": str(folder),
    }
    prepared.copy_to(folder)
    platform = Platform(folder, port, {**embedded, "THROTTLE_PERSON": "1000000/min", **environment})
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()
        shutil.rmtree(folder, ignore_errors=True)


def manage(platform: Platform, *arguments: str, timeout_s: float = 600) -> str:
    """A management command on the platform's own servers; its output. Fails with its error when it fails."""
    import sys

    command = [sys.executable, "manage.py", *arguments]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        command, env=platform.environment, cwd=root, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(platform: Platform, code: str) -> dict | list | int | str | None:
    """Run a few lines in Django's shell on the platform's database; they `print` one JSON value last."""
    return json.loads(manage(platform, "shell", "-v", "0", "-c", code).strip().splitlines()[-1])
