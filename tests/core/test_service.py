"""A promise on labels that come one by one: kept whenever one looks, and an alarm when the model changes."""

import numpy as np
import pytest

from consensus.core.guarantees.service import service
from consensus.core.guarantees.warranty import MILLION, Promise

E, PROMISE = 0.05, Promise(0.05)


def crowd(rng, n: int, worst: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """A model that is wrong more often the less sure it is, and says less than that."""
    doubt = rng.random(n)
    return np.rint(MILLION * (1 - 0.4 * doubt)).astype(int), rng.random(n) < worst * doubt


def share_wrong(threshold_ppm: int, worst: float = 0.3) -> float:
    """Of all labels, for the crowd above: the integral of worst * doubt up to the threshold's doubt."""
    doubt = np.clip((MILLION - threshold_ppm) / (0.4 * MILLION), 0, 1)
    return float(worst * doubt**2 / 2)


def broken_in(runs: int, error: float) -> float:
    """Share of runs in which somebody who looks again and again sees a threshold that breaks the promise of E."""
    rng, broken = np.random.default_rng(4), 0
    for _ in range(runs):
        stated, wrong = crowd(rng, 400)
        seen = (service(stated[:n], wrong[:n], Promise(error)) for n in range(40, 401, 40))
        broken += any(share_wrong(one.threshold_ppm) > E for one in seen)
    return broken / runs


def test_the_promise_is_kept_whenever_one_looks_and_a_careless_bound_breaks_it():
    assert broken_in(60, E) <= 0.05
    assert broken_in(20, 2 * E) > 0.05


def test_the_model_answers_what_the_draws_allow():
    stated, wrong = crowd(np.random.default_rng(1), 2000)
    found = service(stated, wrong, PROMISE)
    assert 0.3 < found.share < 0.6  # at .577 exactly .05 of all would be wrong
    assert found.bound <= E
    assert share_wrong(found.threshold_ppm) <= E
    assert service(stated[:20], wrong[:20], PROMISE).threshold_ppm == MILLION + 1  # twenty draws show nothing
    assert service(stated, wrong, Promise(E, reference_error=0.03)).share < found.share


def test_a_model_that_gets_worse_is_noticed():
    rng = np.random.default_rng(2)
    stated, wrong = crowd(rng, 1000)
    at = service(stated, wrong, PROMISE).threshold_ppm
    later, worse = crowd(rng, 400, worst=1.5)
    assert not service(stated, wrong, PROMISE, at).changed
    found = service(np.concatenate([stated, later]), np.concatenate([wrong, worse]), PROMISE, at)
    assert found.changed
    assert found.threshold_ppm == MILLION + 1


def test_every_draw_needs_its_word():
    with pytest.raises(ValueError, match="each of the 2 draws"):
        service([1, 2], [True], PROMISE)
