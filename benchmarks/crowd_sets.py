"""The recorded crowds with a known truth that the benchmarks read (not part of the repository; see --data)."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np

from consensus.core import Votes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "crowd"
TWELVE = [
    "rte",
    "bluebirds",
    "d_possent",
    "zencrowd_us",
    "zencrowd_in",
    "wsd",
    "dog",
    "cf",
    "cf_amt",
    "labelme",
    "ms",
    "s_adult",
]
NEWER = ["web", "trec", "barzan", "reuters", "judgebench"]  # met after the default was made
MORE = ["mill", "hitspam_cf"]


def labels_file(name: str, data: Path = DATA) -> Path:
    return next((data / name).glob("labels.csv*"))


def read_set(name: str, data: Path = DATA) -> tuple[Votes, np.ndarray]:
    """(votes, truth (I,) label codes, -1 where unknown). Labels in the order of their text."""
    path = labels_file(name, data)
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        items, workers, answers = zip(*list(csv.reader(file))[1:], strict=True)
    with (data / name / "truth.csv").open(newline="") as file:
        truth = dict(list(csv.reader(file))[1:])
    labels = sorted(set(answers) | set(truth.values()))
    votes = Votes.from_rows(items, workers, answers, labels=labels)
    code = {label: place for place, label in enumerate(labels)}
    return votes, np.array([code[truth[item]] if item in truth else -1 for item in votes.item_ids.tolist()])


def synthetic(n_votes: int, seed: int = 7, n_labels: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(items, workers, answers, truth): five votes an item, workers 1 % of the items, accuracies Beta(6, 3), shuffled."""
    rng = np.random.default_rng(seed)
    n_items = n_votes // 5
    n_workers = max(n_items // 100, 5)
    truth, skill = rng.integers(0, n_labels, n_items), rng.beta(6, 3, n_workers)
    items, workers = np.repeat(np.arange(n_items), 5), rng.integers(0, n_workers, n_items * 5)
    wrong = (truth[items] + rng.integers(1, n_labels, len(items))) % n_labels
    answers = np.where(rng.random(len(items)) < skill[workers], truth[items], wrong)
    order = rng.permutation(len(items))
    return items[order], workers[order], answers[order], truth
