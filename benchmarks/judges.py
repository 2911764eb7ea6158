"""Crowd and model together against the better of the two, and how soon a silent change of the model is found.

    python -m benchmarks.judges [--sets judgebench rte] [--changes 200]

Together: three random answers an item of a recorded crowd, decided by the product's rule with skills learned from these, a hundred
items known (the judge's exam), on the others: the crowd alone, the model alone, both. judgebench has judges that are models: each in
turn is the model, beside the answers of the other five. Nowhere else are there votes of a model: they are PLANTED, right with the
stated chance, 7 of 10 errors on the label after the true one, so that the model has a confusion to be learned; three seeds, of the same
items, so that the standard error of their mean is stated too small. Known items weigh people and judges against each other
(consensus/core/labels/judge_weights.py). A judge that its exam finds no better than the most frequent answer is not heard, as in the
product (ml_assist/judges/exam.py).

Change: audits of the product (one call in ten, known tasks with replacement) of a model whose errors go from the first chance to the
second at a moment that nobody is told; the bound on the errors is the high end of the 95 % interval of an exam of 100, as in the product.
Answers until the alarm, the number that the page states, and false alarms in 1,000 audits without a change. Writes results/judges.*"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.crowd_sets import DATA, read_set
from benchmarks.honesty import some_items
from consensus.core import Votes, decide, learn_skills, publish_prior, publish_tables
from consensus.core.answers.shares import wilson_interval
from consensus.core.guarantees.change import audits_until_found, watch
from consensus.core.labels.judge_weights import learn_weights
from ml_assist.judges.rules import AUDITS, is_heard, usual_errors

RESULTS = Path(__file__).parent / "results"
SETS = ("judgebench", "rte", "dog", "cf", "labelme", "trec", "web", "d_possent")
PER_ITEM, EXAM, SEEDS = 3, 100, 3
SKILLS = (0.6, 0.75, 0.9)
CHANGES = ((0.05, 0.25), (0.1, 0.3), (0.1, 0.2), (0.2, 0.4))


def few(votes: Votes, seed: int, skip: int | None = None) -> Votes:
    """PER_ITEM random votes an item, none of worker `skip`."""
    order = np.random.default_rng(seed).permutation(votes.n_votes)
    order = order[votes.worker_codes[order] != skip] if skip is not None else order
    order = order[np.argsort(votes.item_codes[order], kind="stable")]
    items = votes.item_codes[order]
    first = np.flatnonzero(np.concatenate([[True], items[1:] != items[:-1]]))
    rank = np.arange(len(items)) - first[np.searchsorted(first, np.arange(len(items)), side="right") - 1]
    return votes.select_rows(np.sort(order[rank < PER_ITEM]))


def with_model(votes: Votes, said: np.ndarray) -> Votes:
    """The votes and one more worker, who says said (I,), nothing where that is below 0."""
    asked = np.flatnonzero(said >= 0)
    columns = (
        np.concatenate([votes.item_codes, asked]),
        np.concatenate([votes.worker_codes, np.full(len(asked), votes.n_workers)]),
        np.concatenate([votes.answer_codes, said[asked]]),
    )
    return Votes.from_codes(*columns, votes.item_ids, votes.n_workers + 1, votes.labels)


def accuracy(votes: Votes, gold: np.ndarray, truth: np.ndarray, judged: np.ndarray, with_judge: bool = False) -> float:
    """with_judge: the last worker is one."""
    learned = learn_skills(votes, gold=gold)
    tables, prior = publish_tables(learned.confusion), publish_prior(learned.prior)
    if with_judge:
        judges = np.arange(votes.n_workers) == votes.n_workers - 1
        weights = learn_weights(votes, gold, judges)
        of_each = np.where(judges, weights.judges, weights.people)
        tables = np.rint(tables * of_each[:, None, None]).astype(tables.dtype)
        prior = np.rint(prior * weights.prior).astype(prior.dtype)
    found = decide(votes, tables, prior, learned.softening)
    return float((found.labels[judged] == truth[judged]).mean())


def planted(truth: np.ndarray, skill: float, n_labels: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng([seed, round(100 * skill)])
    step = np.where(rng.random(len(truth)) < 0.7, 1, rng.integers(1, n_labels, len(truth)))
    wrong = (truth + step) % n_labels
    return np.where(truth < 0, -1, np.where(rng.random(len(truth)) < skill, truth, wrong))


def compared(votes: Votes, truth: np.ndarray, said: np.ndarray, seed: int, skip: int | None = None) -> dict:
    """Accuracies on the items that are not known; none of whom the exam refuses."""
    known = np.flatnonzero((truth >= 0) & (said >= 0))
    exam = np.random.default_rng(seed).permutation(known)[:EXAM]
    gold = np.full(votes.n_items, -1)
    gold[exam] = truth[exam]
    crowd = few(votes, seed, skip)
    judged = np.setdiff1d(known, exam)
    alone, model = accuracy(crowd, gold, truth, judged), float((said[judged] == truth[judged]).mean())
    right = int((said[exam] == truth[exam]).sum())
    heard = is_heard(right, EXAM, int(np.bincount(truth[exam]).max()) / EXAM)
    both = accuracy(with_model(crowd, said), gold, truth, judged, with_judge=True) if heard else alone
    return {"crowd": alone, "model": model, "both": both, "heard": heard, "items": len(judged)}


def together(name: str, data: Path) -> list[dict]:
    votes, truth = some_items(*read_set(name, data), 1000)
    if name == "judgebench":
        cases = [(f"judge {code + 1} of 6", _said_by(votes, code), code) for code in range(votes.n_workers)]
    else:
        n = len(votes.labels)
        cases = [
            (f"planted {skill}", planted(truth, skill, n, seed), None) for skill in SKILLS for seed in range(SEEDS)
        ]
    rows: dict[str, list[dict]] = {}
    for number, (title, said, skip) in enumerate(cases):
        rows.setdefault(title, []).append(compared(votes, truth, said, number % SEEDS, skip))
    return [{"set": name, "model_is": title, **_means(found)} for title, found in rows.items()]


def _said_by(votes: Votes, worker: int) -> np.ndarray:
    said = np.full(votes.n_items, -1)
    mine = votes.worker_codes == worker
    said[votes.item_codes[mine]] = votes.answer_codes[mine]
    return said


def _means(found: list[dict]) -> dict:
    mean = {name: float(np.mean([one[name] for one in found])) for name in ("crowd", "model", "both")}
    n = sum(one["items"] for one in found)
    gain = mean["both"] - max(mean["crowd"], mean["model"])
    error = float(np.sqrt(mean["both"] * (1 - mean["both"]) / n))
    heard = sum(one["heard"] for one in found)
    return mean | {"gain": gain, "standard_error": error, "heard": heard, "times": len(found), "items": n}


def changed(before: float, after: float, times: int) -> dict:
    rng = np.random.default_rng(round(1000 * before + after))
    delays, false_alarms, stated, missed = [], 0, [], 0
    for _ in range(times):
        low, _ = wilson_interval(int((rng.random(100) >= before).sum()), 100)
        usual = usual_errors({"low_ppm": round(1e6 * low)})
        moment = int(rng.integers(20, 200))
        quiet = watch(rng.random(1000) < before, usual)
        false_alarms += quiet.alarm_at is not None
        seen = watch(np.concatenate([rng.random(moment) < before, rng.random(2000) < after]), usual)
        if seen.alarm_at is None or seen.alarm_at <= moment:
            missed += 1
            continue
        delays.append((seen.alarm_at - moment) / AUDITS)
        stated.append(audits_until_found(usual, after) / AUDITS)
    return {
        "before": before, "after": after, "times": times, "mean": float(np.mean(delays)), "median": float(np.median(delays)),
        "p95": float(np.quantile(delays, 0.95)), "stated_median": float(np.median(stated)), "missed": missed,
        "false_alarms": false_alarms / times,
    }  # fmt: skip


def written(rows: list[dict], changes: list[dict]) -> str:
    lines = ["# Judges: crowd and model together, and a silent change", "", __doc__.split("\n\n", 2)[2].strip(), ""]
    lines += [
        "| set | model | crowd | model alone | both | both less the better | standard error | heard |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        shares = " | ".join(f"{r[name]:.3f}" for name in ("crowd", "model", "both"))
        lines.append(
            f"| {r['set']} | {r['model_is']} | {shares} | {r['gain']:+.3f} | {r['standard_error']:.3f} | {r['heard']} of {r['times']} |"
        )
    lines += [
        "",
        "| errors before, after | answers until found: mean | median | 95 % | stated, median | false alarms | not found, or before |",
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for c in changes:
        found = f"{c['mean']:.0f} | {c['median']:.0f} | {c['p95']:.0f} | {c['stated_median']:.0f}"
        lines.append(
            f"| {c['before']}, {c['after']} | {found} | {c['false_alarms']:.3f} | {c['missed']} of {c['times']} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--changes", type=int, default=200)
    options = parser.parse_args()
    rows = []
    for name in options.sets:
        rows += together(name, options.data)
        print(*rows[-3:], sep="\n", flush=True)
    changes = [changed(before, after, options.changes) for before, after in CHANGES]
    (RESULTS / "judges.json").write_text(json.dumps({"together": rows, "changes": changes}, indent=1) + "\n")
    (RESULTS / "judges.md").write_text(written(rows, changes))


if __name__ == "__main__":
    main()
