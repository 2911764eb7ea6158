"""Five accounts of one bot that are the whole crowd: each is flagged within 60 answers, and none is paid more than a first sum."""

from datetime import UTC, datetime

import numpy as np
import pytest
import time_machine

from consensus.app.models import WorkerFlag
from labelling.holds import hold_of
from labelling.models import Decision, PayHold
from labelling.shown_ids import shown_item_id
from ledger.posting import balance
from ledger.verbs import available_of
from tests.tempo.machines import Phone, crowd_world, flags_of, honest, machine, truth_of, work

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
MOST_BEFORE_FLAG = 60


@pytest.fixture
def move_to():
    with time_machine.travel(NOON, tick=False) as travel:
        yield lambda moment: travel.move_to(moment, tick=False)


def may_have(phone: Phone) -> int:
    """What she could have paid out now."""
    available = balance(available_of(phone.worker.pk), "USD")
    hold = hold_of(phone.worker)
    return available if hold is None else hold.free_micro(available)


def answers_when_flagged(phone: Phone) -> int:
    return flags_of(phone)[0][1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "claims_ms"),
    [(0.02, None), (0.02, 6000), (3.0, None)],
    ids=["no pause", "forged times", "sleeps like a person"],
)
def test_five_machines_that_are_the_whole_crowd(seconds, claims_ms, move_to, settings):
    rng = np.random.default_rng(5)
    world = crowd_world(items=300, golds=40, workers=0)
    bots = [machine(rng, seconds, claims_ms) for _ in range(5)]
    work(world, bots, truth_of(world, rng), move_to)
    assert max(answers_when_flagged(bot) for bot in bots) <= MOST_BEFORE_FLAG
    assert all(PayHold.objects.filter(worker=bot.worker, ended_at=None).exists() for bot in bots)
    assert sum(may_have(bot) for bot in bots) <= 5 * settings.FIRST_DAY_MICRO
    assert max(bot.answers for bot in bots) <= MOST_BEFORE_FLAG
    assert Decision.objects.filter(project=world.project, final=True).count() < 300  # the batch was not eaten up


def accuracy(world, truth) -> float:
    rows = list(Decision.objects.filter(project=world.project, final=True))
    return sum(row.value["label"] == truth[shown_item_id(row.item_id)] for row in rows) / len(rows)


def one_crowd(seed: int, machines: int, move_to):
    rng = np.random.default_rng(seed)
    world = crowd_world(items=200, golds=30, workers=0)
    people = [honest(rng, skill) for skill in np.linspace(0.75, 0.92, 15)]
    bots = [machine(rng, 0.02, 6000) for _ in range(machines)]
    truth = truth_of(world, rng)
    work(world, [*people, *bots], truth, move_to)
    return world, people, bots, accuracy(world, truth)


@pytest.mark.slow
@pytest.mark.django_db
def test_among_fifteen_honest_workers_the_machines_are_held_and_nobody_else(move_to):
    _, people, bots, with_machines = one_crowd(3, 5, move_to)
    honest_ones = [one.worker for one in people]
    assert list(WorkerFlag.objects.filter(worker__in=honest_ones).values_list("kind", "p_value", "evidence")) == []
    assert not PayHold.objects.filter(worker__in=honest_ones).exists()
    assert max(answers_when_flagged(bot) for bot in bots) <= MOST_BEFORE_FLAG
    assert with_machines > 0.9
