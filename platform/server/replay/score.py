"""How good labels are against the truth: ours, and those of plain methods on the same answers."""

from __future__ import annotations

from collections import Counter, defaultdict

from rapidfuzz.distance import Levenshtein

from consensus.core import Votes, dawid_skene, majority_vote
from labelling import task_types
from labelling.task_types.boxes.agreement import iou_matrix
from labelling.task_types.folding import fold
from labelling.task_types.matching import matches
from server.replay.crowds import Crowd


def score(crowd: Crowd, decided: dict[str, dict]) -> dict[str, float]:
    """choice: accuracy; boxes: F1 at IoU 0.5; text: word error rate. An undecided item counts as wrong."""
    known = {task: truth for task, truth in crowd.truth.items() if task in set(crowd.tasks)}
    if crowd.kind == "choice":
        right = sum(decided.get(task, {}).get("label") == truth["label"].lower() for task, truth in known.items())
        return {"accuracy": right / len(known)}
    if crowd.kind == "boxes":
        pairs = [(decided.get(task, {"boxes": []})["boxes"], truth["boxes"]) for task, truth in known.items()]
        total = sum(len(a) + len(b) for a, b in pairs)
        return {"f1_at_50": 2 * sum(matches(a, b, iou_matrix) for a, b in pairs) / total}
    pairs = [
        (fold(decided.get(task, {"text": ""})["text"]).split(), fold(truth["text"]).split())
        for task, truth in known.items()
    ]
    return {"wer": sum(Levenshtein.distance(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs)}


def plain_methods(crowd: Crowd) -> dict[str, float]:
    """On the same answers: majority vote (expected over ties) and Dawid-Skene for choice; else the medoid, which is the answer
    that agrees most with the others."""
    if crowd.kind != "choice":
        return {f"medoid_{name}": value for name, value in score(crowd, _medoids(crowd)).items()}
    rows = [(task, worker, value["label"]) for task, worker, value in crowd.answers]
    votes = Votes.from_rows(*zip(*rows, strict=True), labels=crowd.labels)
    ds = dawid_skene(votes)
    named = {
        str(item): crowd.labels[code] for item, code in zip(votes.item_ids.tolist(), ds.labels.tolist(), strict=True)
    }
    known = {task: truth["label"] for task, truth in crowd.truth.items() if task in named}
    return {
        "majority_accuracy": _expected_majority(rows, known),
        "dawid_skene_accuracy": sum(named[task] == label for task, label in known.items()) / len(known),
        "majority_first_label_accuracy": _first_label_majority(votes, crowd, known),
    }


def _expected_majority(rows: list[tuple[str, str, str]], known: dict[str, str]) -> float:
    counts: dict[str, Counter] = defaultdict(Counter)
    for task, _, label in rows:
        counts[task][label] += 1
    total = 0.0
    for task, label in known.items():
        most = max(counts[task].values())
        best = [one for one, n in counts[task].items() if n == most]
        total += (label in best) / len(best)
    return total / len(known)


def _first_label_majority(votes: Votes, crowd: Crowd, known: dict[str, str]) -> float:
    labels = majority_vote(votes).labels.tolist()
    named = {str(item): crowd.labels[code] for item, code in zip(votes.item_ids.tolist(), labels, strict=True)}
    return sum(named[task] == label for task, label in known.items()) / len(known)


def _medoids(crowd: Crowd) -> dict[str, dict]:
    said: dict[str, list[dict]] = defaultdict(list)
    for task, _, value in crowd.answers:
        said[task].append(value)
    agreement = task_types.get(crowd.kind).agreement.agreement

    def support(value: dict, others: list[dict]) -> float:
        return sum(agreement(value, other, {}) for other in others)

    return {task: max(values, key=lambda value: support(value, values)) for task, values in said.items()}
