"""Planted crowds of any size for the speed benchmark: labels, transcripts, comparisons. Seeded; ids are shuffled integers or text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from crowd_sets import synthetic

SEED = 7


def make(kind: str, size: int, folder: Path) -> Path:
    """The npz of a planted crowd, made once."""
    path = folder / f"planted-{kind}-{size}.npz"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        np.savez(path, **{"labels": labels, "texts": texts, "pairs": pairs}[kind](size))
    return path


def labels(n_votes: int) -> dict[str, np.ndarray]:
    items, workers, answers, truth = synthetic(n_votes, SEED)
    return {"items": items, "workers": workers, "answers": answers, "truth": truth}


def texts(n_texts: int) -> dict[str, np.ndarray]:
    """Seven transcripts an item of 6 to 18 words from 3,000; a writer drops, changes, misspells or adds words."""
    rng = np.random.default_rng(SEED)
    words = np.array(["".join(rng.choice(list("abcdefghilmnoprstuv"), rng.integers(2, 9))) for _ in range(3000)])
    n_items, n_writers = n_texts // 7, max(n_texts // 100, 7)
    slips = rng.beta(1, 9, n_writers)
    truth = [words[(rng.pareto(0.7, rng.integers(6, 19)) * 20).astype(int) % len(words)] for _ in range(n_items)]
    rows = []
    for item, true in enumerate(truth):
        for writer in rng.choice(n_writers, 7, replace=False).tolist():
            rows.append((item, writer, _written(true, slips[writer], words, rng)))
    items, writers, said = zip(*rows, strict=True)
    return {
        "items": np.array(items),
        "workers": np.array(writers),
        "texts": np.array(said),
        "truth": np.array([" ".join(t) for t in truth]),
    }


def _written(true: np.ndarray, slip: float, words: np.ndarray, rng: np.random.Generator) -> str:
    out: list[str] = []
    for word, chance in zip(true.tolist(), rng.random(len(true)).tolist(), strict=True):
        kind = int(chance / slip * 4) if chance < slip else 4
        if kind == 3:
            out += [word, str(rng.choice(words))]
        elif kind:
            out.append([None, str(rng.choice(words)), word[:-1] + "x", None, word][kind])
    return " ".join(out) or "x"


def pairs(n_pairs: int) -> dict[str, np.ndarray]:
    """One winner a comparison; a worker looks with a chance of her own, else she clicks left or right at random."""
    rng = np.random.default_rng(SEED)
    n_items, n_workers = max(n_pairs // 100, 10), max(n_pairs // 200, 5)
    truth, looks = rng.normal(0, 1.5, n_items), rng.beta(6, 3, n_workers)
    left = rng.integers(0, n_items, n_pairs)
    right = (left + rng.integers(1, n_items, n_pairs)) % n_items
    worker = rng.integers(0, n_workers, n_pairs)
    wins = rng.random(n_pairs) < 1 / (1 + np.exp(truth[right] - truth[left]))
    wins = np.where(rng.random(n_pairs) < looks[worker], wins, rng.random(n_pairs) < 0.5)
    return {"left": left, "right": right, "workers": worker, "left_wins": wins, "truth": truth}
