import io

import numpy as np
import pytest

from consensus.core import auto
from consensus.core.distributed.shard_steps import STAGES, Steps
from consensus.core.distributed.sharding import auto_on_shards, run_job, run_locally, split_votes
from tests.core.crowds import coins, crowd


@pytest.fixture(scope="module")
def votes():
    return crowd(coins(np.linspace(0.5, 0.95, 12), 4), n_items=500, per_item=5, hard=0.1)[0]


def add(results):
    total = list(results[0])
    for result in results[1:]:
        total = [x + y for x, y in zip(total, result, strict=True)]
    return tuple(total)


def through_a_file(steps):
    file = io.BytesIO()
    np.savez(file, **steps.to_arrays())
    file.seek(0)
    return Steps.from_arrays(dict(np.load(file, allow_pickle=False)))


def walk(shards, keep=lambda steps: steps, n_labels=4, **options):
    steps, seen = Steps(n_labels, **options), []
    while (asked := steps.ask()) is not None:
        seen.append((asked.job, steps))
        steps = keep(steps.take(add([run_job(asked.job, shard, *asked.arguments) for shard in shards])))
    return steps, seen


@pytest.mark.parametrize("keep", [lambda steps: steps, through_a_file], ids=["in memory", "through files"])
def test_step_by_step_gives_what_the_whole_run_gives(votes, keep):
    shards = split_votes(votes, 3)
    found, whole = walk(shards, keep)[0].skills(), auto_on_shards(run_locally(shards))
    assert np.array_equal(found.confusion, whole.confusion)
    assert np.array_equal(found.prior, whole.prior)
    assert [fit.n_iter for fit in found.model.types] == [fit.n_iter for fit in whole.model.types]
    assert [fit.bound for fit in found.model.types] == [fit.bound for fit in whole.model.types]
    assert found.model.coins.bound == whole.model.coins.bound
    np.testing.assert_allclose(found.confusion, auto(votes).confusion, atol=1e-9)


@pytest.mark.parametrize("keep", [lambda steps: steps, through_a_file], ids=["in memory", "through files"])
def test_a_model_that_weighs_is_fitted_from_two_starts(keep):
    clicked = coins(np.r_[np.linspace(0.55, 0.95, 12), np.full(8, 0.5)], 2)
    votes = crowd(clicked, n_items=200, per_item=8, hard=0.3, seed=0)[0]
    shards = split_votes(votes, 3)
    steps, seen = walk(shards, keep, n_labels=2)
    starts = [state.ask().arguments for job, state in seen if job == "types_start"]
    assert [(arguments[0], len(arguments)) for arguments in starts] == [(1, 1), (3, 1), (3, 4)]
    found, whole = steps.skills(), auto_on_shards(run_locally(shards))
    assert np.array_equal(found.confusion, whole.confusion)
    assert [fit.bound for fit in found.model.types] == [fit.bound for fit in whole.model.types]
    posteriors = np.concatenate(list(run_locally(shards)("posteriors", (found.model,))))
    np.testing.assert_allclose(posteriors, auto(votes).posteriors, atol=1e-9)


def test_a_model_that_weighs_next_to_nothing_is_not_tried_again(votes):
    jobs = [job for job, _ in walk(split_votes(votes, 2))[1]]
    assert jobs.count("types_start") == 2


def test_passes_end_at_n_iter(votes):
    steps, seen = walk(split_votes(votes, 2), n_iter=2)
    assert [job for job, _ in seen] == [
        "sizes", "coin_start", "coin_pass", "coin_pass", "types_start", "pass", "pass", "types_start", "pass", "pass", "chosen",
    ]  # fmt: skip
    assert [fit.n_iter for fit in steps.fits] == [2, 2, 2]


def test_the_fraction_done_ends_at_one_and_says_little_too_much(votes):
    steps, seen = walk(split_votes(votes, 2))
    fractions = [state.fraction() for _, state in seen]
    assert fractions[0] == 0
    assert steps.fraction() == 1
    assert all(0 <= fraction < 1 for fraction in fractions)
    assert np.mean(np.diff(fractions) >= -1e-12) > 0.6
    assert [state.stage_name for _, state in seen][-1] == STAGES[-1] == "skills"


def test_skills_before_the_end_are_refused():
    with pytest.raises(ValueError, match="there are passes left"):
        Steps(4).skills()
