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


def _start_embedded(folder: Path) -> None:
    from server.embedded import SUPERUSER, Postgres, Valkey
    from tests import prepared

    prepared.copy_to(folder)
    postgres, valkey = Postgres(folder), Valkey(folder)
    postgres.start()
    atexit.register(postgres.stop)
    _let_the_owner_do_more_in_tests(postgres.url(user=SUPERUSER))
    valkey.start()
    atexit.register(valkey.stop)
    os.environ["DATABASE_URL"] = postgres.url()
    os.environ["REDIS_URL"] = valkey.url()
    os.environ["ILIMA_BROKER_URL"] = valkey.broker_url()


def _let_the_owner_do_more_in_tests(superuser_url: str) -> None:
    """To empty the ledger between tests, and for the forgers among them, triggers sleep; and deadlocks are awaited."""
    import psycopg

    with psycopg.connect(superuser_url) as connection:
        connection.execute("GRANT SET ON PARAMETER session_replication_role, deadlock_timeout TO ilima_owner")


def _data_of_its_own(folder: Path) -> None:
    """What tests upload never lands among the files of a platform that runs here. Collected files are none, but looked for."""
    (folder / "data" / "static").mkdir(parents=True)
    os.environ["ILIMA_DATA"] = str(folder / "data")


os.environ.setdefault("ILIMA_TESTING", "1")
_folder = Path(tempfile.mkdtemp(prefix="ilima-test-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)  # the last to run: the servers have stopped by then
_data_of_its_own(_folder)
if "DATABASE_URL" not in os.environ:
    _start_embedded(_folder)
