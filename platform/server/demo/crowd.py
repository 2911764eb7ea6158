"""A simulated crowd that works through the product's own verbs: draws, answers, is decided and paid."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from delivery import outbox
from labelling.models import Batch
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.lent import Lent
from people.models import Worker

Mistake = Callable[[dict, random.Random], dict]


class Known(Protocol):
    """truth: item id -> true value; wrong and near: what a careless and a careful worker make of it."""

    @property
    def truth(self) -> dict[int, dict]: ...
    @property
    def wrong(self) -> Mistake: ...
    @property
    def near(self) -> Mistake: ...


@dataclass
class Member:
    """skill: how often she answers with the truth; habit: what she answers to everything, instead."""

    worker: Worker
    skill: float
    habit: Mistake | None = None


def always(value: dict) -> Mistake:
    return lambda truth, rng: value


def work_through(batch: Batch, crowd: list[Member], known: Known, *, until: float, seed: int) -> int:
    """Let the crowd answer until this share of the batch's items is done; returns the answers given."""
    rng, given, seconds = random.Random(seed), 0, float(batch.project.estimated_task_s)
    for _ in range(400):
        batch.refresh_from_db()
        if batch.state != Batch.State.OPEN or batch.items_done >= until * batch.items_total:
            return given
        drew = 0
        for member in rng.sample(crowd, len(crowd)):
            lent = draw_work(member.worker, batch, rng.randint(2, 6))
            drew += len(lent)
            sent = [_answer(one, member, known, seconds, rng) for one in lent]
            given += len(accept_answers(member.worker, sent)) if sent else 0
            outbox.drain()
        if not drew:
            return given
    return given


def _answer(one: Lent, member: Member, known: Known, seconds: float, rng: random.Random) -> dict:
    says = member.habit or (known.near if rng.random() < member.skill else known.wrong)
    value = says(known.truth[one.item_id], rng)
    return {
        "id": str(uuid.uuid4()),
        "lease": one.lease,
        "value": value,
        "active_ms": int(1000 * seconds * rng.uniform(0.5, 1.8)),
        "device_class": rng.choice(["phone", "phone", "phone", "tablet", "desktop"]),
    }
