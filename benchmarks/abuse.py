"""Clickers and rings planted in recorded crowds: what they cost, and whether they are found.

    python benchmarks/abuse.py [--seeds 5] [--sets rte dog]

Clickers: 10 and 30 % of the workers give random answers to all their items. Cost: points of accuracy against the untouched set,
next to the cost of the same workers not being there at all, which no method can avoid. Also clickers who come in addition, so
that 30 % of all workers are clickers and no honest answer is lost; there also with the flagged workers left out, as after an
admin's ban. Rings: a fifth of the workers; on each item
the first of them keeps her answer, the others give the same nine times of ten. Pairs are compared when they share 10 items; a
member who shares so many with no other member is left out of the AUC of workers. Writes benchmarks/results/abuse.{json,md}.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from abuse_tables import FLAGGED_OUT, MIN_ANSWERS, markdown, mean_of, with_gold  # noqa: E402
from crowd_sets import DATA, read_set  # noqa: E402

from consensus.core import Votes, auto, dawid_skene, majority_vote  # noqa: E402
from consensus.core.metrics.measures import expected_accuracy  # noqa: E402
from consensus.core.spam import Log  # noqa: E402
from consensus.core.spam.clickers import find_clickers  # noqa: E402
from consensus.core.spam.copiers import find_copiers  # noqa: E402
from consensus.core.spam.expected import expect  # noqa: E402

SETS = ["rte", "bluebirds", "d_possent", "dog", "cf_amt", "zencrowd_us", "zencrowd_in", "ms", "wsd", "labelme"]
RESULTS = ROOT / "benchmarks" / "results"
METHODS = {"auto": auto, "majority_vote": majority_vote, "dawid_skene": dawid_skene}
CLICKER_SHARES = (0.1, 0.3)
RING_SHARE = 0.2
COPY_RATE = 0.9
ADDED_GOLD_SHARES = (0.05, 0.1)  # of the items
RING_GOLD_SHARES = (0.0, 0.1)


def one_each(votes: Votes) -> Votes:
    """One vote of each worker on an item."""
    return log_of(votes).votes


def log_of(votes: Votes) -> Log:
    columns = votes.item_codes, votes.worker_codes, votes.answer_codes
    ids = {"labels": list(range(votes.n_labels)), "item_ids": list(range(votes.n_items))}
    return Log.from_rows(*columns, at_s=np.zeros(votes.n_votes), **ids)


def said(votes: Votes, answers: np.ndarray) -> Votes:
    ids = votes.item_ids, votes.worker_ids, votes.labels
    return Votes.from_codes(votes.item_codes, votes.worker_codes, answers, *ids)


def with_clickers(votes: Votes, share: float, rng: np.random.Generator) -> tuple[Votes, np.ndarray]:
    """(votes, clickers (W,) bool)."""
    clickers = np.zeros(votes.n_workers, dtype=bool)
    clickers[rng.permutation(votes.n_workers)[: round(share * votes.n_workers)]] = True
    random = rng.integers(0, votes.n_labels, votes.n_votes)
    return said(votes, np.where(clickers[votes.worker_codes], random, votes.answer_codes)), clickers


def with_more_clickers(votes: Votes, share: float, rng: np.random.Generator) -> Votes:
    """Newcomers, `share` of all workers then, click through the items of workers drawn at random."""
    models = rng.integers(0, votes.n_workers, round(share / (1 - share) * votes.n_workers))
    theirs = [np.flatnonzero(votes.worker_codes == model) for model in models]
    items = np.concatenate([votes.item_codes, *(votes.item_codes[rows] for rows in theirs)])
    new = [np.full(len(rows), votes.n_workers + place) for place, rows in enumerate(theirs)]
    workers = np.concatenate([votes.worker_codes, *new])
    clicks = rng.integers(0, votes.n_labels, len(items) - votes.n_votes)
    answers = np.concatenate([votes.answer_codes, clicks])
    return Votes.from_codes(items, workers, answers, votes.item_ids, votes.n_workers + len(models), votes.labels)


def with_ring(votes: Votes, rng: np.random.Generator) -> tuple[Votes, np.ndarray]:
    """(votes, ring (W,) bool)."""
    members = rng.permutation(votes.n_workers)[: round(RING_SHARE * votes.n_workers)]
    rank = np.full(votes.n_workers, votes.n_workers)
    rank[members] = np.arange(len(members))
    inside = rank < votes.n_workers
    order = np.lexsort((rank[votes.worker_codes], votes.item_codes))
    first = order[np.minimum(votes.item_starts[:-1], votes.n_votes - 1)][votes.item_codes]
    copies = inside[votes.worker_codes] & inside[votes.worker_codes[first]] & (rng.random(votes.n_votes) < COPY_RATE)
    return said(votes, np.where(copies, votes.answer_codes[first], votes.answer_codes)), inside


def auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve, ties counted half; NaN without both kinds."""
    n = int(positive.sum())
    if not 0 < n < len(positive):
        return float("nan")
    ranks = rankdata(np.maximum(scores, -1e9))
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n)))


def accuracies(votes: Votes, truth: np.ndarray) -> dict[str, float]:
    return {name: expected_accuracy(method(votes).posteriors, truth) for name, method in METHODS.items()}


def clicker_trial(votes: Votes, truth: np.ndarray, share: float, rng, clean: dict[str, float]) -> dict[str, float]:
    attacked, clickers = with_clickers(votes, share, rng)
    without = accuracies(votes.select_rows(~clickers[votes.worker_codes]), truth)
    found = find_clickers(log_of(attacked), expect(attacked))
    busy = attacked.votes_per_worker >= MIN_ANSWERS
    cost = {f"cost_{name}": clean[name] - value for name, value in accuracies(attacked, truth).items()}
    gone = {f"cost_without_them_{name}": clean[name] - value for name, value in without.items()}
    pairs = find_copiers(expect(attacked))
    return {
        **cost,
        **gone,
        "auc": auc(found.log_ratio[busy], clickers[busy]),
        "found": float(found.flagged[clickers & busy].mean()) if (clickers & busy).any() else float("nan"),
        "others_flagged": float(found.flagged[~clickers].mean()),
        "pairs_flagged": float(pairs.flagged.mean()) if len(pairs.flagged) else 0.0,
    }


def added_trial(votes: Votes, truth: np.ndarray, rng, clean: dict[str, float]) -> dict[str, float]:
    attacked = with_more_clickers(votes, max(CLICKER_SHARES), rng)
    flagged = find_clickers(log_of(attacked), expect(attacked)).flagged
    rest = auto(attacked.select_rows(~flagged[attacked.worker_codes]))
    cost = {f"cost_{name}": clean[name] - value for name, value in accuracies(attacked, truth).items()}
    known = {share: rng.random(votes.n_items) < share for share in ADDED_GOLD_SHARES}
    gold = {with_gold(share): cost_with_gold(votes, attacked, truth, known[share]) for share in ADDED_GOLD_SHARES}
    return {**cost, FLAGGED_OUT: clean["auto"] - expected_accuracy(rest.posteriors, truth), **gold}


def cost_with_gold(votes: Votes, attacked: Votes, truth: np.ndarray, known: np.ndarray) -> float:
    """What the attack costs on the items that are no gold."""
    gold = np.where(known, truth, -1)
    clean, hurt = (expected_accuracy(auto(v, gold=gold).posteriors[~known], truth[~known]) for v in (votes, attacked))
    return clean - hurt


def ring_trial(votes: Votes, truth: np.ndarray, rng, clean: dict[str, float], gold_share: float) -> dict[str, float]:
    attacked, ring = with_ring(votes, rng)
    known = rng.random(votes.n_items) < gold_share
    expected = expect(attacked, np.where(known, truth, -1) if gold_share else None)
    found = find_copiers(expected)
    both = ring[found.first] & ring[found.second]
    best = found.log_e_of_workers(votes.n_workers)
    met = np.isfinite(best)
    met[ring] &= np.isin(np.flatnonzero(ring), np.concatenate([found.first[both], found.second[both]]))
    return {
        "cost_auto": clean["auto"] - expected_accuracy(expected.posteriors[~known], truth[~known]),
        "auc_pairs": auc(found.log_e, both),
        "auc_workers": auc(best[met], ring[met]),
        "pairs_found": float(found.flagged[both].mean()) if both.any() else float("nan"),
        "honest_pairs_flagged": float(found.flagged[~both].mean()) if (~both).any() else 0.0,
        "clickers_flagged": float(find_clickers(log_of(attacked), expected).flagged.mean()),
    }


def findable(votes: Votes, truth: np.ndarray, rng) -> dict[str, float]:
    """What there is to find of a ring, and the AUC of its pairs when every truth is known."""
    attacked, ring = with_ring(votes, rng)
    found = find_copiers(expect(attacked, truth))
    both = ring[found.first] & ring[found.second]
    return {
        "answers": float(ring[attacked.worker_codes].mean()),
        "pairs": float(both.sum()),
        "shared": float(found.shared[both].mean()) if both.any() else float("nan"),
        "both_wrong": float(found.both_wrong[both].mean()) if both.any() else float("nan"),
        "auc_pairs": auc(found.log_e, both),
    }


def untouched(votes: Votes, truth: np.ndarray) -> dict[str, object]:
    """What is flagged in the set as it was recorded, with the accuracy that the flagged workers really had."""
    expected = expect(votes)
    clickers, pairs = find_clickers(log_of(votes), expected).flagged, find_copiers(expected)
    known = truth[votes.item_codes] >= 0
    right = (votes.answer_codes == truth[votes.item_codes])[known & clickers[votes.worker_codes]]
    return {
        "workers": votes.n_workers,
        "clickers": int(clickers.sum()),
        "their_accuracy": float(right.mean()) if len(right) else None,
        "pairs": len(pairs.flagged),
        "pairs_flagged": int(pairs.flagged.sum()),
    }


def trial(name: str, seeds: int, data: Path) -> dict[str, object]:
    votes, truth = read_set(name, data)
    votes = one_each(votes)
    clean = accuracies(votes, truth)

    def mean(run) -> dict[str, float]:
        rows = [run(np.random.default_rng(seed)) for seed in range(seeds)]
        return {key: mean_of([row[key] for row in rows]) for key in rows[0]}

    clicked = {str(s): mean(lambda rng, s=s: clicker_trial(votes, truth, s, rng, clean)) for s in CLICKER_SHARES}
    added = mean(lambda rng: added_trial(votes, truth, rng, clean))
    rings = {str(g): mean(lambda rng, g=g: ring_trial(votes, truth, rng, clean, g)) for g in RING_GOLD_SHARES}
    return {
        "clean": clean,
        "untouched": untouched(votes, truth),
        "clickers": clicked,
        "added": added,
        "ring_by_gold_share": rings,
        "findable": mean(lambda rng: findable(votes, truth, rng)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/results")
    chosen = parser.parse_args()
    begun, found = time.process_time(), {}
    for name in chosen.sets:
        found[name] = trial(name, chosen.seeds, chosen.data)
        print(name, f"{time.process_time() - begun:.0f} s of processor time", file=sys.stderr, flush=True)
    text = markdown(found)
    print(text)
    if chosen.write:
        (RESULTS / "abuse.md").write_text(text + "\n")
        (RESULTS / "abuse.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
