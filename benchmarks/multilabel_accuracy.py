"""Several labels on one item: ours, the share of the workers and crowd-kit's BinaryRelevance, on a recorded crowd and on planted ones.

    python -m benchmarks.multilabel_accuracy [--data ../shared/data/crowd] [--no-crowdkit]

Recorded: medical_relations. An expert judged 792 (sentence, relation) pairs right or wrong; the figure is the share of these pairs
on which the decided set agrees with her. Recorded crowds of one label an item, read as sets of one label: what happens to
labels that are taken for each other; the figure is the share of right labels. Planted: sets drawn from known rates, three seeds; the
figures are the share of right labels and of sets that are right as a whole. Every method runs with its defaults; the truth is
read after it has answered. Seconds are processor seconds, encoding included.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import crowdkit_environment as crowdkit
from benchmarks.crowd_sets import DATA, read_set
from consensus.core.metrics.measures import calibration_error, log_loss
from consensus.core.sets.multilabel import SetsFit, fit_sets, multilabel
from consensus.core.sets.sets import Sets

RESULTS = Path(__file__).parent / "results" / "multilabel_accuracy.json"
BAR = 0.80
ONE_LABEL = ("dog", "cf", "cf_amt", "labelme", "ms", "s_adult")
EXPERT = {"cause": "CAUSES", "treat": "TREATS"}  # the expert's words and the workers'
Row = tuple[str, str, list[str]]


class Found(NamedTuple):
    """sets: {task: labels}; chances: {task: {label: P}} where a method gives them."""

    sets: dict[str, set[str]]
    chances: dict[str, dict[str, float]]
    cpu_s: float


def ours(rows: list[Row], labels: list[str]) -> Found:
    return timed(rows, labels, multilabel, lambda result: (result.chosen, result.posteriors))


def one_model(n_profiles: int, sized: bool = False) -> Callable[[list[Row], list[str]], Found]:
    def fit(sets: Sets) -> SetsFit:
        return fit_sets(sets, n_profiles, sized=sized)

    return lambda rows, labels: timed(rows, labels, fit, lambda f: (f.log_odds > 0, 1 / (1 + np.exp(-f.log_odds))))


def shares(rows: list[Row], labels: list[str]) -> Found:
    def count(sets: Sets) -> np.ndarray:
        return sets.chosen_by_item / sets.answers_per_item[:, None]

    return timed(rows, labels, count, lambda share: (share > 0.5, share))


def timed(rows: list[Row], labels: list[str], method: Callable, read: Callable) -> Found:
    before = time.process_time()
    sets = Sets.from_rows(*zip(*rows, strict=True), labels=labels)
    result = method(sets)
    cpu_s = time.process_time() - before
    chosen, chances = read(result)
    tasks = sets.item_ids.tolist()
    return Found(
        {task: {labels[k] for k in np.flatnonzero(row)} for task, row in zip(tasks, chosen, strict=True)},
        {task: dict(zip(labels, row.tolist(), strict=True)) for task, row in zip(tasks, chances, strict=True)},
        cpu_s,
    )


OURS = {
    "multilabel": ours,
    "independent labels alone": one_model(1),
    "profiles alone": one_model(17),
    "profiles and sizes alone": one_model(17, sized=True),
    "share > 1/2": shares,
}


def crowdkits(rows: list[Row]) -> dict[str, Found]:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        csv.writer(file).writerows([("task", "worker", "label"), *((t, w, "|".join(s)) for t, w, s in rows)])
        file.flush()
        worker = Path(__file__).with_name("crowdkit_multilabel.py")
        done = subprocess.run([crowdkit.make(), worker, file.name], capture_output=True, text=True, check=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    return {r["method"]: Found({t: set(s) for t, s in r["sets"].items()}, {}, r["cpu_s"]) for r in reports}


def every_method(rows: list[Row], with_crowdkit: bool) -> dict[str, Found]:
    labels = sorted({label for _, _, chosen in rows for label in chosen})
    found = {name: method(rows, labels) for name, method in OURS.items()}
    return found | (crowdkits(rows) if with_crowdkit else {})


def medical(data: Path, with_crowdkit: bool) -> list[dict]:
    """The rows as recorded, and with one answer for each worker and sentence: her first, as the platform takes it."""
    with (data / "medical_relations" / "labels.csv").open(newline="") as file:
        recorded = [(row["task"], row["worker"], row["labels"].split("|")) for row in csv.DictReader(file)]
    first = {(task, worker): (task, worker, chosen) for task, worker, chosen in reversed(recorded)}
    once = list(first.values())[::-1]
    found = {"as recorded": every_method(recorded, with_crowdkit), "one answer each": every_method(once, with_crowdkit)}
    with (data / "medical_relations" / "truth.csv").open(newline="") as file:
        judged = [(row["task"], EXPERT[row["relation"]], row["expert"] == "1") for row in csv.DictReader(file)]
    return [
        {"rows": rows, "method": name, "cpu_s": round(one.cpu_s, 2), **against_expert(one, judged)}
        for rows, methods in found.items()
        for name, one in methods.items()
    ]


def against_expert(found: Found, judged: list[tuple[str, str, bool]]) -> dict:
    right = [(label in found.sets[task]) == truth for task, label, truth in judged]
    report = {"agreement": float(np.mean(right)), "pairs": len(right)}
    if found.chances:
        chance = np.array([found.chances[task][label] for task, label, _ in judged])
        truth = np.array([int(truth) for _, _, truth in judged])
        both = np.stack([1 - chance, chance], axis=1)
        report |= {"log_loss": log_loss(both, truth), "calibration_error": calibration_error(both, truth)}
    return report


def one_label(data: Path, with_crowdkit: bool) -> list[dict]:
    report = []
    for name in ONE_LABEL:
        votes, truth = read_set(name, data)
        items, codes = votes.item_codes.tolist(), votes.answer_codes.tolist()
        rows = [(f"{i}", f"w{w}", [f"{a}"]) for i, w, a in zip(items, votes.worker_codes.tolist(), codes, strict=True)]
        true = {f"{item}": {f"{label}"} for item, label in enumerate(truth.tolist()) if label >= 0}
        for method, one in every_method(rows, with_crowdkit).items():
            wrong = sum(len(one.sets[item] ^ labels) for item, labels in true.items())
            right = 1 - wrong / (len(true) * votes.n_labels)
            report.append({"set": name, "method": method, "labels_right": right})
    return report


class Plan(NamedTuple):
    name: str
    n_items: int
    n_workers: int
    n_labels: int
    per_item: int
    sensitivity: tuple[float, float]
    together: bool


PLANS = [
    Plan("careful, 5 answers", 400, 30, 6, 5, (0.8, 0.95), False),
    Plan("labels missed, 5 answers", 400, 30, 6, 5, (0.3, 0.6), False),
    Plan("labels go together, 3 answers", 400, 30, 8, 3, (0.5, 0.9), True),
    Plan("40 labels, 3 answers", 600, 30, 40, 3, (0.5, 0.9), True),
]


def plant(plan: Plan, seed: int) -> tuple[list[Row], np.ndarray]:
    rng = np.random.default_rng(seed)
    share = np.full((1, plan.n_labels), 0.25)
    if plan.together:
        share = np.where(rng.random((6, plan.n_labels)) < 0.2, 0.8, 0.02)
    truth = rng.random((plan.n_items, plan.n_labels)) < share[rng.integers(0, len(share), plan.n_items)]
    sees, errs = rng.uniform(*plan.sensitivity, plan.n_workers), rng.uniform(0.01, 0.08, plan.n_workers)
    rows = []
    for item in range(plan.n_items):
        for worker in rng.choice(plan.n_workers, plan.per_item, replace=False):
            chosen = rng.random(plan.n_labels) < np.where(truth[item], sees[worker], errs[worker])
            rows.append((f"{item:04d}", f"w{worker}", [f"l{k:02d}" for k in np.flatnonzero(chosen)]))
    return rows, truth


def planted(with_crowdkit: bool, seeds: Iterable[int] = range(3)) -> list[dict]:
    report = []
    for plan in PLANS:
        scores: dict[str, list[tuple[float, float]]] = {}
        for seed in seeds:
            rows, truth = plant(plan, seed)
            for name, one in every_method(rows, with_crowdkit).items():
                table = np.zeros(truth.shape, dtype=bool)
                for task, chosen in one.sets.items():
                    table[int(task), [int(label[1:]) for label in chosen]] = True
                right = table == truth
                scores.setdefault(name, []).append((right.mean(), right.all(axis=1).mean()))
        for name, found in scores.items():
            labels, whole = np.mean(found, axis=0).tolist()
            report.append({"plan": plan.name, "method": name, "labels_right": labels, "sets_right": whole})
    return report


def write(report: dict) -> None:
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    lines = [f"# Several labels\n\n## medical_relations: agreement with the expert (bar {BAR:.2f})\n"]
    lines += ["| rows | method | agreement | log-loss | calibration error | processor s |", "| --- " * 6 + "|"]
    for row in report["medical_relations"]:
        more = [f"{row[key]:.3f}" if key in row else "" for key in ("log_loss", "calibration_error")]
        cells = [row["rows"], row["method"], f"{row['agreement']:.4f}", *more, f"{row['cpu_s']:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["\n## Recorded crowds of one label an item: labels right\n", f"| method | {' | '.join(ONE_LABEL)} |"]
    lines.append("| --- " * (len(ONE_LABEL) + 1) + "|")
    table: dict[str, list[str]] = {}
    for row in report["one_label"]:
        table.setdefault(row["method"], []).append(f"{row['labels_right']:.4f}")
    lines += [f"| {method} | {' | '.join(cells)} |" for method, cells in table.items()]
    lines += ["\n## Planted crowds, mean of three seeds\n", "| crowd | method | labels right | sets right |"]
    lines.append("| --- " * 4 + "|")
    for row in report["planted"]:
        lines.append(f"| {row['plan']} | {row['method']} | {row['labels_right']:.4f} | {row['sets_right']:.3f} |")
    RESULTS.with_suffix(".md").write_text("\n".join(lines) + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--no-crowdkit", action="store_true")
    asked = options.parse_args()
    report = {
        "medical_relations": medical(asked.data, not asked.no_crowdkit),
        "one_label": one_label(asked.data, not asked.no_crowdkit),
        "planted": planted(not asked.no_crowdkit),
    }
    write(report)
    print(RESULTS.with_suffix(".md").read_text())


if __name__ == "__main__":
    main()
