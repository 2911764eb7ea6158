"""The README's "Real servers", word for word: its commands with DEBUG off, on servers of their own, and one item labelled end to end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

from server import serve
from server.embedded import Postgres, Valkey

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PART = README[README.index("## Real servers") : README.index("## Replay of real crowds")]
PORT, LATEST_S = 27000, 300  # the importer stands back where processors are few
OPERATOR = {"Authorization": "Bearer " + "of-the-operator-" * 3}
SETTINGS = {
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "RAIL_SECRET": "of-our-own-" * 3,
    "RECEIPT_SIGNING_KEY": "ab" * 32,
    "ANCHOR_PRIVATE_KEY": "0x" + "33" * 32,
    "PUBLIC_URL": f"http://localhost:{PORT}",
    "MEDIA_ORIGIN": f"http://127.0.0.1:{PORT}",
    "PORT": str(PORT),
    "CHAIN_RPC_URL": "",
    "DESTINATION_KEYS": "of-our-own-for-numbers" * 2,
    "METRICS_TOKEN": "of-the-operator-" * 3,
}
BY_NAME = {"ALLOW_PRACTICE_RAIL": "1", "ALLOW_FILE_MESSAGES": "1"}
WORLD = """
import json
from ledger.posting import post
from tests.worlds import opened, sentiment_world
from people.actions.make_token import make_token
world = opened(sentiment_world(items=1, workers=2))
tokens = [make_token(worker.person, "phone", ["work", "wallet"])[1] for worker in world.workers]
print(json.dumps({"batch": world.batch.pk, "tokens": tokens}))
"""


def lines(prefix: str) -> list[str]:
    """Of the README's code blocks."""
    blocks = "\n".join(re.findall(r"```\n(.*?)```", PART, re.S))
    return [line.split("#")[0].strip() for line in blocks.splitlines() if line.startswith(prefix)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("production")
    postgres, valkey = Postgres(folder / "servers"), Valkey(folder / "servers")
    try:
        postgres.start()
        valkey.start()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ILIMA_", "EMAIL", "SMS"))}
        yield {
            **kept,
            **SETTINGS,
            "DEBUG": "0",
            "ILIMA_DATA": str(folder / "data"),
            "PYTHONPATH": str(ROOT),
            "OWNER_URL": postgres.url(),
            "DATABASE_URL": postgres.url(user="ilima_app"),
            "REDIS_URL": valkey.url(),
            "ILIMA_BROKER_URL": valkey.broker_url(),
        }
    finally:
        valkey.stop()
        postgres.stop()


def manage(environment: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@contextmanager
def running(environment: dict[str, str], folder: Path) -> Iterator[dict[str, subprocess.Popen]]:
    """Each `./run` line of the README, as `run` hands it on once the packages are there."""
    processes = {}
    try:
        for kind in (line.split()[1] for line in lines("./run ")):
            with (folder / f"{kind}.log").open("wb") as log:
                processes[kind] = subprocess.Popen(
                    [sys.executable, "-m", "server.serve", kind],
                    cwd=folder,  # from anywhere
                    env={**environment, "PYTHONPATH": str(ROOT / "platform")},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(60)


def until(ready, what: str):
    deadline = time.monotonic() + LATEST_S
    while not (found := ready()):
        assert time.monotonic() < deadline, what
        time.sleep(0.3)
    return found


def answers(url: str, **options) -> requests.Response | None:
    try:
        return requests.get(url, timeout=10, **options)
    except requests.ConnectionError:
        return None


def test_the_readme_names_every_kind_of_process():
    assert [line.split()[1] for line in lines("./run ")] == list(serve.KINDS)


@pytest.mark.slow
def test_the_readmes_commands_serve_a_label_from_end_to_end(servers, tmp_path):
    owner = {**servers, **BY_NAME, "DATABASE_URL": servers["OWNER_URL"]}
    refused = manage({**owner, **dict.fromkeys(BY_NAME, "")}, "check", check=False)
    assert refused.returncode != 0
    assert "ilima.E004" in refused.stderr
    assert "ilima.E011" in refused.stderr
    for line in lines(".venv/bin/python manage.py"):
        manage(owner, *line.split()[2:])
    made = json.loads(manage(owner, "shell", "-v", "0", "-c", WORLD).stdout.splitlines()[-1])

    url = SETTINGS["PUBLIC_URL"]
    with running({**servers, **BY_NAME}, tmp_path) as processes:
        until(lambda: (reply := answers(f"{url}/ready")) and reply.ok, "the web server")
        try:
            health = until(
                lambda: (reply := answers(f"{url}/health", headers=OPERATOR)) and reply.json()["ok"] and reply.json(),
                "health",
            )
        except AssertionError:
            raise AssertionError(answers(f"{url}/health", headers=OPERATOR).text) from None
        assert len([part for part in health["checked"] if part.startswith("queue ")]) >= 5
        label_one(url, made)
        crowd_of_clients(url, servers, made["tokens"][0])
        figures = answers(f"{url}/metrics", headers=OPERATOR).text
        assert "ilima_outbox_age_seconds" in figures
        # both web processes' counts are in one scrape
        counted = sum(
            float(n)
            for n in re.findall(r'^django_http_requests_total_by_method_total\{method="GET"\} (\S+)', figures, re.M)
        )
        assert counted >= 900
        assert {kind: process.poll() for kind, process in processes.items()} == dict.fromkeys(processes)
    assert not (ROOT / "celerybeat-schedule").exists()


def label_one(url: str, made: dict) -> None:
    """Both workers answer the item; the crowd decides, and the money is theirs."""
    for token in made["tokens"]:
        phone = requests.Session()
        phone.headers["Authorization"] = f"Bearer {token}"
        [lease] = phone.post(f"{url}/api/v1/work/draw", json={"batch": made["batch"], "n": 1}, timeout=20).json()[
            "leases"
        ]
        answer = {
            "id": "0190aaaa-bbbb-7ccc-8ddd-" + lease["lease"][-12:], "lease": lease["lease"], "value": {"label": "good"},
            "active_ms": 2_000, "device_class": "phone", "suggestion_shown": False,
        }  # fmt: skip
        sent = phone.post(f"{url}/api/v1/work/answers", json={"answers": [answer]}, timeout=20).json()
        assert sent["results"][0]["status"] == "accepted", sent

    def settled() -> bool:
        lines = phone.get(f"{url}/api/v1/work/history", timeout=20).json()["results"]
        return lines[0]["state"] == "settled" and lines[0]["agreed"]

    until(settled, "the decision and the pay")


def crowd_of_clients(url: str, servers: dict[str, str], token: str) -> None:
    """150 at once: none is sent away, and PostgreSQL sees no more of us than the README's sum."""
    headers = {"Authorization": f"Bearer {token}"}
    with ThreadPoolExecutor(150) as crowd:
        codes = list(
            crowd.map(lambda _: requests.get(f"{url}/api/v1/me", headers=headers, timeout=60).status_code, range(900))
        )
    assert set(codes) <= {200, 429}, set(codes)
    assert codes.count(200) >= 500
    with psycopg.connect(servers["OWNER_URL"]) as direct:
        (open_now,) = direct.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ilima_app' AND datname = 'ilima'"
        ).fetchone()
    most = sum(serve.connections(kind, {}) for kind in serve.KINDS)
    assert open_now <= most
    assert most <= 100 - 3  # Debian's max_connections, three of them for the superuser
