"""Texts under the protocol: transcripts, which are noisy copies of one text, and several good texts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from ..answers.decisions import Decisions
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from . import medoid, rover
from .medoid import MedoidSkills, learn_medoid_skills, merge_by_medoid
from .normalise import normalise, tokens
from .rover import WriterSkills, learn_writer_skills, merge_transcripts
from .texts import Texts


class TextModel(Model[Texts]):
    """What both share: a writer's accuracy, and how much lies behind it ("seen").

    Where no truth is known she is measured by the others; on gold by the truth, which counts on top.
    """

    strength: float

    def _learn(self, answers: Texts, gold: Gold, history: Mapping) -> tuple[Any, WorkerSkills]:
        alone = np.bincount(answers.item, minlength=answers.n_items) < 2
        known = np.array([item in gold for item in answers.item_ids.tolist()], dtype=bool)
        accuracy, seen, crowd = self._measure(_without(answers, known | alone))
        if gold:
            right, units = self._on_gold(answers, gold)
            behind = seen + self.strength  # what the others say has been held to the crowd by so much
            accuracy = (accuracy * behind + right) / (behind + units)
            crowd, seen = (crowd * behind.sum() + right.sum()) / (behind + units).sum(), seen + units
        return None, _packed(answers, accuracy, seen, float(crowd))

    def _find(self, answers: Texts) -> list:
        return self._merge(answers, self.skills if self._gold else None)

    def _apply(self, answers: Texts, skills: WorkerSkills) -> list:
        return self._merge(answers, skills)

    def _on_gold(self, answers: Texts, gold: Gold) -> tuple[np.ndarray, np.ndarray]:
        """(W,) units (words or texts) that a writer got right on gold, and all of hers there."""
        right, units = np.zeros(answers.n_workers), np.zeros(answers.n_workers)
        ids = answers.item_ids.tolist()
        for item, worker, text in zip(answers.item.tolist(), answers.worker.tolist(), answers.text, strict=True):
            if ids[item] in gold:
                likeness, n = self._against(text, gold[ids[item]])
                right[worker] += likeness * n
                units[worker] += n
        return right, units

    def _told(self, answers: Texts, found: list) -> Decisions:
        sure = np.array([one.confidence for one in found], dtype=float)
        agreed = np.array([one.agreement for one in found], dtype=float)
        counts = np.bincount(answers.item, minlength=answers.n_items)
        chosen = [one.text if one.n_answers else None for one in found]
        return Decisions(answers.item_ids, chosen, sure, agreed, counts, self._details(found))

    def _details(self, found: list) -> dict[str, Sequence[Any]]:
        return {}

    @abstractmethod
    def _measure(self, answers: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        """(accuracy (W,), what lies behind it (W,), the crowd's), by the others' texts."""

    @abstractmethod
    def _merge(self, answers: Texts, skills: WorkerSkills | None) -> list:
        """The merged texts, with skills or as learned from these."""

    @staticmethod
    @abstractmethod
    def _against(text: str, truth: str) -> tuple[float, int]:
        """Likeness to the truth, and in how many units it was measured."""


class Rover(TextModel):
    """Transcripts: words aligned and voted on (Fiscus 1997, doi:10.1109/ASRU.1997.659110), with learned writers.

    Confidence is the expected share of right words; "exact" among the details the chance that all are right.

    Parameters
    ----------
    decode : {"auto", "posterior", "median"}
        See `rover.merge_transcripts`.
    """

    strength = rover.WRITER_STRENGTH

    def __init__(self, decode: str = "auto", skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.decode_by = decode

    def _measure(self, answers: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        skills = learn_writer_skills(answers)
        return skills.accuracy, skills.words_seen, skills.crowd_accuracy

    def _merge(self, answers: Texts, skills: WorkerSkills | None) -> list:
        known = None if skills is None else WriterSkills(*_columns(answers, skills))
        return merge_transcripts(answers, known, self.decode_by)

    def _details(self, found: list) -> dict[str, Sequence[Any]]:
        return {name: [getattr(one, name) for one in found] for name in ("exact", "tokens", "token_confidence")}

    @staticmethod
    def _against(text: str, truth: str) -> tuple[float, int]:
        said, meant = ([word for word, _ in tokens(one)] for one in (text, truth))
        return Levenshtein.normalized_similarity(said, meant), max(len(meant), 1)


class Medoid(TextModel):
    """Several good texts (captions, translations): the one that is nearest to all others, as somebody wrote it.

    Confidence is the likeness to the truth to expect, which is no chance of being right.

    Parameters
    ----------
    metric : {"edit", "word", "chrf"}
        Likeness of two texts.
    """

    strength = medoid.WRITER_STRENGTH

    def __init__(self, metric: str = "edit", skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.metric = metric

    def _measure(self, answers: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        skills = learn_medoid_skills(answers, self.metric)
        return skills.similarity, skills.answers, skills.crowd

    def _merge(self, answers: Texts, skills: WorkerSkills | None) -> list:
        known = None if skills is None else MedoidSkills(*_columns(answers, skills))
        return merge_by_medoid(answers, known, self.metric)

    @staticmethod
    def _against(text: str, truth: str) -> tuple[float, int]:
        return Levenshtein.normalized_similarity(normalise(text), normalise(truth)), 1


def newcomers() -> WorkerSkills:
    """Before anything is known of the writers."""
    return WorkerSkills({}, {"accuracy": rover.PRIOR_ACCURACY, "seen": 0.0})


def _columns(answers: Texts, skills: WorkerSkills) -> tuple[np.ndarray, np.ndarray, float]:
    names = answers.worker_ids.tolist()
    accuracy, seen = (skills.column(name, names).astype(float) for name in ("accuracy", "seen"))
    return accuracy, seen, float(skills.crowd["accuracy"])


def _packed(answers: Texts, accuracy: np.ndarray, seen: np.ndarray, crowd: float) -> WorkerSkills:
    names = answers.worker_ids.tolist()
    rows = zip(names, accuracy.tolist(), seen.tolist(), strict=True)
    counts = np.bincount(answers.worker, minlength=answers.n_workers).tolist()
    own = {name: {"accuracy": right, "seen": words} for name, right, words in rows}
    return WorkerSkills(own, {"accuracy": crowd, "seen": 0.0}, dict(zip(names, counts, strict=True)))


def _without(answers: Texts, left_out: np.ndarray) -> Texts:
    """The texts of the other items; every item and writer stays."""
    rows = np.flatnonzero(~left_out[answers.item])
    text = [answers.text[row] for row in rows.tolist()]
    return replace(answers, item=answers.item[rows], worker=answers.worker[rows], text=text)
