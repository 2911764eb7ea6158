"""A whole platform of its own for a benchmark: embedded servers, web, worker and beat, in a folder that is thrown away."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for path in (str(ROOT / "platform"), str(ROOT)):
    if path not in sys.path:
        sys.path.insert(0, path)


@contextmanager
def running_platform(**environment: str) -> Iterator:
    """Started, with Django set up in this process on the same database; stopped and removed at the end."""
    from server.supervisor import Platform

    folder = Path(tempfile.mkdtemp(prefix="ilima-bench-"))
    platform = Platform(
        folder,
        8100,
        {"DEBUG": "0", "ILIMA_TESTING": "1", "WAKE_IN_TESTS": "1", "THROTTLE_PERSON": "100000000/min", **environment},
    )
    try:
        platform.start()
        os.environ.update(platform.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
        import django

        django.setup()
        yield platform
    finally:
        platform.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_servers() -> Iterator:
    """Only PostgreSQL and Valkey, with Django set up in this process: for what one process does by itself."""
    from server.supervisor import Platform

    folder = Path(tempfile.mkdtemp(prefix="ilima-bench-"))
    platform = Platform(folder, extra={"DEBUG": "0", "ILIMA_TESTING": "1"})
    try:
        platform.start_servers()
        platform.migrate()
        os.environ.update(platform.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
        import django

        django.setup()
        yield platform
    finally:
        platform.stop()
        shutil.rmtree(folder, ignore_errors=True)
