"""Weighted medoid: of several free texts (translations, captions, short answers) the one nearest to all others.

It always gives a text that a person wrote. Nearness is 1 - normalised edit distance of words or characters (Levenshtein 1966), or chrF
(Popovic, WMT 2015, doi:10.18653/v1/W15-3049), the F-score of character n-grams. Writers' weights follow RASA (Li & Fukumoto,
AnnoNLP 2019, doi:10.18653/v1/D19-5904): the inverse of a writer's mean distance to the consensus, here shrunk to the crowd's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from .normalise import DEFAULT, Normalisation, normalise
from .texts import Texts

CHRF_ORDER = 6
CHRF_BETA = 2.0
WRITER_STRENGTH = 5.0  # pseudo-answers that hold a writer to the crowd
MIN_DISTANCE = 0.02  # of a writer: no weight is more than 50 times another's

Similarity = Callable[[list[str]], np.ndarray]


@dataclass(frozen=True)
class ChosenText:
    """text: the chosen answer as written, answer: its index (-1 without answers); confidence: similarity to the truth to expect, in
    0..1; agreement: mean similarity over pairs of answers (nan below two)."""

    text: str
    answer: int
    confidence: float
    agreement: float
    n_answers: int


@dataclass(frozen=True)
class MedoidSkills:
    """similarity: (W,) mean similarity of a writer's answers to the consensus; answers: (W,) behind it; crowd: of a newcomer."""

    similarity: np.ndarray
    answers: np.ndarray
    crowd: float

    @property
    def weight(self) -> np.ndarray:
        """(W,) of each writer: the inverse of her mean distance from the consensus."""
        return 1.0 / np.maximum(1.0 - self.similarity, MIN_DISTANCE)


def edit_similarity(texts: list[str]) -> np.ndarray:
    """(n, n) 1 - character edit distance / length of the longer text; two empty texts are alike."""
    return 1.0 - cdist(texts, texts, scorer=Levenshtein.normalized_distance)


def word_similarity(texts: list[str]) -> np.ndarray:
    """(n, n) 1 - word edit distance / number of words of the longer text."""
    return 1.0 - cdist([t.split() for t in texts], [t.split() for t in texts], scorer=Levenshtein.normalized_distance)


def chrf_similarity(texts: list[str]) -> np.ndarray:
    """(n, n) chrF with the columns as references, made symmetric by the mean of both ways; spaces do not count."""
    grams = [[_grams(text.replace(" ", ""), n) for n in range(1, CHRF_ORDER + 1)] for text in texts]
    one_way = np.array([[_chrf(a, b) for b in grams] for a in grams]).reshape(len(texts), len(texts))
    return (one_way + one_way.T) / 2


SIMILARITIES: dict[str, Similarity] = {"edit": edit_similarity, "word": word_similarity, "chrf": chrf_similarity}


def _grams(text: str, n: int) -> Counter[str]:
    return Counter(text[i : i + n] for i in range(len(text) - n + 1))


def _chrf(hypothesis: list[Counter[str]], reference: list[Counter[str]]) -> float:
    precision, recall, orders = 0.0, 0.0, 0
    for said, meant in zip(hypothesis, reference, strict=True):
        if not said and not meant:
            continue
        shared = (said & meant).total()
        precision += shared / max(said.total(), 1)
        recall += shared / max(meant.total(), 1)
        orders += 1
    if not orders:
        return 1.0
    precision, recall = precision / orders, recall / orders
    bottom = CHRF_BETA**2 * precision + recall
    return (1 + CHRF_BETA**2) * precision * recall / bottom if bottom else 0.0


def weighted_medoid(
    texts: Sequence[str],
    weights: Sequence[float] | None = None,
    metric: str = "edit",
    how: Normalisation = DEFAULT,
) -> int:
    """Index of the text with the largest weighted similarity to all others. Ties go to the normalised text that sorts first, then
    to the text itself, then to the heavier weight. Raises ValueError without texts, or with weights that are negative, not finite
    or of another number."""
    if not len(texts):
        raise ValueError("texts: the medoid needs at least one text.")
    weight = np.ones(len(texts)) if weights is None else np.asarray(weights, dtype=float)
    if weight.shape != (len(texts),) or not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError(f"weights: one finite weight of 0 or more for each of the {len(texts)} texts.")
    norms = [normalise(text, how) for text in texts]
    return _medoid(_similarity(metric)(norms), weight, [*zip(norms, texts, strict=True)])


def merge_by_medoid(texts: Texts, skills: MedoidSkills | None = None, metric: str = "edit") -> list[ChosenText]:
    """The medoid of every item in one call; skills from `learn_medoid_skills`, else learned from these texts.

    metric: "edit", "word" or "chrf". Raises ValueError for another metric and for skills of other writers.
    """
    world = _World.of(texts, metric)
    if skills is None:
        skills = world.learn()
    elif len(skills.similarity) != texts.n_workers:
        raise ValueError(f"skills: {len(skills.similarity)} writers, but the texts have {texts.n_workers}.")
    return [world.choose(item, skills) for item in range(texts.n_items)]


def learn_medoid_skills(texts: Texts, metric: str = "edit") -> MedoidSkills:
    """Reliability of every writer, learned from all texts given."""
    return _World.of(texts, metric).learn()


@dataclass(frozen=True)
class _World:
    texts: Texts
    answers: list[np.ndarray]
    like: list[np.ndarray]
    names: list[list[tuple[str, str]]]

    @classmethod
    def of(cls, texts: Texts, metric: str) -> _World:
        answers = texts.answers_by_item()
        norms = [normalise(text, texts.how) for text in texts.text]
        similarity = _similarity(metric)
        like = [similarity([norms[a] for a in mine]) if len(mine) else np.zeros((0, 0)) for mine in answers]
        return cls(texts, answers, like, [[(norms[a], texts.text[a]) for a in mine] for mine in answers])

    def learn(self, rounds: int = 5) -> MedoidSkills:
        """Each writer's leave-one-out similarity to the weighted others, and the weights from it, by turns."""
        n_workers, worker = self.texts.n_workers, self.texts.worker
        skills = MedoidSkills(np.full(n_workers, 0.5), np.zeros(n_workers), 0.5)
        for _ in range(rounds):
            near, count = np.zeros(n_workers), np.zeros(n_workers)
            for mine, like in zip(self.answers, self.like, strict=True):
                if len(mine) > 1:
                    np.add.at(near, worker[mine], _to_others(like, skills.weight[worker[mine]]))
                    np.add.at(count, worker[mine], 1.0)
            crowd = float((WRITER_STRENGTH * 0.5 + near.sum()) / (WRITER_STRENGTH + count.sum()))
            skills = MedoidSkills((WRITER_STRENGTH * crowd + near) / (WRITER_STRENGTH + count), count, crowd)
        return skills

    def choose(self, item: int, skills: MedoidSkills) -> ChosenText:
        mine, like = self.answers[item], self.like[item]
        if not len(mine):
            return ChosenText("", -1, 0.0, float("nan"), 0)
        weight = skills.weight[self.texts.worker[mine]]
        best = _medoid(like, weight, self.names[item])
        others = weight / weight.mean()
        others[best] = 0.0
        confidence = (skills.similarity[self.texts.worker[mine[best]]] + others @ like[best]) / (1.0 + others.sum())
        pairs = len(mine) * (len(mine) - 1)
        agreement = (like.sum() - np.trace(like)) / pairs if pairs else float("nan")
        return ChosenText(self.texts.text[mine[best]], int(mine[best]), float(confidence), float(agreement), len(mine))


def _similarity(metric: str) -> Similarity:
    if metric not in SIMILARITIES:
        raise ValueError(f'metric must be one of {", ".join(SIMILARITIES)}, not "{metric}".')
    return SIMILARITIES[metric]


def _medoid(like: np.ndarray, weight: np.ndarray, names: list[tuple[str, str]]) -> int:
    score = np.round(like @ weight, 12)
    best = np.flatnonzero(score == score.max())
    return int(min(best, key=lambda k: (names[k], -weight[k])))


def _to_others(like: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(n,) weighted mean similarity of each answer to the other ones."""
    return (like @ weight - np.diag(like) * weight) / (weight.sum() - weight)
