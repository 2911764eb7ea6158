"""A crowd of which some are machines, over HTTP with ordinary accounts; the clock is moved, never waited for.

Honest people take a few seconds a task, with their own hour's pace; machines do what the test says. After each step Celery's beat
does what it would have done by then: the outbox, the look at newcomers, skills learned anew.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.test import Client

from consensus.app.actions.look_at_newcomers import look_at_newcomers
from consensus.app.models import WorkerFlag
from consensus.app.tasks import refresh_skills
from delivery.outbox import drain
from labelling.models import Answer
from labelling.work.obfuscated_ids import shown_item_id
from ledger import clock
from people.actions.make_token import make_token
from people.models import Worker
from tests.worlds import World, make_worker, opened, sentiment_world

LABELS = ("bad", "good", "mixed", "off-topic")
CONFIG = {"labels": [{"id": label, "name": {"en": label.capitalize()}} for label in LABELS]}
BEAT_S = 15
LEARN_S = 60
LOOKS_AGAIN = 24  # times that who finds no work asks again, a beat apart: others hold the last items for minutes, and they are asked again


def crowd_world(items: int, golds: int, workers: int, **project) -> World:
    fields = {"config": CONFIG, "min_answers": 3, "max_answers": 7, "target_ppm": 950_000, "gold_share_bps": 1000}
    return opened(
        sentiment_world(items=items, golds=golds, workers=0, **{**fields, **project}),
        base_micro=10_000,
        bonus_micro=2_500,
    )


@dataclass
class Phone:
    """One account by token. says(truth) -> label; seconds() -> how long the next task takes; claims: what its phone says of that."""

    says: Callable[[str], str]
    seconds: Callable[[], float]
    pack: int = 20
    claims_ms: int | None = None
    worker: Worker = field(default_factory=lambda: make_worker(f"p-{uuid.uuid4().hex[:8]}", recorded=False))
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        _, secret = make_token(self.worker.person, "test", ["work"])
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(self, path: str, body: dict):
        return self.client.post(f"/api/v1{path}", body, content_type="application/json")

    def live(self, batch: int, truth: dict[int, str]) -> Iterator[float]:
        """Draws, takes the time that it takes, answers, again and again; yields how long it is until the next thing."""
        idle = 0
        while idle < LOOKS_AGAIN:
            reply = self.post("/work/draw", {"batch": batch, "n": self.pack})
            if reply.status_code == 404:
                return
            if reply.status_code == 200 and not reply.json()["leases"]:
                idle += 1
                yield BEAT_S
                continue
            idle = 0
            if reply.status_code != 200:
                self.told.append(reply.json()["error"]["code"])
                yield BEAT_S
                continue
            leases = reply.json()["leases"]
            took = [self.seconds() for _ in leases]
            yield sum(took)
            sent = [
                {
                    "id": str(uuid.uuid4()),
                    "lease": lease["lease"],
                    "value": {"label": self.says(truth[lease["item"]["id"]])},
                    "active_ms": self.claims_ms if self.claims_ms is not None else int(1000 * s),
                }
                for lease, s in zip(leases, took, strict=True)
            ]
            while (reply := self.post("/work/answers", {"answers": sent})).status_code == 429:
                self.told.append("429")
                yield float(reply.headers["Retry-After"])
            results = reply.json()["results"]
            assert {one["status"] for one in results} == {"accepted"}, results

    @property
    def answers(self) -> int:
        return Answer.objects.filter(worker=self.worker).count()


def truth_of(world: World, rng: np.random.Generator) -> dict[int, str]:
    """{the item as phones see it: its label}. Known items are "good", as their world made them."""
    truth = {shown_item_id(item.pk): LABELS[rng.integers(len(LABELS))] for item in world.items}
    return truth | {shown_item_id(item.pk): "good" for item in world.golds}


def skilled(rng: np.random.Generator, skill: float) -> Callable[[str], str]:
    """Right `skill` of the time, else any other label."""

    def says(truth: str) -> str:
        others = [label for label in LABELS if label != truth]
        return truth if rng.random() < skill else others[rng.integers(len(others))]

    return says


def honest(rng: np.random.Generator, skill: float, usual_s: float = 5.0) -> Phone:
    """A person with her own pace, each task a little different."""
    own_s = usual_s * float(np.exp(rng.normal(0, 0.3)))
    return Phone(skilled(rng, skill), lambda: own_s * float(np.exp(rng.normal(0, 0.4))))


def machine(rng: np.random.Generator, seconds: float, claims_ms: int | None = None, pack: int = 50) -> Phone:
    """Answers at random."""
    return Phone(lambda truth: LABELS[rng.integers(len(LABELS))], lambda: seconds, pack=pack, claims_ms=claims_ms)


def work(world: World, phones: list[Phone], truth: dict[int, str], move_to: Callable[[datetime], None]) -> None:
    """All work side by side, in the order of time, until none gets more work. `move_to` sets the clock that all share."""
    begin = clock.now()
    lives = [phone.live(world.batch.pk, truth) for phone in phones]
    due = [(0.0, number) for number in range(len(phones))]
    beat_s, refused = BEAT_S, 0
    while due and refused < 3 * len(due):
        heapq.heapify(due)
        now_s, number = heapq.heappop(due)
        while beat_s <= now_s:
            move_to(begin + timedelta(seconds=beat_s))
            drain()
            look_at_newcomers()
            if beat_s % LEARN_S == 0:
                refresh_skills()
            beat_s += BEAT_S
        move_to(begin + timedelta(seconds=now_s))
        told = len(phones[number].told)
        wait_s = next(lives[number], None)
        refused = refused + 1 if len(phones[number].told) > told else 0
        if wait_s is not None:
            heapq.heappush(due, (now_s + max(wait_s, 0.001), number))
    drain()


def flags_of(phone: Phone) -> list[tuple[str, int]]:
    """(kind, how many answers she had given by then) of each flag that holds pay, the first one first."""
    flags = WorkerFlag.objects.filter(worker=phone.worker).exclude(kind="drift").order_by("first_seen", "kind")
    given = Answer.objects.filter(worker=phone.worker)
    return [(flag.kind, given.filter(received_at__lte=flag.first_seen).count()) for flag in flags]
