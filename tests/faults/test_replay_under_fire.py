"""A replay with everything going wrong: kill -9, a flushed Redis, a crashed database, each POST sent one to three times.

Four parts, kept apart (Jepsen): the generator is the replay, the nemesis breaks things, the history is what the clients were told, the
checker compares it with the database. The control takes the safeguard away and must fail.
"""

from __future__ import annotations

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading

import psutil
import pytest
import redis

from tests.whole_platform import manage, python, whole_platform

pytestmark = pytest.mark.slow

KILLS, FLUSHES = 20, 2
TASKS, EACH = 240, 5

RUN = """
import json, os, uuid
from server.replay.crowds import simulate
from server.replay.run import Plan, Replay
class Forgetful(Replay):
    "A phone without an outbox: each try of an answer has a new id."
    def send(self, phone, sent, token):
        for _ in range(3):
            again = [{{**one, "id": str(uuid.uuid4())}} for one in sent]
            results = super().send(phone, again, token)
        return results
replay = {kind}(Plan(crowd=simulate({tasks}, 24, [0.85], {each}), url=os.environ["PUBLIC_URL"], clients=6, repeats=3, pack=4))
replay.prepare()
print("PREPARED", flush=True)
replay.work()
print("WORKED", flush=True)
input()  # until the nemesis is done
replay.finish()
print(json.dumps({{"project": replay.project.pk, "acknowledged": {{k: v["status"] for k, v in replay.acknowledged.items()}}}}))
"""

CHECK = """
import json
from collections import Counter
from labelling.models import Answer, BatchItem, Lease, Settlement
from ledger.models import Transfer
from ledger.posting import trial_balance
from django.db.models import F
answers = Answer.objects.filter(project={project})
print(json.dumps(dict(
    answers=[str(pk) for pk in answers.values_list("pk", flat=True)],
    per_lease=max(Counter(answers.values_list("item_id", "worker_id")).values()),
    earned=Transfer.objects.filter(kind="earn").count(), settled=Settlement.objects.filter(answer__project={project}).count(),
    sum=sum(row.sum_micro for row in trial_balance()),
    leases=Lease.objects.filter(batch__project={project}).count(),
    live=Lease.objects.filter(batch__project={project}, state="live").count(),
    over=BatchItem.objects.filter(taken__gt=F("wanted")).count())))
"""


class Nemesis(threading.Thread):
    """Breaks the platform while it works, and mends it as a supervisor would."""

    def __init__(self, platform, seed: int = 3):
        super().__init__(daemon=True)
        self.platform, self.rng = platform, random.Random(seed)
        self.kills = self.flushes = self.crashes = 0
        self.pause = threading.Event()

    def run(self) -> None:
        """Half of the kills, a crash of the database, the other half; a flush of Redis in each half."""
        for half in range(2):
            for number in range(KILLS // 2):
                self.kill(self.rng.choice(["web", "worker"]))
                self.pause.wait(self.rng.uniform(0.1, 0.8))
                if number == KILLS // 4:
                    self.flush()
            if half == 0:
                self.crash()

    def kill(self, name: str) -> None:
        service = self.platform.services[name]
        family = [*psutil.Process(service.process.pid).children(recursive=True), psutil.Process(service.process.pid)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        service.process.wait()
        service.start()
        if name == "web":
            self.platform.wait_ready()  # so that work is done between two kills
        self.kills += 1

    def flush(self) -> None:
        redis.Redis.from_url(self.platform.environment["REDIS_URL"]).flushall()
        self.flushes += 1

    def crash(self) -> None:
        self.platform.postgres.crash()
        self.platform.postgres.start()
        self.crashes += 1


def replay_under_fire(platform, kind: str) -> tuple[dict, dict, Nemesis]:
    """(what the clients were told, what the database holds, what was broken)."""
    code = RUN.format(tasks=TASKS, each=EACH, kind=kind)
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    generator = subprocess.Popen(
        command,
        env=platform.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    nemesis = Nemesis(platform)
    for line in generator.stdout:
        if line.startswith("PREPARED"):
            nemesis.start()
        if line.startswith("WORKED"):
            break
    nemesis.join()
    out, errors = generator.communicate("go\n", timeout=400)
    assert generator.returncode == 0, errors[-3000:]
    history = json.loads(out.strip().splitlines()[-1])
    return history, python(platform, CHECK.format(project=history["project"])), nemesis


def check(history: dict, books: dict) -> None:
    """What the clients were told, against what the database holds."""
    told = history["acknowledged"]
    assert set(told.values()) <= {"accepted", "repeated"}
    assert set(told) - set(books["answers"]) == set(), "acknowledged answers are missing"
    # A draw that was sent again lends more; what the phone never saw stays lent until it runs out. Nothing else is missing.
    assert len(books["answers"]) + books["live"] == books["leases"] > 0.9 * TASKS * EACH
    assert books["per_lease"] == 1
    assert books["earned"] == books["settled"] == len(books["answers"])
    assert books["sum"] == 0
    assert books["over"] == 0


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled():
    with whole_platform(8220) as platform:
        history, books, nemesis = replay_under_fire(platform, "Replay")
        manage(platform, "audit_ledger")  # exits with an error when the ledger's law is broken
    check(history, books)
    assert (nemesis.kills, nemesis.flushes, nemesis.crashes) == (KILLS, FLUSHES, 1)


def test_control_without_the_idempotency_key_the_same_check_fails():
    with whole_platform(8230) as platform:
        history, books, _ = replay_under_fire(platform, "Forgetful")
    with pytest.raises(AssertionError):
        check(history, books)
