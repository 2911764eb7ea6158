"""Skill runs by real Celery worker processes: one is enough, and one that is killed costs its shard only."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from django.core.files.storage import default_storage
from django.db import connection

from consensus.app import run_files
from consensus.app.actions import refresh_skills as refresh
from consensus.app.actions import skill_runs as runs
from consensus.app.models import Skill, SkillRun
from server.celery import app
from tests.consensus_app.crowd import crowded, published

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "/ilima?" not in os.environ.get("DATABASE_URL", ""), reason="needs the embedded PostgreSQL's address"
    ),
]

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 400
LEASE_S = 2


class Worker:
    """`celery worker` with one process to work in, on the test's database and broker."""

    def __enter__(self):
        url = os.environ["DATABASE_URL"].replace("/ilima?", f"/{connection.settings_dict['NAME']}?")
        settings = {"DATABASE_URL": url, "WAKE_IN_TESTS": "1", "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
        command = [sys.executable, "-m", "celery", "-A", "server", "worker", "-c", "1", "-Q", "learning,ilima"]
        command += ["-n", f"runs-{time.monotonic_ns()}@%h", "--without-mingle", "--without-gossip", "-l", "WARNING"]
        self.process = subprocess.Popen(command, env={**os.environ, **settings}, cwd=ROOT, stdout=subprocess.DEVNULL)
        return self

    def family(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [*parent.children(recursive=True), parent]

    def kill(self) -> None:
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()


@pytest.fixture
def world(settings):
    settings.WAKE_IN_TESTS = True
    settings.SKILLS_IN_MEMORY_ANSWERS = 10**9
    settings.SKILL_SHARD_ANSWERS = 90
    settings.SKILL_SHARD_LEASE_S = LEASE_S
    world = crowded(items=60)
    refresh.refresh_skills(world.project.pk)
    world.expected = published(world.project)
    Skill.objects.all().delete()
    settings.SKILLS_IN_MEMORY_ANSWERS = 100
    app.control.purge()
    yield world
    app.control.purge()


def watch(run, until) -> list[SkillRun]:
    """The states of the run that were seen until `until(state)`; meanwhile we are beat."""
    deadline, due, seen = time.monotonic() + LIMIT_S, 0.0, []
    while time.monotonic() < deadline:
        now = SkillRun.objects.get(pk=run.pk)
        if not seen or (now.number, now.shards_done, now.state) != (
            seen[-1].number,
            seen[-1].shards_done,
            seen[-1].state,
        ):
            seen.append(now)
        if until(now):
            return seen
        if time.monotonic() > due:
            runs.resume()
            due = time.monotonic() + LEASE_S / 2
        threading.Event().wait(0.02)  # leaves the core to the worker
    raise AssertionError(f"not in {LIMIT_S} s: {seen[-1].state} at pass {seen[-1].number}, {seen[-1].error}")


def begun(world) -> SkillRun:
    assert refresh.refresh_skills(world.project.pk) == 0
    return SkillRun.objects.get(project=world.project)


def test_one_worker_process_learns_what_one_machine_learns(world):
    run = begun(world)
    with Worker():
        seen = watch(run, lambda now: not now.is_running)
        assert seen[-1].state == "done"
        assert published(world.project) == world.expected
        places = [(state.number, state.shards_done) for state in seen]
        assert places == sorted(places)
        fractions = [state.fraction_ppm for state in seen]
        assert fractions == sorted(fractions)
        assert len(seen) > 10
        watch(run, lambda now: not now.shards.exists())
    assert default_storage.listdir(run_files.folder(run.pk))[1] == []


def test_a_worker_killed_in_the_middle_of_passes_costs_its_shard_only(world):
    run, killed_at = begun(world), []
    for _ in range(2):
        with Worker() as worker:
            start = SkillRun.objects.get(pk=run.pk).number
            now = watch(run, lambda now, start=start: now.number >= start + 3 and 0 < now.shards_done < now.n_shards)[
                -1
            ]
            worker.kill()
            killed_at.append(now.number)
    assert SkillRun.objects.get(pk=run.pk).is_running
    assert not Skill.objects.exists()
    with Worker():
        assert watch(run, lambda now: not now.is_running)[-1].state == "done"
    assert 3 <= killed_at[0] < killed_at[1]
    assert published(world.project) == world.expected


def test_cancel_stops_a_run_at_once(world):
    run = begun(world)
    with Worker():
        watch(run, lambda now: now.number >= 3)
        assert runs.cancel_run(world.requester, run)
        stopped = SkillRun.objects.get(pk=run.pk)
        watch(run, lambda now: not now.shards.exists())  # the worker cleans up: it has seen all there was to do
        after = SkillRun.objects.get(pk=run.pk)
    assert (after.state, after.number, after.ended_at) == ("cancelled", stopped.number, stopped.ended_at)
    assert not Skill.objects.exists()
