"""Draw + submit of two checkouts in turns, by processor time: what python -m benchmarks.labelling_loop --beside CHECKOUT runs.

Each checkout has a process and servers of its own, and takes its requests through WSGI from its own front in one thread: nothing is
waited for but the database, and nobody decides meanwhile. Counted is the processor time of that process and of its PostgreSQL, which
a busy machine changes less than a time on the wall. The two take turns, and change who is first.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

CASES = {1: 30, 20: 4}  # loops a turn, by the size of the pack
ROUNDS = 30
BEFORE = 300  # loops before PostgreSQL looks at its tables: of a table that was empty it would go on reading every row
WORKERS = 40
RESULTS = Path(__file__).parent / "results" / "labelling_beside.json"


def compare(ours: Path, theirs: Path, items: int) -> list[dict]:
    """A row for each size of pack: microseconds of processor time an answer, and ours to theirs as a ratio of speed."""
    with _side(ours, items) as ask_ours, _side(theirs, items) as ask_theirs:
        asks, rows = (ask_ours, ask_theirs), []
        for ask in asks:
            ask(1, BEFORE)
            ask(0, 0)
        for pack, loops in CASES.items():
            turns: tuple[list[dict], list[dict]] = ([], [])
            for number in range(ROUNDS + 1):
                for side in (0, 1) if number % 2 else (1, 0):
                    turns[side].append(asks[side](pack, loops))
            rows.append({"pack": pack} | _row(*(turns_of_one[1:] for turns_of_one in turns)))  # the first one warms up
            print(rows[-1], flush=True)
    return rows


def keep(ours: Path, theirs: Path, items: int) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=theirs, capture_output=True, text=True, check=True
    ).stdout.strip()
    begun = os.getloadavg()[0]
    rows = compare(ours, theirs, items)
    load = [round(begun, 1), round(os.getloadavg()[0], 1)]
    found = {"beside": commit, "items": items, "cores": os.cpu_count(), "load_average": load, "rows": rows}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")


def _row(ours: list[dict], theirs: list[dict]) -> dict:
    def an_answer(turns: list[dict], name: str) -> float:
        return sum(turn[name] for turn in turns) / sum(turn["answers"] for turn in turns)

    def both(turn: dict) -> float:
        return (turn["web_s"] + turn["postgres_s"]) / turn["answers"]

    row: dict[str, Any] = {}
    for name in ("web_s", "postgres_s"):
        row |= {name.replace("_s", "_us"): [round(1e6 * an_answer(turns, name)) for turns in (ours, theirs)]}
    ratios = sorted(both(their) / both(our) for our, their in zip(ours, theirs, strict=True))
    wall = an_answer(theirs, "wall_s") / an_answer(ours, "wall_s")
    quartiles = [round(value, 3) for value in statistics.quantiles(ratios, n=4)]
    return row | {
        "speed_by_processor": quartiles[1],
        "quartiles": [quartiles[0], quartiles[2]],
        "speed_by_clock": round(wall, 3),
    }


@contextmanager
def _side(checkout: Path, items: int) -> Iterator[Callable[[int, int], dict]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(checkout / "platform"), str(checkout)])}
    command = [sys.executable, str(Path(__file__).resolve()), str(items)]
    process = subprocess.Popen(
        command, cwd=checkout, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout

    def ask(pack: int, loops: int) -> dict:
        process.stdin.write(f"{pack} {loops}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        process.stdout.readline()
        yield ask
    finally:
        process.stdin.close()
        process.wait()


# --- in the process of one checkout: everything imported from here on is that checkout's -----------------------------


def serve(items: int) -> None:
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what servers and commands say is no answer
    sys.path[:0] = [str(Path.cwd() / "platform"), str(Path.cwd())]
    from benchmarks.labelling_loop import make_world
    from benchmarks.platform_for_benchmarks import running_servers

    with running_servers() as platform:
        batch, tokens = make_world(items, WORKERS)
        phone = _Phone(batch.pk, tokens, platform.postgres.process.pid)
        out.write("ready\n")
        for line in sys.stdin:
            pack, loops = map(int, line.split())
            out.write(json.dumps(phone.turn(pack, loops) if pack else _analyze()) + "\n")


def _analyze() -> None:
    """What PostgreSQL does by itself within a minute or two."""
    import psycopg

    with psycopg.connect(os.environ["MIGRATE_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE")


def _settle() -> None:
    """As that checkout's wsgi.py ends."""
    for name in ("gc_tuning", "garbage"):
        if (Path.cwd() / "platform/server" / f"{name}.py").exists():
            importlib.import_module(f"server.{name}").settle()


class _Phone:
    """All phones, one after the other, in this thread."""

    def __init__(self, batch: int, tokens: list[str], postgres: int) -> None:
        from django.core.wsgi import get_wsgi_application
        from django.db import connection

        connection.close()
        self._batch, self._tokens, self._postgres = batch, tokens, postgres
        self._application: Callable = get_wsgi_application()
        self._loop = 0
        try:
            from server.front import Front

            self._application = Front(self._application, 4)
        except ImportError:  # a checkout of before there was one: Django stood in front
            pass
        _settle()

    def turn(self, pack: int, loops: int) -> dict:
        began, postgres, wall = time.process_time(), self._postgres_s(), time.perf_counter()
        answers = sum(self._one(pack) for _ in range(loops))
        times = {"web_s": time.process_time() - began, "postgres_s": self._postgres_s() - postgres}
        return {**times, "wall_s": time.perf_counter() - wall, "answers": answers}

    def _one(self, pack: int) -> int:
        token = self._tokens[self._loop % len(self._tokens)]
        self._loop += 1
        leases = self._post("/work/draw", {"batch": self._batch, "n": pack}, token)["leases"]
        answers = [
            {
                "id": str(uuid.uuid4()),
                "lease": one["lease"],
                "value": {"label": "yes" if one["item"]["id"] % 2 else "no"},
                "active_ms": 900,
            }
            for one in leases
        ]
        reply = self._post("/work/answers", {"answers": answers}, token)
        assert leases, "the batch has no work left: give it more items"
        assert all(result["status"] == "accepted" for result in reply["results"]), reply
        return len(leases)

    def _post(self, path: str, body: dict, token: str) -> dict:
        sent = json.dumps(body).encode()
        environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": f"/api/v1{path}", "HTTP_HOST": "localhost"}
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(sent)), "wsgi.input": BytesIO(sent)}
        environ |= {"HTTP_AUTHORIZATION": f"Bearer {token}", "REMOTE_ADDR": "127.0.0.1"}
        setup_testing_defaults(environ)
        status: list[str] = []
        reply = self._application(environ, lambda line, headers, *_: status.append(line))
        read = b"".join(reply)
        getattr(reply, "close", lambda: None)()
        assert status[0].startswith("200"), (status, read)
        return json.loads(read)

    def _postgres_s(self) -> float:
        """Processor time (s) of all of PostgreSQL so far: a connection ends after a minute, and its time is then its parent's."""
        import psutil

        postmaster = psutil.Process(self._postgres)
        ended = postmaster.cpu_times()
        return ended.children_user + ended.children_system + sum(map(_ran_s, postmaster.children()))


def _ran_s(process) -> float:
    try:
        return int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:  # it ended meanwhile, and its time is its parent's
        return 0.0


if __name__ == "__main__":
    serve(int(sys.argv[1]))
