"""Does the interval of an estimate hold the truth, whenever it stops, and what does the prediction save? Replays on recorded crowds.

    python -m benchmarks.estimate [--sets rte dog] [--replays 1000]

Of each set the share of its first label is estimated: predicted by three random answers an item (the product's rule), the truth is asked
for draw by draw. Covered: the interval holds the share after each single one of MOST draws, so whoever stops when it suits her is told no
untruth. Draws: until half of the interval is HALF_WIDTH wide (mean of TIMED replays). Beside it the same without predictions, drawn evenly
(simple random sampling). Control: the same with a risk of TOO_LAX in place of ALPHA. Writes results/estimate.*"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.crowd_sets import DATA, read_set
from benchmarks.honesty import categorical, some_items
from benchmarks.warranty import few_answers
from consensus.core.guarantees.betting import refuted_at
from consensus.core.guarantees.estimate import Estimate, estimate, parts_of, spread_weights

RESULTS = Path(__file__).parent / "results"
STEP, MOST, HALF_WIDTH, TIMED = 100, 1600, 0.05, 10
ALPHA, TOO_LAX = 0.05, 0.5


def replays(predicted: np.ndarray, chances: np.ndarray, truth: np.ndarray, n: int) -> dict:
    rng, samples = np.random.default_rng(1), []
    for _ in range(n):
        samples.append(rng.choice(len(truth), MOST, p=chances))
    covered, by_control = (
        sum(_always_inside(predicted, chances, drawn, truth, alpha) for drawn in samples) / n
        for alpha in (ALPHA, TOO_LAX)
    )
    draws = [_stopped(predicted, chances, drawn, truth).n for drawn in samples[:TIMED]]
    return {"covered": covered, "covered_by_control": by_control, "draws": float(np.mean(draws))}


def _always_inside(
    predicted: np.ndarray, chances: np.ndarray, drawn: np.ndarray, truth: np.ndarray, alpha: float
) -> bool:
    """Whether the interval holds the share after each of the draws."""
    parts, most, base = parts_of(predicted, chances, drawn, truth[drawn])
    mean = float(truth.mean()) - base + most
    above = refuted_at(parts, mean, alpha / 2, 2 * most)
    return above is None and refuted_at(2 * most - parts, 2 * most - mean, alpha / 2, 2 * most) is None


def _stopped(predicted: np.ndarray, chances: np.ndarray, drawn: np.ndarray, truth: np.ndarray) -> Estimate:
    for n in range(STEP, MOST + 1, STEP):
        found = estimate(predicted, chances, drawn[:n], truth[drawn[:n]], ALPHA)
        if found.half_width <= HALF_WIDTH:
            break
    return found


def of_set(name: str, n: int, most: int) -> dict:
    votes, truths = some_items(*read_set(name, DATA), most)
    judged = truths >= 0
    predicted = few_answers(votes)[0][judged, 0]
    truth = (truths[judged] == 0).astype(float)
    even = np.full(len(truth), 1 / len(truth))
    row = {"set": name, "items": len(truth), "share": round(float(truth.mean()), 4)}
    row |= {"predicted": round(float(predicted.mean()), 4), **replays(predicted, spread_weights(predicted), truth, n)}
    plain = replays(np.full(len(truth), 0.5), even, truth, n)
    return row | {"plain_" + key: value for key, value in plain.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+")
    parser.add_argument("--replays", type=int, default=1000)
    parser.add_argument("--most-items", type=int, default=1000)
    options = parser.parse_args()
    rows = []
    for name in options.sets or categorical(DATA):
        rows.append(of_set(name, options.replays, options.most_items))
        print(rows[-1], flush=True)
    (RESULTS / "estimate.json").write_text(json.dumps(rows, indent=1) + "\n")
    table = ["| " + " | ".join(rows[0]) + " |", "|---" * len(rows[0]) + "|"]
    table += ["| " + " | ".join(str(value) for value in row.values()) + " |" for row in rows]
    (RESULTS / "estimate.md").write_text("\n".join([f"# {__doc__.splitlines()[0]}", "", *table, ""]))


if __name__ == "__main__":
    main()
