"""A real pgbouncer in transaction mode before the tests' database, and programs that know no other way to it."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import pytest
from django.db import connection

from server.embedded import _as_other_user

ROOT = Path(__file__).resolve().parents[1]
needs_pgbouncer = pytest.mark.skipif(
    not shutil.which("pgbouncer") or "/ilima?" not in os.environ.get("DATABASE_URL", ""),
    reason="needs pgbouncer (package pgbouncer) and the embedded PostgreSQL",
)
_INI = """
[databases]
* = host={host} port=5432 user={user}
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
"""


class Pooler:
    """As DB_PREPARE=0 and DATABASE_URL name it in production."""

    def __init__(self, folder: Path, size: int = 4):
        self.folder = folder
        parts = urlsplit(os.environ["DATABASE_URL"])
        host = parse_qs(parts.query)["host"][0]
        (folder / "pgbouncer.ini").write_text(_INI.format(host=host, user=parts.username, folder=folder, size=size))
        self.url = (
            f"postgresql://{parts.username}@:6432/{connection.settings_dict['NAME']}?host={quote(str(folder), safe='')}"
        )
        self.direct = os.environ["DATABASE_URL"].replace("/ilima?", f"/{connection.settings_dict['NAME']}?")

    def __enter__(self):
        self.log = (self.folder / "pgbouncer.log").open("wb")
        command = [*_as_other_user(), "pgbouncer", str(self.folder / "pgbouncer.ini")]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return self
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "pgbouncer.log").read_text())

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def run(self, program: str, *arguments: str, timeout_s: float = 120) -> dict:
        """What a program of tests/server says, in JSON, as its last line."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "DB_PREPARE": "0",
            "DJANGO_SETTINGS_MODULE": "server.settings",
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
        }
        done = subprocess.run(
            [sys.executable, "-m", program, *arguments],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def advisory_locks(self) -> int:
        with psycopg.connect(self.direct) as direct:
            (found,) = direct.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
        return found
