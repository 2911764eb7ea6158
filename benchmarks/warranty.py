"""Is "at most e wrong, 95 % sure" kept, whatever the crowd and whenever one stops to look? Replays of the sample on recorded crowds.

    python -m benchmarks.warranty [--sets rte dog] [--replays 1000]

Each label is what the product's rule says of three random answers an item, with skills learned from these alone. In each replay the sample
is drawn anew, DRAWS of it, and it counts as broken if somebody who looks after each draw could at any of them let labels stand of which,
with what the reference gets wrong of the others, more than e are wrong by the set's truth. e: a tenth, a twentieth, and half of what is
wrong. Reference: the truth, and one that is wrong on 2 % of the items, whose own error is bounded by an exam on EXAM other known items (a
fifth of the risk is spent on that). Control: the same bounds made 20 % smaller. Saved: labels that nobody of the reference judges, neither
in the sample nor after it. Writes results/warranty.*"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.crowd_sets import DATA, read_set
from benchmarks.honesty import categorical, some_items
from consensus.core import Votes, decide, learn_skills, publish_prior, publish_tables
from consensus.core.guarantees.betting import refuted_at, upper_bound
from consensus.core.guarantees.warranty import Promise, Sample, draws, standing, to_judge, weights_of

RESULTS = Path(__file__).parent / "results"
DRAWS, EXAM, REFERENCE_ERROR, ALPHA = 400, 300, 0.02, 0.05
TOO_SMALL = 0.8


def few_answers(votes: Votes, per_item: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """(posteriors (I, K), confidence_ppm (I,)) by the product's rule from so many random answers an item."""
    order = np.random.default_rng(0).permutation(votes.n_votes)
    order = order[np.argsort(votes.item_codes[order], kind="stable")]
    items = votes.item_codes[order]
    first = np.flatnonzero(np.concatenate([[True], items[1:] != items[:-1]]))
    rank = np.arange(len(items)) - first[np.searchsorted(first, np.arange(len(items)), side="right") - 1]
    few = votes.select_rows(np.sort(order[rank < per_item]))
    learned = learn_skills(few)
    found = decide(few, publish_tables(learned.confusion), publish_prior(learned.prior), learned.softening)
    return learned.softening.posteriors(found.scores / 1024, few.votes_per_item), found.confidence_ppm


def labelled(votes: Votes, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(confidence_ppm (N,), wrong (N,)) of items with a truth."""
    posteriors, confidence = few_answers(votes)
    judged = truth >= 0
    return confidence[judged], (posteriors.argmax(axis=1) != truth)[judged]


def replays(
    confidence: np.ndarray, wrong: np.ndarray, samples: np.ndarray, error: float, reference_wrong: float
) -> dict:
    rng, n = np.random.default_rng(1), len(samples)
    kept, kept_short, stand, judged, refused = 0, 0, [], [], 0
    for number in range(n):
        seen = wrong ^ (rng.random(len(wrong)) < reference_wrong)
        own = upper_bound(rng.random(EXAM) < reference_wrong, ALPHA / 5) if reference_wrong else 0.0
        if own >= error:
            refused += 1
            continue
        promise = Promise(error, 1 - ALPHA * (0.8 if reference_wrong else 1.0), own)
        drawn = samples[number]
        sample, level = Sample(confidence, drawn, seen[drawn]), _first_breach(confidence, wrong, seen, error)
        if level is not None:  # breached at any time, by whoever looks when it suits her
            values, alpha, least = sample.values(level), 1 - promise.confidence, error - own
            kept += refuted_at(values, least, alpha, sample.most) is None
            kept_short += refuted_at(values, least / TOO_SMALL, alpha, sample.most) is None
        else:
            kept, kept_short = kept + 1, kept_short + 1
        found = standing(confidence, drawn, seen[drawn], promise)
        stand.append(found.n_labels / len(wrong))
        judged.append(to_judge(confidence, drawn, found.confidence_ppm) / len(wrong))
    done = max(n - refused, 1)
    return {
        "replays": n - refused, "kept": round(kept / done, 4), "kept_by_control": round(kept_short / done, 4),
        "stand": round(float(np.mean(stand or [0])), 4), "judgements_saved": round(1 - float(np.mean(judged or [1])), 4),
    }  # fmt: skip


def _first_breach(confidence: np.ndarray, wrong: np.ndarray, seen: np.ndarray, error: float) -> int | None:
    """The highest confidence that breaks the promise if labels at least so sure stand; None: none does. Of the others the reference's
    errors count; that what was drawn is mended, too, is left out."""
    order = np.argsort(-confidence, kind="stable")
    total = ((wrong != seen).sum() + np.cumsum(wrong[order].astype(int) - (wrong != seen)[order])) / len(wrong)
    last = np.flatnonzero(np.diff(confidence[order], append=-1))
    broken = last[total[last] > error]
    return int(confidence[order][broken[0]]) if len(broken) else None


def of_set(name: str, n: int, most: int) -> list[dict]:
    confidence, wrong = labelled(*some_items(*read_set(name, DATA), most))
    share, rows, weights = float(wrong.mean()), [], weights_of(confidence)
    samples = np.array([draws(f"{number}", weights, DRAWS) for number in range(n)])
    for reference in (0.0, REFERENCE_ERROR):
        for kind, error in (("ten", 0.10), ("five", 0.05), ("half", share / 2)):
            if 0 < error < 1:
                found = replays(confidence, wrong, samples, error, reference)
                rows.append({"set": name, "labels": len(wrong), "wrong": round(share, 4), "reference_error": reference})
                rows[-1] |= {"e": kind, "error": round(error, 4), **found}
                print(rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+")
    parser.add_argument("--replays", type=int, default=1000)
    parser.add_argument("--most-items", type=int, default=1000)
    options = parser.parse_args()
    rows = [
        row for name in options.sets or categorical(DATA) for row in of_set(name, options.replays, options.most_items)
    ]
    (RESULTS / "warranty.json").write_text(json.dumps(rows, indent=1) + "\n")
    heads = list(rows[0])
    table = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    table += ["| " + " | ".join(str(value) for value in row.values()) + " |" for row in rows]
    (RESULTS / "warranty.md").write_text("\n".join([__doc__.splitlines()[0].join(["# ", ""]), "", *table, ""]))


if __name__ == "__main__":
    main()
