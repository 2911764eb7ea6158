"""The first wrong step, by planted crowds that the model has never met."""

import numpy as np
import pytest

from consensus.core import FirstFault, Stops

FINDS, ALARMS, LATE, HAZARD = 0.8, 0.05, 0.3, 0.15


def reads(rng, truth, steps, finds=FINDS, alarms=ALARMS):
    for step in range(steps):
        chance = alarms if step < truth else finds if step == truth else LATE
        if rng.random() < chance:
            return step
    return steps


def crowd(
    seed, *, per_item=3, n_workers=40, n_items=200, finds=FINDS, alarms=ALARMS, first_always=lambda worker: False
):
    """(stops, truths). first_always: who stops at the first step whatever it is."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(4, 9, n_items)
    truths = [next((step for step in range(n) if rng.random() < HAZARD), int(n)) for n in lengths]
    rows = [
        (item, int(worker), 0 if first_always(worker) else reads(rng, truths[item], n, finds, alarms))
        for item, n in enumerate(lengths.tolist())
        for worker in rng.choice(n_workers, per_item, replace=False)
    ]
    steps = dict(enumerate(lengths.tolist()))
    return Stops.from_rows(*map(list, zip(*rows, strict=True)), steps=steps, item_ids=list(steps)), truths


def told(decisions, truths, since=0):
    """(share that is right, mean confidence)"""
    rows = list(decisions)[since:]
    right = [one.value == truth for one, truth in zip(rows, truths[since:], strict=True)]
    return np.mean(right), np.mean([one.confidence for one in rows])


def of_seeds(n, **planted):
    """(right, confidence) with what is learned, and as strangers."""
    found = []
    for seed in range(n):
        stops, truths = crowd(seed, **planted)
        stranger = FirstFault(skills=FirstFault.newcomers())
        found.append([told(model.decide(stops), truths) for model in (FirstFault().fit(stops), stranger)])
    return np.mean(found, axis=0)


def test_a_usual_crowd_is_believed_as_far_as_it_is_right():
    (right, sure), (of_strangers, _) = of_seeds(4)
    assert right > 0.83
    assert right >= of_strangers - 0.02
    assert sure == pytest.approx(right, abs=0.05)


def test_one_answer_an_item_teaches_nothing():
    (right, sure), (of_strangers, _) = of_seeds(4, per_item=1)
    assert right == of_strangers
    assert sure == pytest.approx(right, abs=0.05)
    stops, _ = crowd(0, per_item=1)
    learned, new = FirstFault().fit(stops).skills, FirstFault.newcomers()
    assert {key: learned.crowd[key] for key in ("finds", "alarms", "late", "hazard")} == {
        key: new.crowd[key] for key in ("finds", "alarms", "late", "hazard")
    }
    assert sum(learned.answers.values()) == 200


def test_newcomers_who_read_badly_are_not_believed():
    """Six hundred with one answer each, who find half and see faults everywhere: the model took nearly every first step for wrong."""
    (right, sure), (of_strangers, _) = of_seeds(4, n_workers=600, finds=0.5, alarms=0.2)
    assert right > 0.4
    assert right >= of_strangers - 0.02
    assert sure < right + 0.15


def test_known_items_tell_who_always_stops_at_the_first_step():
    for seed in range(4):
        stops, truths = crowd(seed, first_always=lambda worker: worker % 3 == 0)
        model = FirstFault().fit(stops, gold=dict(enumerate(truths[:20])))
        right, sure = told(model.decide(stops), truths, 20)
        assert right > 0.65
        assert sure < right + 0.08


def test_three_strangers_who_all_differ_are_of_no_use():
    """c, a and nothing: what they teach of themselves does not make them surer than they were."""
    for steps in (3, 4, 6, 8):
        stops = Stops.from_rows(["trace"] * 3, ["ann", "bob", "cy"], [2, 0, steps], steps=steps)
        (before,) = FirstFault(skills=FirstFault.newcomers()).decide(stops)
        (after,) = FirstFault().fit(stops).decide(stops)
        assert after.confidence < 0.75, (steps, before.confidence, after.confidence)
