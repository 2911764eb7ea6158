"""text: the weighted medoid by edit distance: the answer nearest to all others, better writers counting more.

A writer's weight is her learned mean similarity to the consensus. Confidence is the weighted similarity of the others to
the chosen text; see `agreement.py` for what counts as alike.
"""

from __future__ import annotations

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from labelling.task_types.text.agreement import fold
from labelling.task_types.text.gold import is_right
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "text-weighted-medoid/1"
NEWCOMER_PPM = 800_000
PRIOR_ANSWERS = 4


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    return [_decide(task, [_weight_ppm(vote.annotator, skills) for vote in task.votes]) for task in tasks]


def _decide(task: Task, weights_ppm: list[int]) -> Decided:
    """Ties go to the first in the order of folded text, then text: independent of who came first."""
    like = _similarity(task)
    weights = np.array(weights_ppm, float)
    support = like @ weights / weights.sum()
    texts = [vote.value["text"] for vote in task.votes]
    best = min(range(len(texts)), key=lambda i: (-round(float(support[i]), 9), fold(texts[i]), texts[i]))
    value = task.votes[best].value
    return Decided(
        value=value,
        confidence_ppm=_confidence_ppm(like[best], weights, best),
        agreement_ppm=_agreement_ppm(like),
        agreed=[is_right(vote.value, value, task.question) for vote in task.votes],
        detail={"support": [round(1e6 * float(s)) for s in support]},
    )


def _similarity(task: Task) -> np.ndarray:
    folded = [fold(vote.value["text"]) for vote in task.votes]
    return cdist(folded, folded, scorer=Levenshtein.normalized_similarity, workers=1)


def _confidence_ppm(like: np.ndarray, weights: np.ndarray, best: int) -> int:
    """1 - chance that all who agree are wrong: each writer is right with her weight, as far as she agrees."""
    wrong = 1.0
    for i, similarity in enumerate(like):
        right = weights[i] / 1e6 * (1.0 if i == best else max(0.0, 2 * float(similarity) - 1))
        wrong *= 1 - right
    against = float(((1 - like) * weights).sum() / weights.sum())
    return min(round(1e6 * (1 - wrong) * (1 - against)), 999_999)


def _agreement_ppm(like: np.ndarray) -> int:
    n = len(like)
    return round(1e6 * float(like.sum() - np.trace(like)) / (n * (n - 1))) if n > 1 else 1_000_000


def _weight_ppm(annotator: str, skills: dict[str, dict]) -> int:
    own = skills.get(annotator) or skills.get(CROWD) or {"similarity_ppm": NEWCOMER_PPM}
    return max(own["similarity_ppm"], 50_000)


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Mean similarity of a writer's texts to the consensus (the truth on gold), shrunk towards the crowd's."""
    found: dict[str, list[float]] = {}
    for task in tasks:
        if len(task.votes) < 2 and not task.truth:
            continue
        target = fold((task.truth or _decide(task, [NEWCOMER_PPM] * len(task.votes)).value)["text"])
        for vote in task.votes:
            found.setdefault(vote.annotator, []).append(
                Levenshtein.normalized_similarity(fold(vote.value["text"]), target)
            )
    if not found:
        return {}
    crowd = float(np.mean([s for own in found.values() for s in own]))
    learned = {
        name: _learned((sum(own) + PRIOR_ANSWERS * crowd) / (len(own) + PRIOR_ANSWERS), len(own))
        for name, own in found.items()
    }
    learned[CROWD] = _learned(crowd, sum(map(len, found.values())))
    return learned


def _learned(similarity: float, answers: int) -> Learned:
    ppm = round(1e6 * similarity)
    return Learned({"similarity_ppm": ppm}, {"accuracy_ppm": ppm}, answers)
