"""The table behind docs/decisions/default_consensus.md: the default with one figure changed at a time, and its parts alone.

    python benchmarks/default_choice.py

Twelve recorded crowds, and fourteen thinned ones (3 and 6 votes an item) that stand for crowds with few votes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from crowd_sets import TWELVE, read_set  # noqa: E402

from consensus.core import Votes, auto, item_types, majority_vote, one_coin  # noqa: E402
from consensus.core.metrics.measures import calibration_error, expected_accuracy, log_loss  # noqa: E402

default = sys.modules["consensus.core.labels.ensemble"]
THINNED = ["rte", "bluebirds", "d_possent", "dog", "cf_amt", "zencrowd_us", "s_adult"]


@dataclass(frozen=True)
class Case:
    votes: Votes
    truth: np.ndarray
    majority: tuple[float, float]


def thin(votes: Votes, per_item: int) -> Votes:
    rank = np.empty(votes.n_votes, dtype=int)
    order = np.lexsort((np.random.default_rng(0).random(votes.n_votes), votes.item_codes))
    rank[order] = np.arange(votes.n_votes) - votes.item_starts[votes.item_codes[order]]
    return votes.select_rows(rank < per_item)


def cases() -> tuple[list[Case], list[Case]]:
    whole = {name: read_set(name) for name in TWELVE}
    thinned = [(thin(whole[name][0], k), whole[name][1]) for name in THINNED for k in (3, 6)]
    return [_case(*pair) for pair in whole.values()], [_case(*pair) for pair in thinned]


def _case(votes: Votes, truth: np.ndarray) -> Case:
    posteriors = majority_vote(votes).posteriors
    return Case(votes, truth, (expected_accuracy(posteriors, truth), log_loss(posteriors, truth)))


def row(name: str, method, twelve: list[Case], thinned: list[Case]) -> str:
    found = [_score(method, case) for case in twelve]
    few = [_score(method, case) for case in thinned]
    accuracy, loss, error, gain = np.array(found).T
    worse = sum(score[1] > case.majority[1] for score, case in zip(found, twelve, strict=True))
    cells = [f"{100 * accuracy.mean():.2f}", f"{100 * gain.min():+.1f}", f"{loss.mean():.3f}", str(worse)]
    cells += [f"{np.median(error):.3f}", f"{100 * np.mean([score[0] for score in few]):.2f}"]
    return f"| {name} | " + " | ".join(cells) + " |"


def _score(method, case: Case) -> tuple[float, float, float, float]:
    posteriors = method(case.votes).posteriors
    accuracy = expected_accuracy(posteriors, case.truth)
    loss, error = log_loss(posteriors, case.truth), calibration_error(posteriors, case.truth)
    return accuracy, loss, error, accuracy - case.majority[0]


def changed(**figures):
    """The default with module figures replaced for one call."""

    def method(votes: Votes):
        kept = {name: getattr(default, name) for name in figures}
        try:
            for name, value in figures.items():
                setattr(default, name, value)
            return auto(votes)
        finally:
            for name, value in kept.items():
                setattr(default, name, value)

    return method


def main() -> None:
    twelve, thinned = cases()
    print(
        "| method | mean accuracy | worst against majority | log-loss | sets above majority's | ECE | thinned accuracy |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    methods = {"majority vote": majority_vote, "one_coin": one_coin}
    methods |= {f"item_types({n})": lambda votes, n=n: item_types(votes, n) for n in (1, 2, 3, 4)}
    methods["**auto**"] = auto
    choices = {"TYPES": [(1,), (3,), (1, 2), (1, 2, 3)], "ANCHOR": [0.0, 0.25, 1.0, 2.0]}
    choices |= {"EVIDENCE_VOTES": [0.0, 100.0, 200.0, 500.0, 1e9], "CORRELATION": [0.0, 0.1, 0.3, 0.4]}
    choices |= {"SHARES": [0.0, 0.2, 0.4, 0.5], "SPREAD": [0.0, 0.5, 1.0]}
    for figure, values in choices.items():
        methods |= {f"{figure} = {value}": changed(**{figure: value}) for value in values}
    for name, method in methods.items():
        print(row(name, method, twelve, thinned), flush=True)


if __name__ == "__main__":
    main()
