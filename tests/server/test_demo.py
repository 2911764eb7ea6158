"""`./run demo` as a person meets it: addresses and sign-ins, everything alive, Ctrl-C, and the same data the next time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from server import hearts
from server.demo.appeals import MISS_WORDS
from server.supervisor import Platform

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("worker", "requester", "reviewer", "admin")
LATEST_S = 600  # what hangs fails; how long it takes beside two more lanes of tests is no measure


def environment(folder: Path) -> dict[str, str]:
    own = {"DATABASE_URL": "", "REDIS_URL": "", "ILIMA_BROKER_URL": "", "ILIMA_TESTING": "0", "ILIMA_DATA": str(folder)}
    own |= {"METRICS_TOKEN": "of-the-operator"}
    return {**os.environ, **own, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", "PYTHONUNBUFFERED": "1"}


def start(folder: Path) -> subprocess.Popen:
    """What `./run demo` runs once the packages are there."""
    command = [sys.executable, "-m", "server.supervisor", "--port", "22000"]
    out = (folder / "out.txt").open("ab")
    return subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=out, stderr=subprocess.STDOUT)


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """What it said until it ran. Ended by Ctrl-C, cleanly."""
    folder.mkdir(exist_ok=True)
    (folder / "out.txt").write_text("")
    process, deadline = start(folder), time.monotonic() + LATEST_S
    try:
        while "Ctrl-C stops everything" not in (said := (folder / "out.txt").read_text()):
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(90)
    assert code == 0, (folder / "out.txt").read_text()
    assert left_over(folder) == []


def left_over(folder: Path) -> list[str]:
    """Processes of this platform that still run."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        try:
            mine = str(folder) in " ".join(process.cmdline()) or process.environ().get("ILIMA_DATA") == str(folder)
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def sign_in(url: str, email: str, password: str) -> requests.Session:
    person, path = requests.Session(), f"{url}/_allauth/browser/v1"
    person.get(f"{path}/config", timeout=20)
    headers = {"X-CSRFToken": person.cookies["csrftoken"]}
    reply = person.post(f"{path}/auth/login", json={"email": email, "password": password}, headers=headers, timeout=20)
    assert reply.status_code == 200, (email, reply.text)
    return person


def url_of(said: str) -> str:
    return re.search(r"console\s+(http://\S+)/console/", said)[1]


def started_in(said: str) -> float:
    return float(re.search(r"started in (\d+) s", said)[1])


def sign_ins(said: str) -> dict[str, tuple[str, str]]:
    return {
        role: (email, word) for role, email, word in re.findall(r"^\s+(\w+)\s+(\S+@\S+)\s+password (\S+)$", said, re.M)
    }


def answers_when_all_is_there(url: str) -> dict:
    deadline = time.monotonic() + 60
    while not (reply := requests.get(f"{url}/health", headers=OPERATOR, timeout=20)).ok:
        assert time.monotonic() < deadline, reply.text
        time.sleep(1)
    return reply.json()


def projects_of(requester: requests.Session, url: str) -> list[dict]:
    return requester.get(f"{url}/api/v1/projects", timeout=20).json()["results"]


@pytest.mark.slow
def test_the_demo_starts_shows_itself_stops_cleanly_and_keeps_its_data(tmp_path):
    folder = tmp_path / "demo"
    with demo(folder) as said:
        url, people, first_s = url_of(said), sign_ins(said), started_in(said)
        assert answers_when_all_is_there(url) == {"ok": True, "missing": {}, "checked": sorted(ALL_PARTS)}
        assert tuple(people) == ROLES
        signed_in = {role: sign_in(url, *people[role]) for role in ROLES}
        roles = {role: s.get(f"{url}/api/v1/me", timeout=20).json()["roles"] for role, s in signed_in.items()}
        assert all(role in held for role, held in roles.items()), roles
        first = projects_of(signed_in["requester"], url)
        assert {project["task_type"] for project in first} >= {"choice", "boxes", "text"}
        assert {project["medium"] for project in first} >= {"image", "text", "audio"}
        offers = signed_in["worker"].get(f"{url}/api/v1/work/batches", timeout=20).json()["results"]
        assert offers
        asked = signed_in["reviewer"].get(f"{url}/console/appeals/", timeout=20)
        assert MISS_WORDS in asked.text, asked.status_code
        check_that_a_second_one_is_refused(folder, url)

    with demo(folder) as said:
        assert "Loading the demo" not in said
        assert sign_ins(said) == people
        assert started_in(said) <= first_s / 2, "nothing is loaded, so it is a matter of starting processes"
        assert projects_of(sign_in(url_of(said), *people["requester"]), url_of(said)) == first


ALL_PARTS = ("database", "redis", "storage", "beat", "chain", *(f"queue {queue}" for queue in hearts.queues()))
OPERATOR = {"Authorization": "Bearer of-the-operator"}


def check_that_a_second_one_is_refused(folder: Path, url: str) -> None:
    command = [sys.executable, "-m", "server.supervisor"]
    other = subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=60, check=False
    )
    assert other.returncode != 0
    assert f"Ilima runs on {folder} already" in other.stderr
    assert "Traceback" not in other.stderr
    assert requests.get(f"{url}/ready", timeout=20).ok
    assert (folder / "running.json").exists()  # `./run manage` still finds the first


def test_real_servers_are_used_where_they_are_named_and_no_other_is_started(tmp_path):
    named = {"DATABASE_URL": "postgresql://db.example/ilima", "REDIS_URL": "redis://kv.example/0"}
    platform = Platform(tmp_path / "data", extra=named)
    try:
        found = platform.start_servers()
        assert {name: found[name] for name in named} == named
        assert (platform.postgres, platform.valkey) == (None, None)
        assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["lock", "pulse"]
        with pytest.raises(SystemExit, match="already: stop that one first"):
            Platform(tmp_path / "data", extra=named).start_servers()
    finally:
        platform.stop()
    other = Platform(tmp_path / "data", extra=named)  # once it has stopped the folder is free
    other.start_servers()
    other.stop()


def test_the_demo_shows_itself_to_the_network_only_when_that_is_meant(tmp_path):
    command = [sys.executable, "-m", "server.supervisor"]
    given = {**environment(tmp_path), "HOST": "0.0.0.0"}
    refused = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode != 0
    assert "HOST=0.0.0.0 would show the demo to the network" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "postgres").exists()
