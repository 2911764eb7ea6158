"""Who lets a model answer for her, and what share of the answers people gave themselves: on planted crowds."""

import numpy as np
import pytest

from benchmarks.human_work import planted_crowd, with_copiers
from consensus.core import Votes
from consensus.core.spam.expected import expect
from consensus.core.spam.human_share import human_share
from consensus.core.spam.machines import find_machines


def planted(share, seed, labels=4, per_item=10):
    rng = np.random.default_rng(seed)
    votes, models = planted_crowd(rng, labels, per_item)
    votes, copiers = with_copiers(votes, models, share, 0.9, rng)
    return votes, models, copiers


@pytest.mark.parametrize("labels", [2, 4])
def test_who_copies_a_model_is_found_and_nobody_else(labels):
    votes, models, copiers = planted(0.2, 1, labels)
    found = find_machines(expect(votes), models)
    assert found.flagged[~copiers].sum() == 0
    assert found.flagged[copiers].sum() >= 7  # of 8
    worst = int(found.log_e.argmax())
    assert found.same_errors[worst] > 0.8 * found.errors[worst]
    assert found.compared[worst] == votes.votes_per_worker[worst]


def test_the_share_of_human_answers_lies_in_its_interval():
    votes, models, copiers = planted(0.2, 2)
    told = human_share(find_machines(expect(votes), models), votes.votes_per_worker)
    human = votes.votes_per_worker[~copiers].sum() / votes.n_votes
    assert told.low - 1e-9 <= human <= told.high + 1e-9
    assert told.high - told.low < 0.25
    again = human_share(find_machines(expect(votes), models), votes.votes_per_worker)
    assert told == again


def test_only_the_answers_that_are_meant_are_in_the_share():
    votes, models, copiers = planted(0.2, 2)
    found = find_machines(expect(votes), models)
    of_copiers = human_share(found, votes.votes_per_worker * copiers)
    assert of_copiers.high < 0.5
    assert of_copiers.workers == 8
    assert human_share(found, np.zeros(votes.n_workers)) is None
    with pytest.raises(ValueError, match="answers"):
        human_share(found, np.ones(3))


def test_few_answers_say_little_and_the_interval_says_so():
    votes, models, _ = planted(0.5, 3, per_item=3)
    few = votes.select_rows(votes.item_codes < 100)
    found = find_machines(expect(few), models)
    assert found.power.mean() < 0.5
    told = human_share(found, few.votes_per_worker)
    assert told.high - told.low > 0.4


def beside_a_poor_crowd(low, high, seed):
    """(votes, what a model right with .93 says (1, I), truth): worker 0 is right with .95, five others with low to high."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, 400)
    wrong = (truth + rng.integers(1, 4, (7, 400))) % 4
    skills = np.array([0.95, *rng.uniform(low, high, 5), 0.93])
    said = np.where(rng.random((7, 400)) < skills[:, None], truth, wrong)
    items, workers = np.tile(np.arange(400), 6), np.repeat(np.arange(6), 400)
    return Votes.from_codes(items, workers, said[:6].ravel(), 400, 6, 4), said[6:], truth


def test_a_good_worker_beside_a_good_model_in_a_mediocre_crowd_is_no_machine():
    """Both are right where the crowd is wrong: they are alike, and not because one copies the other."""
    for seed in range(3):
        votes, model, _ = beside_a_poor_crowd(0.6, 0.7, seed)
        assert not find_machines(expect(votes), model).flagged.any()


def test_known_items_clear_her_where_the_crowd_is_poor():
    votes, model, truth = beside_a_poor_crowd(0.47, 0.6, 1)
    assert find_machines(expect(votes), model).flagged[0]  # the limit that docs/decisions/human-work.md names
    known = np.where(np.arange(400) < 200, truth, -1)
    assert not find_machines(expect(votes, known), model).flagged.any()


def test_items_that_no_model_answered_tell_nothing():
    votes, models, _ = planted(0.2, 1)
    silent = np.full_like(models, -1)
    found = find_machines(expect(votes), silent)
    assert not found.flagged.any()
    assert (found.nearest == -1).all()
    assert (found.power == 0).all()
    assert human_share(found, votes.votes_per_worker) is None
    half = models.copy()
    half[:, 300:] = -1
    assert find_machines(expect(votes), half).compared.sum() == (votes.item_codes < 300).sum()


@pytest.mark.parametrize("shadows", [np.zeros((0, 600)), np.zeros((1, 3)), np.full((1, 600), 4), np.full((1, 600), -2)])
def test_other_shapes_and_codes_are_refused(shadows):
    with pytest.raises(ValueError, match="shadows"):
        find_machines(expect(planted(0.2, 1)[0]), shadows.astype(int))
