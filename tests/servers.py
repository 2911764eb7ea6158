"""Embedded servers for the whole run, unless DATABASE_URL and REDIS_URL name real ones.

A plugin loaded with `-p`, before pytest-django reads the settings, which read the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for path in (str(ROOT / "platform"), str(ROOT)):
    if path not in sys.path:
        sys.path.insert(0, path)

SHARED = ROOT.parent / "shared"


def _start_embedded() -> None:
    from server.embedded import Postgres, Valkey

    folder = Path(tempfile.mkdtemp(prefix="ilima-test-"))
    postgres, valkey = Postgres(folder), Valkey(folder)
    postgres.start()
    valkey.start()
    os.environ["DATABASE_URL"] = postgres.url()
    os.environ["REDIS_URL"] = valkey.url()
    os.environ["ILIMA_BROKER_URL"] = valkey.broker_url()
    os.environ["ILIMA_DATA"] = str(folder / "data")

    def stop() -> None:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)


os.environ.setdefault("ILIMA_TESTING", "1")
if "DATABASE_URL" not in os.environ:
    _start_embedded()
