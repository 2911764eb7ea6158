"""Recorded and planted crowds of pairs, numbers and grades with a known truth, for other_answers_accuracy.py."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from consensus.core.pairs.davidson import probabilities

PLANTED_SEED = 7


@dataclass(frozen=True, eq=False)
class PairSet:
    """rows of (worker, left, right, outcome), items already named by query; better: pairs (a, b) of items, a the better;
    query: of each item; single: `better` are single answers, not the truth; scores: the planted ones, mean 0 in each query."""

    rows: list[tuple[str, str, str, str]]
    better: list[tuple[str, str]]
    query: dict[str, str]
    single: bool = False
    scores: dict[str, float] | None = None


@dataclass(frozen=True, eq=False)
class NumberSet:
    """item, worker (N,) codes; value (N,); truth (I,)."""

    item: np.ndarray
    worker: np.ndarray
    value: np.ndarray
    truth: np.ndarray


def read_csv(path: Path) -> list[dict]:
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        return list(csv.DictReader(file))


def outcome(row: dict) -> str:
    return {row["left"]: "left", row["right"]: "right"}.get(row["label"], "tie")


def music(data: Path) -> PairSet:
    """Items ordered within queries; every two items of a query with different groups in the reference count."""
    folder = data / "music_similarity_pairs"
    rows = [
        (r["worker"], f"{r['task']}|{r['left']}", f"{r['task']}|{r['right']}", outcome(r))
        for r in read_csv(folder / "labels.csv")
    ]
    truth = [(r["task"], f"{r['task']}|{r['item']}", int(r["group"])) for r in read_csv(folder / "truth.csv")]
    better = [(a, b) for query, a, x in truth for other, b, y in truth if query == other and x < y]
    return PairSet(rows, better, {item: query for query, item, _ in truth})


def wmt13(data: Path) -> PairSet:
    """Systems; the held-out comparisons without ties."""
    folder = data / "wmt13_fr_en_pairs"
    rows = [(r["worker"], r["left"], r["right"], outcome(r)) for r in read_csv(folder / "labels.csv.gz")]
    held = [(r["left"], r["right"], outcome(r)) for r in read_csv(folder / "test_pairs.csv")]
    better = [(a, b) if said == "left" else (b, a) for a, b, said in held if said != "tie"]
    return PairSet(rows, better, {item: "" for row in rows for item in row[1:3]}, single=True)


def planted_pairs(ties: float) -> PairSet:
    """Six queries of 15 items, 3,000 comparisons by 40 workers of whom 12 mostly click by habit; ties: Davidson's weight."""
    rng = np.random.default_rng(PLANTED_SEED)
    n_items, n_queries, n_workers, n = 15, 6, 40, 3000
    scores, query = rng.normal(0, 1.5, (n_queries, n_items)), rng.integers(0, n_queries, n)
    left = rng.integers(0, n_items, n)
    right, worker = (left + rng.integers(1, n_items, n)) % n_items, rng.integers(0, n_workers, n)
    looks, habit = np.where(np.arange(n_workers) < 12, 0.1, 0.95), rng.dirichlet(np.full(3, 0.5), n_workers)
    habit[:, 2] *= np.isfinite(ties)
    chances = probabilities(scores[query, left] - scores[query, right], np.full(n, ties)).T
    chances = np.where((rng.random(n) < looks[worker])[:, None], chances, habit[worker])
    said = (rng.random(n)[:, None] * chances.sum(axis=1, keepdims=True) > chances.cumsum(axis=1)).sum(axis=1)
    names = ["left", "right", "tie"]
    rows = [
        (f"w{w}", f"{q}|{a}", f"{q}|{b}", names[s])
        for q, w, a, b, s in zip(query, worker, left, right, said, strict=True)
    ]
    better = [
        (f"{q}|{a}", f"{q}|{b}")
        for q in range(n_queries)
        for a in range(n_items)
        for b in range(n_items)
        if scores[q, a] > scores[q, b]
    ]
    scores -= scores.mean(axis=1, keepdims=True)
    known = {f"{q}|{a}": float(scores[q, a]) for q in range(n_queries) for a in range(n_items)}
    return PairSet(rows, better, {item: item.split("|")[0] for item in known}, scores=known)


def recorded_numbers(name: str, data: Path) -> NumberSet:
    truth = {row["task"]: float(row["label"]) for row in read_csv(data / name / "truth.csv")}
    rows = [row for row in read_csv(data / name / "labels.csv") if row["task"] in truth]
    tasks, workers = {t: code for code, t in enumerate(truth)}, {}
    item = np.array([tasks[row["task"]] for row in rows])
    worker = np.array([workers.setdefault(row["worker"], len(workers)) for row in rows])
    return NumberSet(item, worker, np.array([float(row["label"]) for row in rows]), np.array(list(truth.values())))


def second_expert(data: Path) -> np.ndarray:
    """crowdairway: the other expert, in the order of the truth."""
    values = {row["task"]: float(row["label"]) for row in read_csv(data / "crowdairway" / "second_expert.csv")}
    return np.array([values.get(row["task"], np.nan) for row in read_csv(data / "crowdairway" / "truth.csv")])


def planted_numbers(outliers: float = 0.0, multiply: bool = False, per_item: int = 6) -> NumberSet:
    """400 items, 40 workers with bias, slope and noise of their own; a share of wild answers; or all of it in logarithms."""
    rng = np.random.default_rng(PLANTED_SEED)
    n_items, n_workers = 400, 40
    truth, item = rng.normal(5, 1.5, n_items), np.repeat(np.arange(n_items), per_item)
    worker = np.concatenate([rng.choice(n_workers, per_item, replace=False) for _ in range(n_items)])
    bias, slope = rng.normal(0, 0.5, n_workers), rng.normal(1, 0.15, n_workers)
    noise = np.exp(rng.uniform(np.log(0.3), np.log(1.5), n_workers))
    value = 5 + slope[worker] * (truth[item] - 5) + bias[worker] + noise[worker] * rng.normal(size=len(item))
    value = np.where(rng.random(len(item)) < outliers, rng.uniform(-10, 20, len(item)), value)
    return (
        NumberSet(item, worker, np.exp(value / 3), np.exp(truth / 3))
        if multiply
        else NumberSet(item, worker, value, truth)
    )


def planted_grades(n_grades: int, clickers: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(items, workers, answers, truth): 600 items, 60 workers with bias and noise of their own, four answers an item; a
    share of the workers clicks any grade."""
    rng = np.random.default_rng(PLANTED_SEED)
    n_items, n_workers, per_item = 600, 60, 4
    truth = np.clip(np.rint(rng.normal((n_grades - 1) / 2, n_grades / 4, n_items)), 0, n_grades - 1).astype(int)
    items = np.repeat(np.arange(n_items), per_item)
    workers = np.concatenate([rng.choice(n_workers, per_item, replace=False) for _ in range(n_items)])
    bias, noise = rng.normal(0, 0.7, n_workers), np.exp(rng.uniform(np.log(0.4), np.log(1.5), n_workers))
    seen = truth[items] + bias[workers] + noise[workers] * rng.normal(size=len(items))
    answers = np.clip(np.rint(seen), 0, n_grades - 1).astype(int)
    answers = np.where(workers < clickers * n_workers, rng.integers(0, n_grades, len(items)), answers)
    return items, workers, answers, truth
