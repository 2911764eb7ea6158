"""The family that decides each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import erf

from ..answers.codes import mean_by, pairs_within
from ..labels.skills import learn_skills
from ..labels.taxonomy import taxonomy
from ..labels.tree import Tree, path_agreement
from ..labels.votes import Votes
from ..numbers.models import agreement_of
from ..numbers.numeric import Numbers, merge_numbers
from ..sets.multilabel import multilabel
from ..sets.sets import Sets, masi
from ..text.medoid import merge_by_medoid
from ..text.rover import merge_transcripts
from ..text.texts import Texts
from .question import Question, tolerance_asked


@dataclass(frozen=True, eq=False)
class Answered:
    """The decisions of one question. values: I values, None where it does not apply or nobody answered; confidence (I,): of the
    value, given that it applies as decided (0 where nobody answered); applies (I,): P(the question applies); agreement (I,): mean
    over pairs of answers, nan below two; n_answers (I,); where the kind has them skills (W,): chance of a right answer, and
    posteriors (I, K) of the labels."""

    values: list
    confidence: np.ndarray
    applies: np.ndarray
    agreement: np.ndarray
    n_answers: np.ndarray
    skills: np.ndarray | None = None
    posteriors: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """The answers to one question: item, worker codes and values, sorted by item, then worker."""

    item: np.ndarray
    worker: np.ndarray
    values: list
    n_items: int
    n_workers: int

    @property
    def known(self) -> dict[str, Any]:
        """All codes, so that every item and worker stands in the table."""
        return {"item_ids": list(range(self.n_items)), "worker_ids": list(range(self.n_workers))}

    def votes(self, labels: Sequence[Hashable]) -> Votes:
        """The answers as votes."""
        return Votes.from_rows(self.item, self.worker, self.values, labels=labels, **self.known)

    def agreement(self, measure: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
        """(I,) mean of measure(rows a, rows b) over the pairs of answers to an item."""
        first, second = pairs_within(self.item)
        return mean_by(self.item[first], np.asarray(measure(first, second), dtype=float), self.n_items)


def _answered(part: Part, values: list, confidence: np.ndarray, agreement: np.ndarray, **more: Any) -> Answered:
    n_answers = np.bincount(part.item, minlength=part.n_items)
    return Answered(values, np.asarray(confidence, dtype=float), np.ones(part.n_items), agreement, n_answers, **more)


def _choice(question: Question, part: Part, history: np.ndarray | None) -> Answered:
    votes = part.votes(question.labels)
    skills = learn_skills(votes, history=history)
    best = (skills.posteriors >= skills.posteriors.max(axis=1, keepdims=True, initial=0) - 1e-9).argmax(axis=1)
    code = votes.answer_codes
    return _answered(
        part,
        [question.labels[k] for k in best],
        skills.posteriors.max(axis=1, initial=0),
        part.agreement(lambda a, b: code[a] == code[b]),
        skills=skills.accuracy,
        posteriors=skills.posteriors,
    )


def _choices(question: Question, part: Part, history: None) -> Answered:
    sets = Sets.from_rows(part.item.tolist(), part.worker.tolist(), part.values, labels=question.labels, **part.known)
    result, table = multilabel(sets), sets.matrix()
    agreement = part.agreement(lambda a, b: masi(table[a], table[b]))
    skill = result.skills.overall.mean(axis=1)  # balanced: of sensitivity and specificity
    return _answered(part, result.sets(), result.item_confidence, agreement, skills=skill, posteriors=result.posteriors)


def _taxonomy(question: Question, part: Part, history: None) -> Answered:
    votes, tree = part.votes(question.labels), Tree.from_parents(list(question.parents))
    result, code = taxonomy(votes, list(question.parents)), votes.answer_codes
    nodes, masses = result.decide(question.confidence)
    values = [question.labels[node] if node < tree.root else None for node in nodes]
    agreement = part.agreement(lambda a, b: path_agreement(tree, code[a], code[b]))
    return _answered(part, values, masses, agreement, skills=result.skills)


def _number(question: Question, part: Part, history: None) -> Answered:
    numbers = Numbers.from_rows(part.item, part.worker, part.values, question.bounds, **part.known)
    merged, tolerance = merge_numbers(numbers), tolerance_asked(question)
    confidence = erf(tolerance / np.maximum(merged.sd, 1e-12) / np.sqrt(2))
    return _answered(part, merged.values.tolist(), confidence, agreement_of(numbers, tolerance))


def _transcript(question: Question, part: Part, history: None) -> Answered:
    merged = merge_transcripts(Texts(part.item, part.worker, part.values, part.n_items, part.n_workers))
    agreement = np.array([one.agreement for one in merged], dtype=float)
    return _answered(part, [one.text for one in merged], np.array([one.exact for one in merged]), agreement)


def _text(question: Question, part: Part, history: None) -> Answered:
    merged = merge_by_medoid(Texts(part.item, part.worker, part.values, part.n_items, part.n_workers))
    agreement = np.array([one.agreement for one in merged], dtype=float)
    return _answered(part, [one.text for one in merged], np.array([one.confidence for one in merged]), agreement)


FAMILIES: dict[str, Callable[[Question, Part, Any], Answered]] = {
    "choice": _choice,
    "choices": _choices,
    "taxonomy": _taxonomy,
    "number": _number,
    "transcript": _transcript,
    "text": _text,
}


def decide_question(question: Question, part: Part, history: np.ndarray | None = None) -> Answered:
    """The family's decision; None where nobody answered. history (W, K, K): counts of earlier work, for a choice. Its ValueError is told
    with the question's name."""
    try:
        answered = FAMILIES[question.kind](question, part, history)
    except (ValueError, TypeError) as bad:
        raise ValueError(f"{question.name}: {bad}") from bad
    seen = answered.n_answers > 0
    values = [value if here else None for value, here in zip(answered.values, seen, strict=True)]
    return replace(answered, values=values, confidence=np.where(seen, answered.confidence, 0.0))
