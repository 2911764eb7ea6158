"""Who lets a model answer for her: recall among honest workers flagged, and the share of human answers with its interval.

    python -m benchmarks.human_work [--seeds 5] [--data FOLDER]

PLANTED crowds: 40 workers who are right with .60 to .95, 600 items of which a fifth is harder (.35 less) and has a lure, a wrong label
that 6 of 10 errors fall on, people's and models' alike. Two models, right with .90, answer all items; workers give the answer of one of
them 9 times of 10 (or 5 of 10) and else their own. RECORDED crowds, where the folder with their answers is there: two models are planted,
right with .90, half of whose errors are the wrong label that most people gave to the item; 30 % of the workers copy. In all of them
the library's rule (consensus/core/spam/machines.py) looks without any known task, and at HONEST_FLAGGED = 1 %. "share kept": the
share of human answers lies in its interval; a worker who copies counts as a machine in all of her answers. Writes results/human_work.*"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.crowd_sets import DATA, read_set
from consensus.core import Votes
from consensus.core.spam.expected import expect
from consensus.core.spam.human_share import human_share
from consensus.core.spam.machines import find_machines

RESULTS = Path(__file__).parent / "results"
WORKERS, ITEMS, MODELS, MODEL_RIGHT = 40, 600, 2, 0.9
HARDER, LURED = 0.35, 0.6
SETS = ("rte", "dog", "cf_amt", "web", "d_possent", "trec")
ROUNDING = 1e-9
LEAST = 20  # answers of a worker on a recorded crowd: with fewer nobody can be found


def planted_crowd(rng: np.random.Generator, labels: int, per_item: int) -> tuple[Votes, np.ndarray]:
    """(votes, models (MODELS, ITEMS)); nobody copies yet."""
    truth, hard = rng.integers(0, labels, ITEMS), rng.random(ITEMS) < 0.2
    lure = (truth + rng.integers(1, labels, ITEMS)) % labels

    def says(right: float) -> np.ndarray:
        wrong = np.where(rng.random(ITEMS) < LURED, lure, (truth + rng.integers(1, labels, ITEMS)) % labels)
        return np.where(rng.random(ITEMS) < right - HARDER * hard, truth, wrong)

    models = np.stack([says(MODEL_RIGHT) for _ in range(MODELS)])
    said = np.stack([says(right) for right in rng.uniform(0.6, 0.95, WORKERS)])
    workers = np.concatenate([rng.permutation(WORKERS)[:per_item] for _ in range(ITEMS)])
    items = np.repeat(np.arange(ITEMS), per_item)
    return Votes.from_codes(items, workers, said[workers, items], ITEMS, WORKERS, labels), models


def models_beside(votes: Votes, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(MODELS, I) for a recorded crowd; truth unknown: the most frequent answer."""
    known = np.where(truth >= 0, truth, votes.counts.argmax(axis=1))
    at = np.arange(votes.n_items)
    counts = votes.counts.astype(float)
    counts[at, known] = -1
    usual = counts.argmax(axis=1)
    drawn = (known + rng.integers(1, votes.n_labels, (MODELS, votes.n_items))) % votes.n_labels
    wrong = np.where(rng.random(drawn.shape) < 0.5, usual, drawn)
    return np.where(rng.random(drawn.shape) < MODEL_RIGHT, known, wrong)


def with_copiers(
    votes: Votes, models: np.ndarray, share: float, rate: float, rng: np.random.Generator
) -> tuple[Votes, np.ndarray]:
    """(votes, who copies (W,) bool)."""
    copiers = np.zeros(votes.n_workers, dtype=bool)
    copiers[rng.permutation(votes.n_workers)[: round(share * votes.n_workers)]] = True
    chosen = rng.integers(0, len(models), votes.n_workers)[votes.worker_codes]
    copied = copiers[votes.worker_codes] & (rng.random(votes.n_votes) < rate)
    answers = np.where(copied, models[chosen, votes.item_codes], votes.answer_codes)
    ids = votes.item_ids, votes.worker_ids, votes.labels
    return Votes.from_codes(votes.item_codes, votes.worker_codes, answers, *ids), copiers


def trial(votes: Votes, models: np.ndarray, copiers: np.ndarray) -> dict:
    found = find_machines(expect(votes), models)
    given = votes.votes_per_worker
    busy = given >= LEAST
    told, human = human_share(found, given), float(given[~copiers].sum() / votes.n_votes)
    return {
        "honest": int((busy & ~copiers).sum()), "honest_flagged": int((found.flagged & busy & ~copiers).sum()),
        "copiers": int((busy & copiers).sum()), "found": int((found.flagged & busy & copiers).sum()),
        "human": human, "share": told.share, "low": told.low, "high": told.high,
        "kept": told.low - ROUNDING <= human <= told.high + ROUNDING,
    }  # fmt: skip


def summed(name: str, trials: list[dict]) -> dict:
    whole = {key: sum(one[key] for one in trials) for key in ("honest", "honest_flagged", "copiers", "found", "kept")}
    means = {key: float(np.mean([one[key] for one in trials])) for key in ("human", "share", "low", "high")}
    return {"crowd": name, "times": len(trials), **whole, **means}


def planted(seeds: int) -> list[dict]:
    rows = []
    for labels in (2, 4):
        for per_item in (3, 5, 10):
            for share, rate in ((0.0, 0.9), (0.1, 0.9), (0.3, 0.9), (0.5, 0.9), (0.3, 0.5)):
                trials = []
                for seed in range(seeds):
                    rng = np.random.default_rng([seed, labels, per_item, round(100 * share), round(100 * rate)])
                    votes, models = planted_crowd(rng, labels, per_item)
                    votes, copiers = with_copiers(votes, models, share, rate, rng)
                    trials.append(trial(votes, models, copiers))
                name = f"{labels} labels, {per_item} answers, {share:.0%} copy {rate:.0%}"
                rows.append(summed(name, trials))
    return rows


def recorded(seeds: int, data: Path) -> list[dict]:
    rows = []
    for name in SETS:
        votes, truth = read_set(name, data)
        for share in (0.0, 0.3):
            trials = []
            for seed in range(seeds):
                rng = np.random.default_rng([seed, round(100 * share)])
                models = models_beside(votes, truth, rng)
                attacked, copiers = with_copiers(votes, models, share, 0.9, rng)
                trials.append(trial(attacked, models, copiers))
            rows.append(summed(f"{name}, recorded, {share:.0%} copy 90%", trials))
    return rows


def markdown(rows: list[dict]) -> str:
    head = "| crowd | honest flagged | copiers found | human, in truth | said | interval | share kept |\n|---|---|---|---|---|---|---|\n"
    lines = [
        f"| {row['crowd']} | {row['honest_flagged']} of {row['honest']} | {row['found']} of {row['copiers']} | {row['human']:.3f} "
        f"| {row['share']:.3f} | {row['low']:.3f} to {row['high']:.3f} | {row['kept']} of {row['times']} |\n"
        for row in rows
    ]
    return head + "".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DATA)
    said = parser.parse_args()
    rows = planted(said.seeds) + (recorded(max(1, said.seeds // 3), said.data) if said.data.exists() else [])
    (RESULTS / "human_work.json").write_text(json.dumps(rows, indent=1) + "\n")
    told = __doc__.split("\n\n", 2)
    (RESULTS / "human_work.md").write_text(f"# {told[0]}\n\n{told[2]}\n\n{markdown(rows)}")
    print(markdown(rows))


if __name__ == "__main__":
    main()
