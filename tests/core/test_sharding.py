import numpy as np
import pytest

from consensus.core import auto, dawid_skene
from consensus.core.distributed.sharding import (
    Cancelled,
    Shard,
    auto_on_shards,
    dawid_skene_on_shards,
    run_job,
    run_locally,
    split_votes,
)
from tests.core.crowds import coins, crowd


@pytest.fixture(scope="module")
def votes():
    return crowd(coins(np.linspace(0.5, 0.95, 12), 4), n_items=500, per_item=5, hard=0.1)[0]


def gather(job, shards, model):
    return np.concatenate([run_job(job, shard, model) for shard in shards])


@pytest.mark.parametrize("n_shards", [1, 3, 7])
def test_shards_give_the_same_as_one_machine(votes, n_shards):
    shards = split_votes(votes, n_shards)
    assert sum(shard.votes.n_votes for shard in shards) == votes.n_votes
    fit = dawid_skene_on_shards(run_locally(shards))
    whole = dawid_skene(votes)
    assert fit.n_iter == whole.n_iter
    np.testing.assert_allclose(gather("dawid_skene_posteriors", shards, fit), whole.posteriors, atol=1e-9)
    skills, default = auto_on_shards(run_locally(shards)), auto(votes)
    np.testing.assert_allclose(gather("posteriors", shards, skills.model), default.posteriors, atol=1e-9)
    np.testing.assert_allclose(skills.confusion, default.confusion, atol=1e-9)


def test_gold_and_history_reach_every_shard(votes):
    gold = np.where(np.arange(votes.n_items) % 5 == 0, 2, -1)
    history = np.tile(np.eye(4) * 5, (votes.n_workers, 1, 1))
    shards = split_votes(votes, 4, gold)
    skills, default = auto_on_shards(run_locally(shards), history), auto(votes, gold=gold, history=history)
    np.testing.assert_allclose(gather("posteriors", shards, skills.model), default.posteriors, atol=1e-9)
    np.testing.assert_allclose(skills.accuracy, default.skills, atol=1e-9)


def test_a_job_lost_and_done_again_changes_nothing(votes):
    shards = split_votes(votes, 3)
    calm, lost = run_locally(shards), []

    def clumsy(job, arguments):
        for shard in shards:
            run_job(job, shard, *arguments)
            lost.append(job)
            yield run_job(job, shard, *arguments)

    assert np.array_equal(auto_on_shards(clumsy).confusion, auto_on_shards(calm).confusion)
    assert lost


def test_progress_is_told_and_cancel_stops_before_the_next_pass(votes):
    seen = []
    auto_on_shards(run_locally(split_votes(votes, 2)), progress=lambda stage, done: seen.append((stage, done)))
    assert seen[0] == ("coin_start", 0)
    assert seen[-1] == ("chosen", 0)
    assert [done for stage, done in seen if stage == "coin_pass"] == list(
        range(sum(stage == "coin_pass" for stage, _ in seen))
    )
    asked = []
    with pytest.raises(Cancelled):
        auto_on_shards(run_locally(split_votes(votes, 2)), cancelled=lambda: asked.append(1) or len(asked) > 3)
    assert len(asked) == 4


def test_shards_of_different_labels_are_refused(votes):
    other = crowd(coins([0.8] * 12, 3), n_items=20)[0]
    with pytest.raises(ValueError, match="shards must have the same workers and labels"):
        auto_on_shards(run_locally([Shard(votes), Shard(other)]))
