"""Breaks one thing after another and waits each time until work goes on. It mends nothing: that is the supervisor's part."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import psycopg
import redis

from tests.supervised import MARKS, Supervised

WITHIN_S = 150
PARENTS = tuple(MARKS)
CHILDREN = ("web", "worker", "importer", "learner")
STOPS = ("web child", "valkey", "worker child", "beat", "worker", "courier", "web", "rail")


@dataclass
class Fault:
    """What was broken, when (time of the clock), how long until it was replaced, and until the platform answered again."""

    what: str
    at: float
    replaced_s: float
    answered_s: float


class Nemesis(threading.Thread):
    def __init__(self, platform: Supervised, plan: list[str], seed: int = 3, rest_s: tuple[float, float] = (0.5, 3)):
        super().__init__(daemon=True)
        self.platform, self.plan, self.rest_s = platform, plan, rest_s
        self.rng, self.faults = random.Random(seed), []
        self.died: BaseException | None = None
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            for what in self.plan:
                if self.enough.is_set():
                    return
                self.faults.append(self._fault(what))
                self.enough.wait(self.rng.uniform(*self.rest_s))
        except BaseException as failure:
            self.died = failure

    def _fault(self, what: str) -> Fault:
        how, _, whom = what.partition(" ")
        at, began = time.time(), time.monotonic()
        if how == "flush":
            redis.Redis.from_url(self.platform.environment["REDIS_URL"]).flushall()
            old = None
        else:
            old = self._there(whom)
            old.send_signal({"kill": signal.SIGKILL, "stop": signal.SIGSTOP, "crash": signal.SIGQUIT}[how])
        replaced_s = self._until(lambda: old is None or self._is_another(whom, old), what, began)
        return Fault(what, at, replaced_s, self._until(self._works, f"answers after {what}", began))

    def _there(self, whom: str) -> psutil.Process:
        found: list[psutil.Process] = []

        def look() -> bool:
            try:
                found.append(self._find(whom))
            except LookupError:
                return False
            return True

        self._until(look, f"a {whom} to break", time.monotonic())
        return found[-1]

    def _find(self, whom: str) -> psutil.Process:
        if whom == "backend":
            return self._backend()
        name, _, child = whom.partition(" ")
        return self.platform.child(name) if child else self.platform.parent(name)

    def _backend(self) -> psutil.Process:
        """One that serves the platform, not ours."""
        try:
            with psycopg.connect(self.platform.environment["MIGRATE_DATABASE_URL"], connect_timeout=5) as one:
                sql = "SELECT pid FROM pg_stat_activity WHERE usename = 'ilima_app' AND pid <> pg_backend_pid() LIMIT 1"
                found = one.execute(sql).fetchone()
            return psutil.Process(found[0])
        except (psycopg.Error, psutil.Error, TypeError) as failure:
            raise LookupError("a backend") from failure

    def _is_another(self, whom: str, old: psutil.Process) -> bool:
        """The old one is gone, and where the platform started it, another is there."""
        if old.is_running() and old.status() != psutil.STATUS_ZOMBIE:
            return False
        if whom == "backend":
            return True
        try:
            return self._find(whom).pid != old.pid
        except LookupError:
            return False

    def _works(self) -> bool:
        return self.platform.answers() and self.platform.answers()

    def _until(self, done: Callable[[], bool], what: str, began: float) -> float:
        while not done():
            if time.monotonic() - began > WITHIN_S:
                raise TimeoutError(f"the nemesis waited {WITHIN_S} s for: {what}\n{self.platform.said()[-2000:]}")
            time.sleep(0.05)
        return time.monotonic() - began


def plan_of(kills: int, crashes: int, stops: int, flushes: int, seed: int = 3) -> list[str]:
    """Every kind of process in turn, then again, in an order of its own."""
    kinds = [*PARENTS, *(f"{name} child" for name in CHILDREN), "backend"]
    plan = [f"kill {kinds[n % len(kinds)]}" for n in range(kills)]
    plan += ["crash postgres"] * crashes + [f"stop {STOPS[n % len(STOPS)]}" for n in range(stops)] + ["flush"] * flushes
    random.Random(seed).shuffle(plan)
    return plan
