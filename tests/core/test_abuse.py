"""Abuse: what is planted is found, with the right numbers; who is honest is left alone, however odd the project."""

import dataclasses
import warnings

import numpy as np
import pytest

from consensus.core import Votes, auto, majority_vote
from consensus.core.spam import Log, expect, find_abuse, speed_flags
from consensus.core.spam.clickers import find_clickers
from consensus.core.spam.copiers import find_copiers, rings_of
from consensus.core.spam.evidence import copied_ratio, discoveries
from consensus.core.spam.pairs import pair_blocks
from consensus.core.spam.speed import find_fast
from tests.core.crowds import coins, crowd


def rows_of(votes, seed=0):
    """Items, workers, answers as lists, the answers of each worker spread over an hour in random order, 4 to 8 s each."""
    rng = np.random.default_rng(seed)
    at_s = rng.permutation(votes.n_votes).astype(float)
    took_s = np.exp(rng.normal(np.log(5), 0.5, votes.n_votes) + rng.normal(0, 0.3, votes.n_workers)[votes.worker_codes])
    return [votes.item_codes, votes.worker_codes, votes.answer_codes.copy(), at_s, took_s]


def log_of(rows, n_labels=3, **more):
    return Log.from_rows(*rows, labels=list(range(n_labels)), **more)


def honest(seed=0, n_labels=3, n_items=400, n_workers=30, **more):
    skills = np.random.default_rng(seed).uniform(0.6, 0.95, n_workers)
    return crowd(coins(skills, n_labels), n_items=n_items, per_item=6, seed=seed, **more)


def kinds(flags):
    return {(flag.worker, flag.kind) for flag in flags}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "project",
    [
        {"n_labels": 2},
        {"n_labels": 5},
        {"n_labels": 2, "prior": [0.97, 0.03]},  # nearly always the same answer is right
        {"n_labels": 4, "hard": 0.2},  # a fifth of the items misleads everybody alike
        {"n_labels": 3, "n_items": 40},  # eight answers each
    ],
)
def test_nobody_honest_is_flagged(seed, project):
    votes, _ = honest(seed, **project)
    assert find_abuse(log_of(rows_of(votes, seed), project["n_labels"])) == []


def test_the_honest_are_left_alone_when_they_are_all_poor():
    votes, _ = crowd(coins(np.full(30, 0.55), 2), n_items=400, per_item=6, seed=1)
    assert find_abuse(log_of(rows_of(votes), 2)) == []


def clicked(kind, n_labels=3, seed=0):
    """Workers 0 to 2 do not look."""
    votes, _ = honest(seed, n_labels, n_items=1000)
    rows, rng = rows_of(votes, seed), np.random.default_rng(seed)
    for worker in range(3):
        mine = np.flatnonzero(votes.worker_codes == worker)
        mine = mine[np.argsort(rows[3][mine])]
        random = rng.integers(0, n_labels, len(mine))
        rows[2][mine] = {"random": random, "one_label": 1, "pattern": np.arange(len(mine)) % n_labels}[kind]
    return rows


@pytest.mark.parametrize("kind", ["random", "one_label", "pattern"])
def test_clickers_are_found_and_called_by_what_they_do(kind):
    flags = find_abuse(log_of(clicked(kind)))
    assert kinds(flags) == {(0, kind), (1, kind), (2, kind)}
    for flag in flags:
        assert flag.p_value < 1e-3
        assert flag.score > 0.7
        numbers = flag.numbers
        assert numbers["answers"] > 100
        assert abs(numbers["right"] - numbers["right_by_chance"]) < 0.15 * numbers["answers"]
        assert numbers["rank_one"] < 0.15
    if kind == "one_label":
        assert flags[0].numbers["label"] == 1
        assert flags[0].numbers["label_answers"] == flags[0].numbers["answers"]
        assert flags[0].numbers["label_expected"] < 0.5 * flags[0].numbers["answers"]
    if kind == "pattern":
        numbers = flags[0].numbers
        assert numbers["every"] in (3, 6)
        assert numbers["repeats"] == numbers["answers"] - numbers["every"]
        assert numbers["repeats_expected"] < 0.5 * numbers["repeats"]


def test_somebody_who_inverts_the_labels_is_bad_but_looks():
    """The control of "carries no information": always wrong says a lot."""
    votes, _ = honest(2, 2, n_items=800)
    rows = rows_of(votes)
    rows[2] = np.where(votes.worker_codes == 0, 1 - votes.answer_codes, votes.answer_codes)
    assert find_abuse(log_of(rows, 2)) == []


def test_few_answers_are_never_enough_for_a_clicker():
    votes, _ = honest(3, 3, n_items=60)  # twelve each
    rows, rng = rows_of(votes), np.random.default_rng(0)
    mine = votes.worker_codes < 9
    rows[2][mine] = rng.integers(0, 3, mine.sum())
    assert find_abuse(log_of(rows)) == []


def ringed(n_labels=3, members=4, rate=0.95, seed=0, skill=0.7, **more):
    """The first workers give the answer of the first of them who answers the item."""
    votes, truth = honest(seed, n_labels, n_items=1500, n_workers=20, **more)
    rng = np.random.default_rng(seed)
    sheet = np.where(
        rng.random(votes.n_items) < skill, truth, (truth + rng.integers(1, n_labels, len(truth))) % n_labels
    )
    copies = (votes.worker_codes < members) & (rng.random(votes.n_votes) < rate)
    rows = rows_of(votes, seed)
    rows[2] = np.where(copies, sheet[votes.item_codes], votes.answer_codes)
    return rows


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_labels", [2, 4])
def test_a_ring_is_found_and_nobody_else(n_labels, seed):
    flags = find_abuse(log_of(ringed(n_labels, seed=seed), n_labels))
    assert kinds(flags) == {(worker, "ring") for worker in range(4)}
    for flag in flags:
        assert flag.numbers["partner"] in range(4)
        assert flag.numbers["partner"] != flag.worker
        assert flag.numbers["ring_size"] == 4
        assert sorted([flag.worker, *flag.numbers["ring"]]) == [0, 1, 2, 3]
        assert flag.numbers["same"] > 1.15 * flag.numbers["same_expected"]
        assert flag.p_value < 1e-3


def test_two_rings_are_two():
    rows = ringed(4, seed=1)
    votes, truth = honest(1, 4, n_items=1500, n_workers=20)
    rng = np.random.default_rng(9)
    second = np.where(rng.random(votes.n_items) < 0.6, truth, (truth + rng.integers(1, 4, len(truth))) % 4)
    inside = np.isin(votes.worker_codes, [10, 11, 12])
    rows[2] = np.where(inside, second[votes.item_codes], rows[2])
    log = log_of(rows, 4)
    ring = rings_of(find_copiers(expect(log.votes)), 20)
    assert [set(np.flatnonzero(ring == number).tolist()) for number in (0, 1)] == [{0, 1, 2, 3}, {10, 11, 12}]
    assert set(ring[[4, 5, 6, 13, 19]].tolist()) == {-1}


def test_two_clickers_of_one_label_are_no_ring():
    """They agree on everything, by habit: the control of what is expected of two with such confusions."""
    rows = clicked("one_label")
    assert not {kind for _, kind in kinds(find_abuse(log_of(rows)))} & {"ring"}


def test_the_numbers_of_a_pair_are_counted_right():
    votes, _ = honest(2, 3, n_items=1500, n_workers=20)
    fit = auto(votes)
    pairs = find_copiers(expect(votes, fit=fit))
    table = np.full((votes.n_items, votes.n_workers), -1)
    table[votes.item_codes, votes.worker_codes] = votes.answer_codes
    true = fit.posteriors.argmax(axis=1)
    for pair in range(0, len(pairs.first), 17):
        one, two = table[:, pairs.first[pair]], table[:, pairs.second[pair]]
        both = (one >= 0) & (two >= 0)
        assert pairs.shared[pair] == both.sum()
        assert pairs.same[pair] == (both & (one == two)).sum()
        assert pairs.same_wrong[pair] == (both & (one == two) & (one != true)).sum()
        assert pairs.both_wrong[pair] == (both & (one != true) & (two != true)).sum()


def test_machine_fast_and_machine_even_answers_are_told_in_seconds():
    votes, _ = honest(4, 3, n_items=800)
    rows, rng = rows_of(votes), np.random.default_rng(1)
    rows[4][votes.worker_codes == 0] = rng.uniform(0.3, 0.5, (votes.worker_codes == 0).sum())
    rows[4][votes.worker_codes == 1] = rng.uniform(4.9, 5.1, (votes.worker_codes == 1).sum())
    mine = np.flatnonzero(votes.worker_codes == 2)
    burst = mine[np.argsort(rows[3][mine])][40:85]  # a script ran for a while
    rows[4][burst] = 0.4
    log = log_of(rows)
    flags = {(flag.worker, flag.kind): flag for flag in find_abuse(log)}
    assert set(flags) == {(0, "fast"), (1, "constant"), (2, "fast")}
    assert flags[0, "fast"].numbers["answers"] == (votes.worker_codes == 0).sum()
    assert 0.3 <= flags[0, "fast"].numbers["seconds"] <= 0.5
    assert 3.5 < flags[0, "fast"].numbers["usual_s"] < 7
    assert 4.9 <= flags[1, "constant"].numbers["least_s"] < flags[1, "constant"].numbers["most_s"] <= 5.1
    assert flags[2, "fast"].numbers["answers"] == 40
    assert flags[2, "fast"].numbers["first_row"] in burst
    assert set(kinds(speed_flags(log))) == set(flags)


def test_a_quick_worker_and_hard_items_are_no_machines():
    votes, _ = honest(5, 3, n_items=800)
    rows = rows_of(votes)
    rows[4][votes.worker_codes == 0] /= 3
    rows[4] = rows[4] * np.random.default_rng(0).uniform(0.2, 5, votes.n_items)[votes.item_codes]
    assert find_abuse(log_of(rows)) == []


@pytest.mark.parametrize(("first", "then"), [(0.95, 0.4), (0.4, 0.95)])
def test_a_change_is_found_with_its_time_and_direction(first, then):
    votes, truth = honest(6, 3, n_items=1000)
    rows, rng = rows_of(votes), np.random.default_rng(2)
    mine = np.flatnonzero(votes.worker_codes == 0)
    mine = mine[np.argsort(rows[3][mine])]
    right = rng.random(len(mine)) < np.where(np.arange(len(mine)) < 120, first, then)
    rows[2][mine] = np.where(right, truth[votes.item_codes[mine]], (truth[votes.item_codes[mine]] + 1) % 3)
    flags = find_abuse(log_of(rows))
    assert kinds(flags) == {(0, "drift")}
    numbers = flags[0].numbers
    assert abs(numbers["answers_before"] - 120) <= 10
    assert numbers["answers_before"] + numbers["answers_after"] == len(mine)
    assert np.sign(numbers["after"] - numbers["before"]) == np.sign(then - first)
    assert numbers["before"] == pytest.approx(first, abs=0.15)
    assert numbers["changed_at_s"] == rows[3][mine[numbers["answers_before"]]]


def attacked():
    """A bit of everything: a ring, a clicker, a machine, a change."""
    rows = ringed(3, seed=5)
    rng = np.random.default_rng(5)
    rows[2][rows[1] == 10] = rng.integers(0, 3, (rows[1] == 10).sum())
    rows[4][rows[1] == 11] = rng.uniform(0.2, 0.3, (rows[1] == 11).sum())
    return rows


def test_any_order_of_rows_and_any_repeat_give_the_same_bits():
    rows = attacked()
    flags = find_abuse(log_of(rows))
    assert {"ring", "random", "fast"} == {flag.kind for flag in flags}
    assert find_abuse(log_of(rows)) == flags
    order = np.random.default_rng(7).permutation(len(rows[0]))
    shuffled = find_abuse(log_of([column[order] for column in rows]))
    for before, after in zip(flags, shuffled, strict=True):
        row_of = dict(enumerate(order.tolist()))
        moved = {k: row_of[v] if k.endswith("_row") else v for k, v in after.numbers.items()}
        assert dataclasses.replace(after, numbers=moved) == before


def test_relabelling_moves_the_label_and_nothing_else():
    rows = clicked("one_label")
    flags = find_abuse(log_of(rows))
    turned = find_abuse(log_of([rows[0], rows[1], (rows[2] + 1) % 3, *rows[3:]]))
    for before, after in zip(flags, turned, strict=True):
        assert after.numbers["label"] == (before.numbers["label"] + 1) % 3
        assert after.p_value == pytest.approx(before.p_value, rel=1e-6)
        assert (after.worker, after.kind) == (before.worker, before.kind)


def test_ids_of_any_type_name_the_same_workers():
    rows = attacked()
    flags = find_abuse(log_of(rows))
    named = find_abuse(
        Log.from_rows(
            [f"i{i:04}" for i in rows[0]], [f"w{w:02}" for w in rows[1]], ["abc"[a] for a in rows[2]], *rows[3:]
        )
    )
    assert {(f"w{flag.worker:02}", flag.kind) for flag in flags} == kinds(named)


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        (([], [], [], [], []), ["a", "b"]),
        ((["i"], ["w"], ["a"], [0], [1]), ["a"]),
        ((["i"], ["w"], ["a"], [0], [1]), ["a", "b"]),
        ((["i", "j", "k"], ["w", "w", "w"], ["a", "b", "a"], [0, 0, 0], [0, 0, 0]), ["a", "b"]),
        ((list(range(50)), ["w"] * 50, ["a"] * 50, [0] * 50, [1] * 50), ["a", "b"]),
        (
            ([i // 2 for i in range(100)], [i % 2 for i in range(100)], ["a", "b"] * 50, range(100), [2] * 100),
            ["a", "b", "c"],
        ),
    ],
)
def test_next_to_nothing_is_no_evidence_and_no_warning(rows, labels):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_abuse(Log.from_rows(*rows, labels=labels, item_ids=[*dict.fromkeys(rows[0]), "empty"])) == []


def test_nothing_is_nan_and_nothing_warns_under_attack():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        log = log_of(attacked(), item_ids=list(range(1600)))
        flags = find_abuse(log, gold=np.where(np.arange(1600) < 20, 1, -1))
        clickers, pairs = find_clickers(log, expect(log.votes)), find_copiers(expect(log.votes))
    for array in (
        clickers.attention,
        clickers.log_ratio,
        clickers.information_p,
        pairs.log_e,
        pairs.same_wrong_expected,
    ):
        assert np.isfinite(array).all()
    for flag in flags:
        assert 0 <= flag.score <= 1
        assert 0 <= flag.p_value <= 0.05
        assert all(np.isfinite(n) for n in flag.numbers.values() if isinstance(n, float | int))


def test_the_latest_answer_of_a_worker_on_an_item_stands():
    log = Log.from_rows(["i", "i", "j"], ["w", "w", "w"], ["a", "b", "a"], [5.0, 9.0, 1.0], labels=["a", "b"])
    assert log.votes.answer_codes.tolist() == [1, 0]
    assert log.row.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"at_s": [1.0]}, "at_s must be 2 numbers, seconds, one a row."),
        ({"took_s": [1.0, -1.0]}, "took_s must be 2 numbers, seconds of at least 0, one a row."),
        ({"at_s": [1.0, np.nan]}, "at_s must be 2 numbers, seconds, one a row."),
        ({"workers": ["w"]}, "items, workers and answers must be equally long, not 2, 1 and 2."),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, sentence):
    good = {"items": ["i", "j"], "workers": ["w", "w"], "answers": ["a", "b"], "at_s": [1.0, 2.0], "took_s": [1.0, 1.0]}
    with pytest.raises(ValueError, match="^" + sentence.replace(".", r"\.") + "$"):
        Log.from_rows(**{**good, **change})


def test_without_times_there_is_no_word_on_speed():
    log = Log.from_rows(["i"], ["w"], ["a"], [0.0])
    assert speed_flags(log) == []
    with pytest.raises(ValueError, match=r"^log has no took_s; give the seconds of every answer\.$"):
        find_fast(log)


def test_a_fit_without_matrices_is_refused():
    votes, _ = honest()
    with pytest.raises(ValueError, match=r"^fit must have a confusion matrix for every worker"):
        expect(votes, fit=majority_vote(votes))


# --- the evidence itself ---


def test_the_mean_of_the_evidence_is_at_most_one_for_every_honest_rate():
    """An e-value: whatever share up to the honest one really is copied, the likelihood ratio has mean 1 or less."""
    chance = np.array([0.7, 0.2, 0.1])
    surprise = 1 / chance
    for honest_rate in (0.0, 0.05, 0.1):
        agree = honest_rate * chance + (1 - honest_rate) * chance**2
        mean = (agree * np.exp(copied_ratio(np.ones(3, bool), surprise, 0.6, 0.1))).sum()
        mean += (1 - agree.sum()) * np.exp(copied_ratio(np.zeros(1, bool), np.ones(1), 0.6, 0.1))[0]
        assert mean <= 1 + 1e-12
    assert mean == pytest.approx(1)


def test_discoveries_are_benjamini_and_hochbergs():
    p = np.array([0.04, 0.001, np.nan, 0.02, 0.9, 0.008])
    assert discoveries(p, 0.05).tolist() == [True, True, False, True, False, True]
    assert discoveries(p, 0.03).tolist() == [False, True, False, False, False, True]
    assert not discoveries(np.full(5, np.nan)).any()
    assert not discoveries(np.zeros(0)).any()


def test_the_cost_of_pairs_is_bounded_and_large_items_go_first():
    items = np.concatenate([np.zeros(100), np.repeat(np.arange(1, 11), 4)]).astype(int)
    workers = np.concatenate([np.arange(100), np.tile(np.arange(4), 10)])
    votes = Votes.from_codes(items, workers, np.zeros(140, dtype=int), 11, 100, 2)
    everything = sum(len(a) for a, _ in pair_blocks(votes, 10**6))
    assert everything == 100 * 99 // 2 + 10 * 6
    some = list(pair_blocks(votes, 4000))
    assert sum(len(a) for a, _ in some) == 60
    assert not list(pair_blocks(votes, 0))
