"""A project with a crowd in which some do not play fair, made through the verbs that the product uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.utils import timezone

from labelling.models import Lease
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from people.models import Worker
from tests.worlds import World, answer_to, opened, sentiment_world

LABELS = ("bad", "good", "mixed", "off-topic")
HONEST_SKILL = 0.85
_FIELDS = {
    "target_ppm": 999_999,
    "config": {"labels": [{"id": label, "name": {"en": label.capitalize()}} for label in LABELS]},
}
SHEET_SKILL = 0.7  # of the one whose answers the ring gives


@dataclass
class Abused:
    world: World
    clicker: Worker
    ring: list[Worker]
    machine: Worker
    honest: list[Worker]


def abused(items: int = 80, honest: int = 8, **project) -> Abused:
    """Everybody answers every item: one clicks at random, three give one answer, one needs a third of a second."""
    crowd = honest + 5
    world = opened(
        sentiment_world(
            items=items, workers=crowd, **{**_FIELDS, "min_answers": crowd, "max_answers": crowd, **project}
        )
    )
    rng = np.random.default_rng(11)
    truth = rng.integers(0, len(LABELS), items)
    sheet = _slips(truth, SHEET_SKILL, rng)
    place = {item.pk: number for number, item in enumerate(world.items)}
    clicker, one, two, three, machine, *others = world.workers
    for worker in world.workers:
        if worker in (one, two, three):
            said = sheet
        elif worker == clicker:
            said = rng.integers(0, len(LABELS), items)
        else:
            said = _slips(truth, HONEST_SKILL, rng)
        usual_ms = 300 if worker == machine else 6000 * np.exp(rng.normal(0, 0.2))
        _answer_all(world, worker, place, said, usual_ms, rng)
    return Abused(world, clicker, [one, two, three], machine, others)


def _slips(truth: np.ndarray, skill: float, rng) -> np.ndarray:
    wrong = (truth + rng.integers(1, len(LABELS), len(truth))) % len(LABELS)
    return np.where(rng.random(len(truth)) < skill, truth, wrong)


def _answer_all(world: World, worker: Worker, place: dict[int, int], said: np.ndarray, usual_ms: float, rng) -> None:
    while lent := draw_work(worker, world.batch, 50):
        Lease.objects.filter(worker=worker, state="live").update(drawn_at=timezone.now() - timedelta(hours=1))
        answers = [
            answer_to(
                one, {"label": LABELS[said[place[one.item_id]]]}, active_ms=int(usual_ms * np.exp(rng.normal(0, 0.4)))
            )
            for one in lent
        ]
        accept_answers(worker, answers)
