"""Recorded crowds replayed in random order: accuracy against answers used.

    python benchmarks/stopping.py [--orders 2] [--sets rte dog]

Every item gets two answers; then, round by round, the items with the highest expected error get one more, in the order in
which the recorded answers were shuffled (stopping.next_items). Next to it: the same number of answers on every item,
decided by majority vote and by Dawid-Skene. Reported: the share of all answers needed for the accuracy of majority vote
on all answers, and for that of our default on all answers less half a point; and, for target errors that a project may
ask for, where the mean expected error first meets them and the accuracy there. Writes benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from crowd_sets import DATA, read_set  # noqa: E402

from consensus.core import Votes, auto, dawid_skene, majority_vote  # noqa: E402
from consensus.core.answers.stopping import Rule, expected_error, next_items  # noqa: E402
from consensus.core.metrics.measures import expected_accuracy  # noqa: E402

SETS = ["rte", "d_possent", "cf_amt", "bluebirds", "dog", "zencrowd_us"]
RESULTS = ROOT / "benchmarks" / "results"
FIRST = 2
LAST = 0.85  # of all answers: nothing is learned about saving beyond
GRID = np.linspace(0.02, 1, 197)
TARGETS = (0.2, 0.1, 0.05)


def shuffled(votes: Votes, seed: int) -> np.ndarray:
    """(N,) row numbers: the votes of each item in a random order of arrival."""
    return np.lexsort((np.random.default_rng(seed).random(votes.n_votes), votes.item_codes))


def first_votes(votes: Votes, order: np.ndarray, taken: np.ndarray) -> Votes:
    starts = votes.item_starts[:-1]
    return votes.select_rows(np.concatenate([order[lo : lo + n] for lo, n in zip(starts, taken, strict=True)]))


def adaptive(votes: Votes, truth: np.ndarray, order: np.ndarray, share: float) -> list[tuple[float, float, float]]:
    """[(share of answers used, accuracy, mean expected error)]; each round asks the worst `share` of the items again."""
    taken, curve = np.minimum(FIRST, votes.votes_per_item), []
    while True:
        posteriors = auto(first_votes(votes, order, taken)).posteriors
        error = float(expected_error(posteriors).mean())
        curve.append((taken.sum() / votes.n_votes, expected_accuracy(posteriors, truth), error))
        spent = taken >= votes.votes_per_item
        if spent.all() or taken.sum() > LAST * votes.n_votes:
            return curve
        wanted = next_items(posteriors, np.where(spent, 10**6, taken), Rule(0.0, 1, 10**6))
        taken = taken.copy()
        taken[wanted[: max(1, int(share * votes.n_items))]] += 1


def fixed(votes: Votes, truth: np.ndarray, order: np.ndarray, method) -> list[tuple[float, float]]:
    """[(share of answers used, accuracy)] with n answers on every item."""
    curve = []
    for n in sorted({*range(1, 11), *range(12, int(votes.votes_per_item.max()) + 1, 3)}):
        some = first_votes(votes, order, np.minimum(n, votes.votes_per_item))
        curve.append((some.n_votes / votes.n_votes, expected_accuracy(method(some).posteriors, truth)))
    return curve


def mean_curve(curves: list[list[tuple]]) -> np.ndarray:
    """Accuracy on GRID, averaged over the orders; NaN before the first point."""
    rows = [np.interp(GRID, *np.array(curve)[:, :2].T, left=np.nan) for curve in curves]
    return np.mean(rows, axis=0)


def needed(accuracy: np.ndarray, target: float) -> float:
    """The smallest share of answers at which the mean curve reaches the target; 1 when it never does."""
    reached = np.flatnonzero(np.nan_to_num(accuracy, nan=-1) >= target)
    return float(GRID[reached[0]]) if len(reached) else 1.0


def stop_at(curves: list[list[tuple]], target: float) -> tuple[float, float] | None:
    """(share used, accuracy), averaged over the orders, when the mean expected error first meets the target."""
    points = [next((point for point in curve if point[2] <= target), None) for curve in curves]
    return None if None in points else tuple(np.mean(points, axis=0)[:2].tolist())


def replay(name: str, n_orders: int, share: float, data: Path) -> dict:
    votes, truth = read_set(name, data)
    orders = [shuffled(votes, seed) for seed in range(n_orders)]
    asked = [adaptive(votes, truth, order, share) for order in orders]
    curves = {
        "ours": mean_curve(asked),
        "fixed, majority vote": mean_curve([fixed(votes, truth, order, majority_vote) for order in orders]),
        "fixed, Dawid-Skene": mean_curve([fixed(votes, truth, order, dawid_skene) for order in orders]),
    }
    majority = expected_accuracy(majority_vote(votes).posteriors, truth)
    default = expected_accuracy(auto(votes).posteriors, truth)
    return {
        "majority_on_all": majority,
        "default_on_all": default,
        "needed_for_majority": {k: needed(c, majority) for k, c in curves.items()},
        "needed_for_default_less_half_a_point": {k: needed(c, default - 0.005) for k, c in curves.items()},
        "stopped_at_target": {str(target): stop_at(asked, target) for target in TARGETS},
        "curves": {k: [None if np.isnan(x) else round(float(x), 5) for x in c] for k, c in curves.items()},
    }


def markdown(found: dict[str, dict]) -> str:
    lines = ["# Answers needed, as a share of all recorded answers", ""]
    for key, title in (
        ("needed_for_majority", "Accuracy of majority vote on all answers"),
        ("needed_for_default_less_half_a_point", "Accuracy of our default on all answers, less half a point"),
    ):
        names = list(found[next(iter(found))][key])
        lines += [f"## {title}", "", "| set | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(names)]
        table = np.array([[row[key][n] for n in names] for row in found.values()])
        for name, row in zip(found, table, strict=True):
            lines.append(f"| {name} | " + " | ".join(f"{100 * x:.0f} %" for x in row) + " |")
        means = np.exp(np.log(table).mean(axis=0))
        lines += ["| **geometric mean** | " + " | ".join(f"**{100 * x:.1f} %**" for x in means) + " |", ""]
    lines += ["## Stopped at a target error: share of answers used, accuracy there", ""]
    lines += ["| set | " + " | ".join(f"error {t}" for t in TARGETS) + " |", "| --- |" + " --- |" * len(TARGETS)]
    for name, row in found.items():
        points = row["stopped_at_target"].values()
        cells = ["not reached" if p is None else f"{100 * p[0]:.0f} %, {100 * p[1]:.1f} %" for p in points]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--orders", type=int, default=2)
    parser.add_argument("--share", type=float, default=0.1, help="share of the items that get one more answer a round")
    chosen = parser.parse_args()
    found = {}
    for name in chosen.sets:
        found[name] = replay(name, chosen.orders, chosen.share, chosen.data)
        print(name, {k: v for k, v in found[name].items() if k != "curves"}, flush=True)
    text = markdown(found)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "stopping.md").write_text(text)
    (RESULTS / "stopping.json").write_text(json.dumps({"grid": GRID.round(5).tolist(), "sets": found}) + "\n")


if __name__ == "__main__":
    main()
