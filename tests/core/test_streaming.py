import numpy as np
import pytest

from consensus.core import decide, learn_skills, publish_prior, publish_tables
from consensus.core.answers.stopping import Rule, best_worker, expected_error, is_done, next_items, worth_of_answer
from consensus.core.labels.streaming import Stream
from tests.core.crowds import coins, crowd


@pytest.fixture(scope="module")
def arriving():
    """(votes, truth, rows in the order of arrival)"""
    votes, truth = crowd(coins(np.linspace(0.5, 0.95, 15), 3), n_items=400, per_item=6)
    rows = np.column_stack([votes.item_codes, votes.worker_codes, votes.answer_codes])
    return votes, truth, np.random.default_rng(8).permutation(rows).tolist()


def play(rows):
    stream = Stream([0, 1, 2])
    for row in rows:
        stream.add(*row)
        if stream.is_stale:
            stream.refresh()
    return stream


def in_order(stream, n_items):
    return stream.decisions()[[stream.items[item] for item in range(n_items)]]


def test_stream_and_batch_agree(arriving):
    votes, truth, rows = arriving
    skills = learn_skills(votes)
    batch = decide(votes, publish_tables(skills.confusion), publish_prior(skills.prior)).labels
    stream = play(rows)
    assert stream.votes().n_votes == votes.n_votes
    assert (in_order(stream, votes.n_items) == batch).mean() >= 0.98
    stream.refresh()
    assert (in_order(stream, votes.n_items) == batch).mean() >= 0.999
    assert (in_order(stream, votes.n_items) == truth).mean() > 0.9


def test_without_any_refresh_the_skills_stay_unknown(arriving):
    votes, truth, rows = arriving
    stream = Stream([0, 1, 2])
    for row in rows:
        stream.add(*row)
    assert stream.skills is None
    before = (in_order(stream, votes.n_items) == truth).mean()
    stream.refresh()
    assert (in_order(stream, votes.n_items) == truth).mean() > before


def test_every_answer_moves_its_item_at_once():
    stream = Stream(["no", "yes"])
    assert stream.standing("a").posterior.tolist() == [0.5, 0.5]
    first = stream.add("a", "w1", "yes")
    assert first.label == 1
    assert first.posterior[1] == pytest.approx((0.7 / 0.3) ** (1 / 1.2) / (1 + (0.7 / 0.3) ** (1 / 1.2)))
    second = stream.add("a", "w2", "no")
    assert second.label == 0
    assert second.expected_error == pytest.approx(0.5)
    np.testing.assert_allclose(stream.posteriors()[0], second.posterior)


def test_an_unknown_label_is_refused_and_nothing_changes():
    stream = Stream(["no", "yes"])
    stream.add("a", "w", "yes")
    with pytest.raises(ValueError, match="label: 'maybe' is not one of the 2 labels"):
        stream.add("b", "v", "maybe")
    assert (list(stream.items), list(stream.workers), stream.votes().n_votes) == (["a"], ["w"], 1)


def test_known_skills_weigh_from_the_first_answer(arriving):
    votes, _, _ = arriving
    skills = learn_skills(votes)
    stream = Stream([0, 1, 2], skills)
    assert stream.add("x", 14, 1).posterior[1] > stream.add("y", 0, 1).posterior[1]
    with pytest.raises(ValueError, match="other labels"):
        Stream([0, 1], skills)


def test_a_new_worker_and_a_new_item_after_a_fit(arriving):
    _, _, rows = arriving
    stream = play(rows[:1000])
    standing = stream.add("late", "stranger", 2)
    assert standing.label == 2
    assert stream.standing("late").n_votes == 1
    assert stream.refresh().worker_ids.tolist()[-1] == "stranger"


def test_done_when_sure_or_spent_but_never_before_the_minimum():
    posteriors = np.array([[0.99, 0.01], [0.99, 0.01], [0.6, 0.4], [0.6, 0.4]])
    rule = Rule(target_error=0.05, min_votes=2, max_votes=5)
    assert is_done(posteriors, np.array([1, 2, 4, 5]), rule).tolist() == [False, True, False, True]
    np.testing.assert_allclose(expected_error(posteriors), [0.01, 0.01, 0.4, 0.4])


def test_the_next_answer_goes_where_the_error_per_money_is_highest():
    posteriors = np.array([[0.9, 0.1], [0.5, 0.5], [0.6, 0.4], [0.999, 0.001]])
    votes, rule = np.array([3, 3, 3, 3]), Rule(0.01)
    assert next_items(posteriors, votes, rule).tolist() == [1, 2, 0]
    assert next_items(posteriors, votes, rule, price=np.array([1, 10, 1, 1])).tolist() == [2, 0, 1]
    assert next_items(posteriors, votes, rule, limit=1).tolist() == [1]
    with pytest.raises(ValueError, match="price must be above 0"):
        next_items(posteriors, votes, rule, price=0)


def test_worth_of_an_answer_falls_with_certainty_and_with_votes_and_grows_with_skill():
    posteriors = np.array([[0.5, 0.5], [0.8, 0.2], [0.999, 0.001]])
    good, poor = coins([0.9, 0.6], 2)
    worth = worth_of_answer(posteriors, good, np.zeros(3))
    assert worth[0] == pytest.approx(0.4)
    assert worth[0] > worth[1] > worth[2] >= 0
    assert worth_of_answer(posteriors, poor, np.zeros(3))[0] == pytest.approx(0.1)
    assert worth_of_answer(posteriors, good, np.full(3, 10))[0] < worth[0]
    assert best_worker(posteriors[0], np.array([good, poor]), 0) == 0
    assert best_worker(posteriors[0], np.array([good, poor]), 0, price=np.array([10.0, 1.0])) == 1


@pytest.mark.parametrize("options", [{"target_error": 1}, {"target_error": 0.1, "min_votes": 9, "max_votes": 3}])
def test_a_rule_that_makes_no_sense_is_refused(options):
    with pytest.raises(ValueError, match="must lie between"):
        Rule(**options)
