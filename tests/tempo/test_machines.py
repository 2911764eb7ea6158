"""Five accounts of one bot that are the whole crowd: each is flagged within 60 answers, and none is paid more than a first sum."""

from datetime import UTC, datetime

import numpy as np
import pytest
import time_machine

from consensus.app.models import WorkerFlag
from labelling.conduct.holds import hold_of
from labelling.models import Decision, PayHold
from labelling.work.obfuscated_ids import shown_item_id
from ledger.factories import available_of
from ledger.posting import balance
from tests.tempo.machines import Phone, crowd_world, flags_of, honest, machine, truth_of, work

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
MAX_BEFORE_FLAG = 60


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
    assert max(answers_when_flagged(bot) for bot in bots) <= MAX_BEFORE_FLAG
    assert all(PayHold.objects.filter(worker=bot.worker, ended_at=None).exists() for bot in bots)
    assert sum(may_have(bot) for bot in bots) <= 5 * settings.FIRST_DAY_MICRO
    assert max(bot.answers for bot in bots) <= MAX_BEFORE_FLAG
    assert Decision.objects.filter(project=world.project, final=True).count() < 300  # the batch was not eaten up


def wrong(world, truth) -> int:
    rows = list(Decision.objects.filter(project=world.project, final=True))
    assert len(rows) == len(world.items)
    return sum(row.value["label"] != truth[shown_item_id(row.item_id)] for row in rows)


def one_crowd(seed: int, make, move_to, items: int = 120):
    """Fifteen people with five of these machines among them; (people, machines, how many labels are wrong)."""
    rng = np.random.default_rng(seed)
    world = crowd_world(items=items, golds=30, workers=0)
    people = [honest(rng, skill) for skill in np.linspace(0.75, 0.92, 15)]
    bots = [make(rng) for _ in range(5)] if make else []
    truth = truth_of(world, rng)
    work(world, [*people, *bots], truth, move_to)
    return people, bots, wrong(world, truth)


ALONE: dict[
    int, int
] = {}  # how many labels of a crowd are wrong without machines, by its seed: the same for both kinds of machine


def wrong_alone(seed: int, move_to) -> int:
    if seed not in ALONE:
        ALONE[seed] = one_crowd(seed, None, move_to)[2]
    return ALONE[seed]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "claims_ms"), [(0.02, None), (0.02, 6000)], ids=["no pause", "forged times"])
def test_among_fifteen_honest_workers_the_machines_are_held_and_nobody_else(seconds, claims_ms, move_to, settings):
    """And the labels are as right as without them: within a point, and what two crowds of one kind differ by once in a thousand times,
    from as many wrong labels as there were (the database draws at random). Ten seeds: benchmarks/abuse_tempo.py."""
    alone, with_machines, seeds, items = 0, 0, (3, 4), 120
    for seed in seeds:
        alone += wrong_alone(seed, move_to)
        people, bots, mistakes = one_crowd(seed, lambda rng: machine(rng, seconds, claims_ms), move_to)
        with_machines += mistakes
        honest_ones = [one.worker for one in people]
        assert list(WorkerFlag.objects.filter(worker__in=honest_ones).values_list("kind", "p_value", "evidence")) == []
        assert not PayHold.objects.filter(worker__in=honest_ones).exists()
        assert max(answers_when_flagged(bot) for bot in bots) <= MAX_BEFORE_FLAG
        assert sum(may_have(bot) for bot in bots) <= 5 * settings.FIRST_DAY_MICRO
    labels = len(seeds) * items
    assert with_machines - alone <= 0.01 * labels + 3.1 * (with_machines + alone) ** 0.5
