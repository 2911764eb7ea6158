"""Data sets of regions and texts for regions_accuracy.py: how each is read, answered by a method, and scored against its truth."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from consensus.core.regions.agreement import pair_agreement
from consensus.core.regions.boxes import merge_boxes
from consensus.core.regions.iou import box_iou, corner_iou, mask_iou, to_corners
from consensus.core.regions.marks import Marks, canonical, marks_from_rows, similar_pairs
from consensus.core.regions.masks import merge_masks
from consensus.core.regions.matching import link_marks, match_pairs
from consensus.core.regions.place import medians
from consensus.core.regions.rle import decode
from consensus.core.regions.spans import merge_spans
from consensus.core.text.texts import Texts


def read_lines(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_csv(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def coded(rows: list[dict], tasks: list[str], shapes: Callable[[dict], list]) -> Marks:
    """Marks of rows with task and worker names; only tasks with a truth."""
    item, worker = {task: code for code, task in enumerate(tasks)}, {}
    known = [row for row in rows if row["task"] in item]
    return marks_from_rows(
        [(item[row["task"]], worker.setdefault(row["worker"], len(worker)), shapes(row), None) for row in known],
        n_items=len(tasks),
    )


# ---- boxes


def load_boxes(folder: Path) -> tuple[Marks, list[np.ndarray]]:
    truth = read_lines(folder / "truth.jsonl")
    marks = coded(read_lines(folder / "labels.jsonl"), [row["task"] for row in truth], lambda row: row["boxes"])
    return marks, [np.array(row["boxes"], dtype=float).reshape(-1, 4) for row in truth]


def load_tight_boxes(folder: Path) -> tuple[Marks, list[np.ndarray]]:
    """One box an image: the tight boxes of the masks."""
    truth = read_csv(folder / "truth_boxes.csv")

    def box(row: dict) -> list[float]:
        return [float(row[side]) for side in "xywh"]

    marks = coded(read_csv(folder / "boxes.csv"), [row["task"] for row in truth], lambda row: [box(row)])
    return marks, [np.array([box(row)]) for row in truth]


def ours_boxes(marks: Marks) -> dict:
    merged = merge_boxes(marks)
    return {
        "found": [[o.shape for o in item.objects] for item in merged],
        "confidence": [item.confidence for item in merged],
    }


def best_answer_boxes(marks: Marks) -> dict:
    """The answer that agrees best with the others."""
    marks, _ = canonical(marks, marks.shape)
    boxes = np.array(marks.shape)
    corners = to_corners(boxes)
    pairs = similar_pairs(marks, lambda a, b: corner_iou(corners[a], corners[b]))
    met = pair_agreement(marks, pairs)
    answer_of = {(i, w): a for a, (i, w) in enumerate(zip(marks.item, marks.worker, strict=True))}
    score = np.zeros(marks.n_answers)
    for i, a, b, f1 in zip(met.item, met.worker_a, met.worker_b, met.f1, strict=True):
        score[answer_of[i, a]] += f1
        score[answer_of[i, b]] += f1
    best = [
        max((a for (i, _), a in answer_of.items() if i == item), key=lambda a: score[a])
        for item in range(marks.n_items)
    ]
    return {"found": [boxes[marks.answer == a].tolist() for a in best]}


def cluster_boxes(marks: Marks) -> dict:
    """Linked at IoU 0.3, kept from a third of the workers on, median edges."""
    marks, _ = canonical(marks, marks.shape)
    boxes = np.array(marks.shape)
    corners = to_corners(boxes)
    pairs = similar_pairs(marks, lambda a, b: corner_iou(corners[a], corners[b]))
    candidate = link_marks(pairs.left, pairs.right, pairs.similarity, marks.answer, 0.3)
    n = candidate.max() + 1
    middle, votes = medians(boxes, candidate, n), np.bincount(candidate)
    item = np.zeros(n, dtype=np.int64)
    item[candidate] = marks.mark_item
    kept = 3 * votes >= np.bincount(marks.item, minlength=marks.n_items)[item]
    return {"found": [middle[(item == i) & kept].tolist() for i in range(marks.n_items)]}


def score_boxes(answer: dict, truth: list[np.ndarray]) -> dict:
    out, got = {}, {}
    for least in (0.5, 0.75):
        hits = np.array(
            [len(match_pairs(box_iou(f, t), least)[0]) for f, t in zip(answer["found"], truth, strict=True)]
        )
        n_found, n_true = np.array([len(f) for f in answer["found"]]), np.array([len(t) for t in truth])
        f1 = 2 * hits / np.maximum(n_found + n_true, 1)
        name = f"F1@{least:g}".replace("0.", ".")
        got[name] = float(f1.mean())
        out |= {name: float(2 * hits.sum() / (n_found + n_true).sum()), f"{name} mean of images": got[name]}
    out["mean IoU"] = float(
        np.mean([max([*box_iou(f, t).max(axis=1, initial=0), 0]) for f, t in zip(answer["found"], truth, strict=True)])
    )
    return out | calibration(answer, got["F1@.5"])


def calibration(answer: dict, got: float) -> dict:
    return {"confidence": float(np.mean(answer["confidence"])), "and got": got} if "confidence" in answer else {}


# ---- spans


def load_spans(folder: Path) -> tuple[tuple[Marks, list[np.ndarray]], list]:
    truth = read_lines(folder / "truth.jsonl")
    tokens = {row["task"]: np.array(row["tokens"]) for row in read_lines(folder / "tokens.jsonl")}
    tasks = [row["task"] for row in truth]
    marks = coded(read_lines(folder / "labels.jsonl"), tasks, lambda row: row["spans"])
    return (marks, [tokens[task] for task in tasks]), [(row["spans"], tokens[row["task"]]) for row in truth]


def covered(spans: list, tokens: np.ndarray) -> np.ndarray:
    spans = np.array(spans, dtype=float).reshape(-1, 2)
    return ((tokens[:, :1] < spans[:, 1]) & (tokens[:, 1:] > spans[:, 0])).any(axis=1)


def ours_spans(data: tuple[Marks, list[np.ndarray]]) -> dict:
    merged = merge_spans(data[0], tokens=data[1])
    return {
        "found": [[o.shape for o in item.objects] for item in merged],
        "confidence": [item.confidence for item in merged],
    }


def majority_spans(data: tuple[Marks, list[np.ndarray]]) -> dict:
    return {"tokens": [(votes.mean(axis=0) > 0.5).tolist() for votes in token_votes(*data)]}


def token_votes(marks: Marks, tokens: list[np.ndarray]) -> list[np.ndarray]:
    """Per item (looks, tokens) bool."""
    looks = [np.flatnonzero(marks.item == i) for i in range(marks.n_items)]
    shape = np.array(marks.shape)
    return [np.array([covered(shape[marks.answer == a], tokens[i]) for a in mine]) for i, mine in enumerate(looks)]


def score_spans(answer: dict, truth: list) -> dict:
    said = answer.get("tokens") or [covered(f, tokens) for f, (_, tokens) in zip(answer["found"], truth, strict=True)]
    real = [covered(spans, tokens) for spans, tokens in truth]
    hits = sum(int((np.array(s) & r).sum()) for s, r in zip(said, real, strict=True))
    n_said, n_real = sum(map(sum, said)), sum(map(sum, real))
    f1 = 2 * hits / (n_said + n_real)
    return {"token F1": f1, "precision": hits / n_said, "recall": hits / n_real} | calibration(answer, f1)


# ---- masks


def load_masks(folder: Path) -> tuple[Marks, list[dict]]:
    truth = read_lines(folder / "truth.jsonl")
    marks = coded(read_lines(folder / "labels.jsonl"), [row["task"] for row in truth], lambda row: [row])
    return marks, truth


def masks_by(method: str) -> Callable[[Marks], dict]:
    def run(marks: Marks) -> dict:
        merged = merge_masks(marks, method=method)
        first = [(*item.objects, *item.others)[0] for item in merged]
        return {"found": [o.shape for o in first], "confidence": [o.placed for o in first]}

    return run


def score_masks(answer: dict, truth: list[dict]) -> dict:
    iou = float(np.mean([mask_iou(decode(f), decode(t)) for f, t in zip(answer["found"], truth, strict=True)]))
    return {"mean IoU": iou} | calibration(answer, iou)


# ---- texts


def load_texts(folder: Path) -> tuple[Texts, list[str]]:
    truth = read_csv(folder / "truth.csv")
    labels = folder / "labels.csv.gz"
    rows = read_csv(labels if labels.exists() else folder / "labels.csv")
    item, worker = {row["task"]: code for code, row in enumerate(truth)}, {}
    rows = [row for row in rows if row["task"] in item]
    workers = [worker.setdefault(row["worker"], len(worker)) for row in rows]
    texts = Texts([item[r["task"]] for r in rows], workers, [r["text"] for r in rows], len(item), len(worker))
    return texts, [row["text"] for row in truth]


def texts_by(merge: Callable[[Texts], list]) -> Callable[[Texts], dict]:
    def run(texts: Texts) -> dict:
        merged = merge(texts)
        return {"found": [m.text for m in merged], "confidence": [m.confidence for m in merged]}

    return run


def plurality(texts: Texts) -> dict:
    found = []
    for item in range(texts.n_items):
        counts = Counter(text.casefold() for text, i in zip(texts.text, texts.item, strict=True) if i == item)
        found.append(min(counts, key=lambda text: (-counts[text], text)))
    return {"found": found}


def words(text: str) -> list[str]:
    """As the data sets' authors score: lower case, letters and apostrophes."""
    return re.sub(r"[^a-z']+", " ", text.lower().replace("\u2019", "'")).split()


def score_texts(answer: dict, truth: list[str]) -> dict:
    pairs = [(words(found), words(true)) for found, true in zip(answer["found"], truth, strict=True)]
    wrong = sum(Levenshtein.distance(found, true) for found, true in pairs)
    wer = wrong / sum(len(true) for _, true in pairs)
    return {"WER %": 100 * wer} | calibration(answer, 1 - wer)
