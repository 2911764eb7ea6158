"""`./run demo`: every process of the platform on one machine, started in order and stopped in reverse.

PostgreSQL and Valkey are embedded unless DATABASE_URL and REDIS_URL name real servers. All data lie under ILIMA_DATA
(.ilima beside the code) and survive a restart.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from server import queues, serve
from server.embedded import Postgres, Valkey
from server.leftovers import end_services
from server.processes import ROOT, Service, free_port, started_at, still_runs
from server.watch import Watch, Watched

READY_S = 90
LOOK_EVERY_S = 0.5
APP_ROLE = "ilima_app"
WITHOUT_TABLES = ("rail", "chain")  # they start while the tables are made


@dataclass
class Platform:
    """The whole platform on this machine. `start()` returns when it answers; `stop()` leaves nothing running."""

    data: Path
    port: int = 8000
    extra: dict[str, str] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict, init=False)
    postgres: Postgres | None = field(default=None, init=False)
    valkey: Valkey | None = field(default=None, init=False)
    watch: Watch | None = field(default=None, init=False)
    _lock: TextIO | None = field(default=None, init=False)

    def start_servers(self) -> dict[str, str]:
        """The environment for every process, with the embedded servers running where no real ones are named."""
        self._take_folder()
        environment = {**os.environ, **self.extra, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}
        environment.setdefault("ILIMA_DATA", str(self.data))
        environment["ILIMA_PULSE"] = str(self._pulses())
        if not environment.get("DATABASE_URL"):
            self.postgres = Postgres(self.data)
            self.postgres.start()
            environment |= {
                "DATABASE_URL": self.postgres.url(user=APP_ROLE),
                "MIGRATE_DATABASE_URL": self.postgres.url(),
            }
        if not environment.get("REDIS_URL"):
            self.valkey = Valkey(self.data)
            self.valkey.start()
            environment |= {"REDIS_URL": self.valkey.url(), "ILIMA_BROKER_URL": self.valkey.broker_url()}
        self.environment = environment
        return environment

    def _take_folder(self) -> None:
        """Two platforms on one folder would be two PostgreSQLs on one set of files. The kernel gives the lock back when we die."""
        self.data.mkdir(parents=True, exist_ok=True)
        lock = (self.data / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise SystemExit(
                f"Ilima runs on {self.data} already: stop that one first, or name another folder in ILIMA_DATA."
            ) from None
        self._lock = lock
        end_services(self.known().get("processes", {}))

    def migrate(self) -> None:
        """As the tables' owner; afterwards the application's role gets its rights, and the ledger is append-only to it."""
        owner = {
            **self.environment,
            "DATABASE_URL": self.environment.get("MIGRATE_DATABASE_URL", self.environment["DATABASE_URL"]),
        }
        role = [APP_ROLE] if "MIGRATE_DATABASE_URL" in self.environment else []
        self.manage("prepare_database", *role, environment=owner)

    def manage(self, *arguments: str, environment: dict[str, str] | None = None) -> int:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=environment or self.environment, cwd=ROOT, check=True).returncode

    def start(self) -> None:
        self.start_servers()
        self._choose_ports()
        for service in self._services():
            self.services[service.name] = service
            if service.name in WITHOUT_TABLES:
                service.start()
        self.migrate()
        for service in self.services.values():
            if service.process is None:
                service.start()
        self._note()
        self.wait_ready()

    def _pulses(self) -> Path:
        folder = self.data / "pulse"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _servers(self) -> list[Valkey | Postgres]:
        return [server for server in (self.valkey, self.postgres) if server is not None]

    def _note(self) -> None:
        """Tells `./run manage` where the running servers are, and the next start what to end should we be killed. Readable by the
        owner only: it holds what the processes get."""
        ours = [(one.name, one.process.pid) for one in [*self.services.values(), *self._servers()] if one.process]
        known = {name: (pid, at) for name, pid in ours if name != "postgres" and (at := started_at(pid)) is not None}
        me = {"pid": os.getpid(), "began": started_at(os.getpid())}
        fresh = self.data / "running.json.new"
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({**me, "environment": self._own_environment(), "processes": known}))
        fresh.replace(self.data / "running.json")

    def known(self) -> dict:
        try:
            return json.loads((self.data / "running.json").read_text())
        except (OSError, ValueError):
            return {}

    def keep_running(self, stop: threading.Event) -> None:
        """Until `stop`: what ends, stands still or falls silent is started again. To be called by the main thread."""
        watched: list[Watched] = [*reversed(self._servers()), *self.services.values()]
        self.watch = Watch(watched, self.data / "pulse", _say)
        self.watch.start()
        while not stop.wait(LOOK_EVERY_S):
            if self.watch.look():
                self._note()

    def _own_environment(self) -> dict[str, str]:
        return {name: value for name, value in self.environment.items() if os.environ.get(name) != value}

    def stop(self) -> None:
        if self._lock is None:
            return  # the folder is another's, and so is what runs on it
        if self.watch is not None:
            self.watch.end()
        for service in reversed(list(self.services.values())):
            service.stop()
        for server in self._servers():
            server.stop()
        (self.data / "running.json").unlink(missing_ok=True)
        self._lock.close()
        self._lock = None

    def restart(self, name: str) -> None:
        self.services[name].stop()
        self.services[name].start()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if dead := [s for s in self.services.values() if s.process and s.process.poll() is not None]:
                tail = dead[0].log.read_text(errors="replace")[-3000:]
                raise SystemExit(f"{dead[0].name} stopped by itself; the end of {dead[0].log}:\n{tail}")
            if self._answers():
                return
            time.sleep(0.2)
        raise SystemExit(f"The web server does not answer after {READY_S} s: look into {self.data / 'logs'}.")

    def has_demo(self) -> bool:
        """Loaded whole, and lying in the same folder as this file: who names a database of her own is asked."""
        return self.postgres is not None and (self.data / "demo.json").exists()

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=3) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _choose_ports(self) -> None:
        rail, chain = free_port(self.port + 90), free_port(self.port + 545)  # 8090 and 8545 beside 8000
        self.port = free_port(self.port)
        defaults = {
            "DEBUG": "1",
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "MEDIA_ORIGIN": f"http://127.0.0.1:{self.port}",
            "RAIL_URL": f"http://127.0.0.1:{rail}",
            "CHAIN_RPC_URL": f"http://127.0.0.1:{chain}",
        }
        self.environment = {**defaults, **self.environment}
        self._rail_port, self._chain_port = rail, chain

    def _services(self) -> list[Service]:
        logs = self.data / "logs"
        logs.mkdir(exist_ok=True)
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "server"]
        rail = [python, "-m", "payouts.simulated_rail", "--port", str(self._rail_port)]
        chain = [python, "-m", "anchoring.local_chain", "--port", str(self._chain_port)]
        url, port = f"http://127.0.0.1:{self.port}", str(self.port)
        books, blocks = str(self.data / "rail.sqlite3"), str(self.data / "chain")
        commands = {
            "rail": [*rail, "--books", books, "--callback", f"{url}/rails/simulated/callback"],
            "chain": [*chain, "--state", blocks],
            "web": serve.command("web", {**self.environment, "PORT": port}),
            **{kind.name: [*celery, *queues.command(kind, f"{kind.name}-{port}")] for kind in queues.KINDS},
            "beat": [*celery, "beat", "-s", str(self.data / "beat"), "--pidfile", "", "-l", "INFO"],
        }
        nice = {kind.name: kind.nice for kind in queues.KINDS}
        asked = {"web": f"{url}/live", "rail": self.environment["RAIL_URL"], "chain": self.environment["CHAIN_RPC_URL"]}
        return [
            Service(name, command, self.environment, logs / f"{name}.log", nice.get(name, 0), asked.get(name, ""))
            for name, command in commands.items()
        ]


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _greeting(platform: Platform, took_s: float) -> str:
    accounts = platform.data / "demo.json"
    people = json.loads(accounts.read_text()) if accounts.exists() else []
    lines = [f"  {p['role']:<10} {p['email']:<28} password {p['password']}" for p in people]
    return "\n".join(
        [
            f"\nIlima is running (started in {took_s:.0f} s).",
            f"  phone app  {platform.url}/app/",
            f"  console    {platform.url}/console/",
            f"  API        {platform.url}/api/v1/schema",
            f"  health     {platform.url}/health",
            *lines,
            f"  data and logs in {platform.data}; Ctrl-C stops everything.\n",
        ]
    )


def _run_demo(platform: Platform, data: bool) -> None:
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # Ctrl-C, kill, a closed terminal
        signal.signal(signum, lambda *_: stop.set())
    started = time.monotonic()
    try:
        platform.start()
        if data and not platform.has_demo():
            platform.manage("seed_demo")
        print(_greeting(platform, time.monotonic() - started), flush=True)
        platform.keep_running(stop)
    except subprocess.CalledProcessError:
        if not stop.is_set():  # Ctrl-C reaches the command that loads the demo, too
            raise
    finally:
        print("Stopping ...", flush=True)
        platform.stop()


def _run_manage(platform: Platform, arguments: list[str]) -> int:
    """On the running demo's servers, or on the embedded ones started for this command."""
    known = platform.known()
    if "began" in known and still_runs(known["pid"], known["began"]):
        environment = {**os.environ, **known["environment"]}
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments], env=environment, cwd=ROOT, check=False
        ).returncode
    try:
        platform.start_servers()
        platform.environment = {"DEBUG": "1", **platform.environment}
        platform.migrate()
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=platform.environment, cwd=ROOT, check=False).returncode
    finally:
        platform.stop()


def main() -> int:
    if sys.argv[1:2] == ["--manage"]:
        return _run_manage(Platform(_data_dir()), sys.argv[2:])
    parser = argparse.ArgumentParser(
        prog="./run demo", description="Start the platform with a demo, on this machine alone."
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--without-data", action="store_true", help="start the platform with no demo in it")
    options = parser.parse_args()
    _refuse_the_network()
    _run_demo(Platform(_data_dir(), options.port), data=not options.without_data)
    return 0


def _refuse_the_network() -> None:
    """Its passwords are printed and its error pages show the code: that is for this machine, unless somebody says otherwise."""
    host = os.environ.get("HOST", "127.0.0.1")
    if host in ("127.0.0.1", "localhost", "::1") or os.environ.get("DEMO_FOR_ALL") == "1":
        return
    raise SystemExit(
        f"HOST={host} would show the demo to the network, with public passwords and pages for developers: leave HOST out, "
        'or set DEMO_FOR_ALL=1 too if that is meant. For real work see "Real servers" in the README.'
    )


def _data_dir() -> Path:
    return Path(os.environ.get("ILIMA_DATA", ROOT / ".ilima")).resolve()


if __name__ == "__main__":
    sys.exit(main())
