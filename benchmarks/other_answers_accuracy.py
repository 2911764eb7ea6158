"""Pairs, numbers and grades: every method of ours, plain baselines and crowd-kit's methods, in one run.

    python benchmarks/other_answers_accuracy.py [--data ../shared/data/crowd] [--without-crowdkit] [--only pairs numbers grades]

All methods run with their defaults; the truth is read after they have answered, but for rows that say "gold": there 3 % of the
items' truths are given, and the others are scored. Seconds are processor seconds of one call, encoding of ids included;
crowd-kit runs in an environment of its own. It has nothing for numbers and no ties for pairs (they are left out for it, as
its documentation asks). Planted crowds are drawn from models that are not the ones fitted for grades and numbers with
outliers. Writes benchmarks/results/.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import crowdkit_environment  # noqa: E402
import other_answers_sets as sets  # noqa: E402
from crowd_sets import DATA, labels_file, read_set  # noqa: E402

from consensus.core import (  # noqa: E402
    Comparisons,
    Numbers,
    Ranking,
    Votes,
    auto,
    bradley_terry,
    cohen_kappa,
    crowd_bradley_terry,
    dawid_skene,
    grade,
    majority_vote,
    merge_numbers,
)

RESULTS = ROOT / "benchmarks" / "results"
BENCH = crowdkit_environment.PLACE.parent
LIMIT_S = 300.0
GOLD_SHARE = 0.03


def timed(function: Callable, *arguments):
    began = time.process_time()
    found = function(*arguments)
    return found, time.process_time() - began


# ---- pairs

PAIR_SETS = {
    "music_similarity_pairs": sets.music,
    "wmt13_fr_en_pairs": sets.wmt13,
    "planted, ties": lambda _: sets.planted_pairs(0.0),
    "planted, no ties": lambda _: sets.planted_pairs(-np.inf),
}


def pairs(data: Path, with_crowdkit: bool) -> dict[str, dict]:
    found = {}
    for name, read in PAIR_SETS.items():
        crowd = read(data)
        found[name] = our_pairs(crowd)
        if with_crowdkit:
            found[name] |= crowdkit_pairs(name, crowd)
        show("pairs", name, found[name])
    return found


def our_pairs(crowd: sets.PairSet) -> dict[str, dict]:
    def run(method: Callable[[Comparisons], Ranking]) -> tuple[Comparisons, Ranking]:
        workers, left, right, outcomes = zip(*crowd.rows, strict=True)
        groups = [crowd.query[item] for item in left]
        table = Comparisons.from_rows(left, right, workers, outcomes, groups)
        return table, method(table)

    rows = {"win rate, ties half": score_pairs(crowd, *timed(win_rates, crowd))}
    for method in (bradley_terry, crowd_bradley_terry):
        (table, ranking), cpu_s = timed(run, method)
        codes = {item: code for code, (_, item) in enumerate(table.item_ids.tolist())}
        scores = {item: float(ranking.scores[code]) for item, code in codes.items()}
        rows[f"ours: {method.__name__}"] = score_pairs(crowd, scores, cpu_s) | sureness(crowd, ranking, codes)
    return rows


def win_rates(crowd: sets.PairSet) -> dict[str, float]:
    won, seen = dict.fromkeys(crowd.query, 0.0), dict.fromkeys(crowd.query, 0)
    for _, left, right, said in crowd.rows:
        won[left] += {"left": 1.0, "right": 0.0, "tie": 0.5}[said]
        won[right] += {"left": 0.0, "right": 1.0, "tie": 0.5}[said]
        seen[left], seen[right] = seen[left] + 1, seen[right] + 1
    return {item: won[item] / max(seen[item], 1) for item in won}


def score_pairs(crowd: sets.PairSet, scores: dict[str, float], cpu_s: float) -> dict:
    gaps = np.array([scores.get(a, 0.0) - scores.get(b, 0.0) for a, b in crowd.better])
    met = {frozenset(row[1:3]) for row in crowd.rows}
    compared = np.array([frozenset(pair) in met for pair in crowd.better])
    right = np.where(gaps > 0, 1.0, np.where(gaps == 0, 0.5, 0.0))
    return {"right order %": 100 * right.mean(), "of compared pairs %": 100 * right[compared].mean(), "cpu_s": cpu_s}


def sureness(crowd: sets.PairSet, ranking: Ranking, codes: dict[str, int]) -> dict:
    """Mean probability given to the order that is chosen: it should be the share of right orders."""
    left, right = (np.array([codes[pair[side]] for pair in crowd.better]) for side in (0, 1))
    chances = ranking.compare(left, right)
    sure = chances.left / (chances.left + chances.right) if crowd.single else chances.left_is_better
    row = {"said to be right %": 100 * float(np.maximum(sure, 1 - sure).mean())}
    if crowd.scores is None:
        return row
    off = np.array([(crowd.scores[item] - ranking.scores[c]) / ranking.errors[c] for item, c in codes.items()])
    return row | {"inside 95 % interval": 100 * float((np.abs(off) < 1.96).mean())}


def crowdkit_pairs(name: str, crowd: sets.PairSet) -> dict[str, dict]:
    source = BENCH / f"pairs-{name.replace(' ', '_').replace(',', '')}.csv"
    python = crowdkit_environment.make()
    with source.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["worker", "left", "right", "label"])
        for worker, left, right, said in crowd.rows:
            if said != "tie":
                table.writerow([worker, left, right, left if said == "left" else right])
    script = ROOT / "benchmarks" / "crowdkit_pairs.py"
    done = subprocess.run([python, script, source], capture_output=True, text=True, timeout=LIMIT_S, check=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    return {f"crowd-kit {r['method']}": score_pairs(crowd, r["scores"], r["cpu_s"]) for r in reports}


# ---- numbers

NUMBER_SETS = {
    "crowdairway": lambda data: sets.recorded_numbers("crowdairway", data),
    "wordsim": lambda data: sets.recorded_numbers("wordsim", data),
    "planted": lambda _: sets.planted_numbers(),
    "planted, 10 % wild": lambda _: sets.planted_numbers(outliers=0.1),
    "planted, 3 answers": lambda _: sets.planted_numbers(per_item=3),
    "planted, logarithms": lambda _: sets.planted_numbers(multiply=True),
}
OTHER_SCALE = {
    "wordsim"
}  # the truth is on another scale than the answers: scored after a linear map, as SOURCE.md says


def numbers(data: Path) -> dict[str, dict]:
    found = {}
    for name, read in NUMBER_SETS.items():
        crowd = read(data)
        found[name] = our_numbers(name, crowd)
        if name == "crowdairway":
            found[name]["second expert"] = score_numbers(sets.second_expert(data), crowd.truth)
        show("numbers", name, found[name])
    return found


def our_numbers(name: str, crowd: sets.NumberSet) -> dict[str, dict]:
    table, encode_s = timed(Numbers.from_rows, crowd.item, crowd.worker, crowd.value)
    rows = {}
    for method, function in {"mean": np.mean, "median": np.median}.items():
        values, cpu_s = timed(lambda f=function: np.array([f(v) for v in by_item(crowd)]))
        rows[method] = score_numbers(fitted(name, values, crowd.truth), crowd.truth) | {"cpu_s": cpu_s}
    merged, cpu_s = timed(merge_numbers, table)
    values = fitted(name, merged.values, crowd.truth)
    stretch = (values.std() / merged.values.std()) if name in OTHER_SCALE else 1.0
    spread = stretch * (merged.high - merged.low) / 2
    inside = (merged.low <= crowd.truth) & (crowd.truth <= merged.high)
    inside = np.abs(values - crowd.truth) <= spread if name in OTHER_SCALE else inside
    rows["ours"] = score_numbers(values, crowd.truth) | {"inside 95 % interval": 100 * float(inside.mean())}
    rows["ours"] |= {"cpu_s": encode_s + cpu_s, "scale": merged.scale}
    return rows | (with_gold(table, crowd) if name not in OTHER_SCALE else {})


def by_item(crowd: sets.NumberSet) -> list[np.ndarray]:
    order = np.argsort(crowd.item, kind="stable")
    return np.split(crowd.value[order], np.cumsum(np.bincount(crowd.item))[:-1])


def fitted(name: str, values: np.ndarray, truth: np.ndarray) -> np.ndarray:
    if name not in OTHER_SCALE:
        return values
    design = np.column_stack([values, np.ones(len(values))])
    return design @ np.linalg.lstsq(design, truth, rcond=None)[0]


def with_gold(table: Numbers, crowd: sets.NumberSet) -> dict[str, dict]:
    given = np.random.default_rng(sets.PLANTED_SEED).random(len(crowd.truth)) < GOLD_SHARE
    merged, cpu_s = timed(merge_numbers, table, "auto", np.where(given, crowd.truth, np.nan))
    inside = ((merged.low <= crowd.truth) & (crowd.truth <= merged.high))[~given]
    row = score_numbers(merged.values[~given], crowd.truth[~given])
    row |= {"inside 95 % interval": 100 * float(inside.mean()), "cpu_s": cpu_s, "scale": merged.scale}
    return {f"ours, {given.sum()} gold items": row}


def score_numbers(values: np.ndarray, truth: np.ndarray) -> dict:
    known = ~np.isnan(values)
    error = (values - truth)[known]
    return {
        "MAE": float(np.abs(error).mean()),
        "RMSE": float(np.sqrt((error**2).mean())),
        "mean error": float(error.mean()),
        "Spearman": float(spearmanr(values[known], truth[known])[0]),
    }


# ---- grades

CROWDKIT_GRADES = ["MajorityVote", "Wawa", "DawidSkene"]


def grades(data: Path, with_crowdkit: bool) -> dict[str, dict]:
    planted = {
        "planted, 5 grades": sets.planted_grades(5),
        "planted, 10 grades": sets.planted_grades(10),
        "planted, 5 grades, 30 % clickers": sets.planted_grades(5, 0.3),
    }
    crowds = {"s_adult": (*read_set("s_adult", data), str(labels_file("s_adult", data)))}
    for name, (items, workers, answers, truth) in planted.items():
        path = BENCH / f"{name.replace(' ', '_').replace(',', '').replace('%', '')}.npz"
        path.parent.mkdir(exist_ok=True)
        np.savez(path, items=items, workers=workers, answers=answers)
        crowds[name] = (Votes.from_rows(items, workers, answers, range(truth.max() + 1)), truth, f"synthetic:{path}")
    found = {}
    for name, (votes, truth, source) in crowds.items():
        found[name] = our_grades(votes, truth) | (crowdkit_grades(votes, truth, source) if with_crowdkit else {})
        show("grades", name, found[name])
    return found


def our_grades(votes: Votes, truth: np.ndarray) -> dict[str, dict]:
    mean = votes.counts @ np.arange(votes.n_labels) / np.maximum(votes.votes_per_item, 1)
    rows = {"mean, rounded": score_grades(np.rint(mean).astype(int), truth, votes.n_labels, 0.0)}
    for method in (majority_vote, dawid_skene, auto):
        result, cpu_s = timed(method, votes)
        rows[f"ours: {method.__name__}"] = score_grades(result.labels, truth, votes.n_labels, cpu_s, result.posteriors)
    for loss in ("absolute", "exact"):
        result, cpu_s = timed(grade, votes, loss)
        row = score_grades(result.grades, truth, votes.n_labels, cpu_s, result.posteriors)
        rows[f"ours: grade, {loss} loss"] = row | {"expected loss": float(result.expected_loss[truth >= 0].mean())}
    return rows


def score_grades(
    found: np.ndarray, truth: np.ndarray, n_grades: int, cpu_s: float, posteriors: np.ndarray | None = None
) -> dict:
    known = truth >= 0
    found, truth = found[known], truth[known]
    row = {
        "MAE": float(np.abs(found - truth).mean()),
        "accuracy %": 100 * float((found == truth).mean()),
        "weighted kappa": cohen_kappa(found, truth, n_grades, "quadratic"),
    }
    if posteriors is not None:
        row["log-loss"] = float(-np.log(np.maximum(posteriors[known, truth], 1e-10)).mean())
    return row | {"cpu_s": cpu_s}


def crowdkit_grades(votes: Votes, truth: np.ndarray, source: str) -> dict[str, dict]:
    rows = {}
    for method in CROWDKIT_GRADES:
        out = BENCH / "grades.npz"
        report = crowdkit_environment.ask(method, source, out, LIMIT_S)
        if report is None:
            continue
        given = np.load(out)
        posteriors = np.zeros((votes.n_items, votes.n_labels))
        item, label = ({str(x): code for code, x in enumerate(ids.tolist())} for ids in (votes.item_ids, votes.labels))
        places = np.ix_([item[x] for x in given["items"]], [label[x] for x in given["labels"]])
        posteriors[places] = given["posteriors"]
        row = score_grades(posteriors.argmax(axis=1), truth, votes.n_labels, report["cpu_s"], posteriors)
        rows[f"crowd-kit {method}"] = row
    return rows


# ---- the report


def show(kind: str, name: str, rows: dict[str, dict]) -> None:
    for method, row in rows.items():
        figures = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items())
        print(f"{kind:8} {name:30} {method:28} {figures}", flush=True)


def markdown(found: dict[str, dict[str, dict]]) -> str:
    lines = ["# Pairs, numbers and grades", "", __doc__.split("\n\n")[2].replace("\n", " ")]
    for kind, by_set in found.items():
        for name, rows in by_set.items():
            heads = list(dict.fromkeys(key for row in rows.values() for key in row))
            lines += ["", f"## {kind.capitalize()}: {name}", "", "| method | " + " | ".join(heads) + " |"]
            lines.append("| --- |" + " --- |" * len(heads))
            for method, row in rows.items():
                lines.append(f"| {method} | " + " | ".join(cell(head, row.get(head)) for head in heads) + " |")
    return "\n".join(lines) + "\n"


def cell(head: str, value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or "–"
    return f"{value:.1f}" if "%" in head else f"{value:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--without-crowdkit", action="store_true")
    parser.add_argument("--only", nargs="+", choices=["pairs", "numbers", "grades"])
    asked = parser.parse_args()
    with_crowdkit = not asked.without_crowdkit
    kinds = {
        "pairs": lambda: pairs(asked.data, with_crowdkit),
        "numbers": lambda: numbers(asked.data),
        "grades": lambda: grades(asked.data, with_crowdkit),
    }
    found = {kind: run() for kind, run in kinds.items() if not asked.only or kind in asked.only}
    if asked.only:
        return
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "other_answers_accuracy.md").write_text(markdown(found))
    (RESULTS / "other_answers_accuracy.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
