"""text: ROVER for transcripts, which are noisy copies of one text; the weighted medoid for captions and translations, which
are several good texts. The numerics and their sources are in `consensus.core.text.rover` and `consensus.core.text.medoid`.

Confidence is the share of the text's words that is expected to be right (medoid: its expected likeness to the truth).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rapidfuzz.distance import Levenshtein

from consensus.core.text import medoid, rover
from consensus.core.text.medoid import ChosenText, MedoidSkills, learn_medoid_skills, merge_by_medoid
from consensus.core.text.normalise import normalise, tokens
from consensus.core.text.rover import PRIOR_ACCURACY, MergedText, WriterSkills, learn_writer_skills, merge_transcripts
from consensus.core.text.texts import Texts
from labelling.task_types.text.gold import is_right
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "text-rover-medoid/2"
MAX_CODE_POINTS = 5000


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    kind, world = _kind(config), _World.of(tasks)
    accuracy, seen = world.known(skills)
    crowd = skills.get(CROWD, {}).get("accuracy_ppm", 1e6 * PRIOR_ACCURACY) / 1e6
    return [
        _decided(task, one) for task, one in zip(tasks, kind.merge(world.texts, accuracy, seen, crowd), strict=True)
    ]


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """The chance that a word of a writer is right (captions, translations: her texts' likeness to the consensus).

    Where no truth is known she is measured by the others; on gold by the truth, which counts on top.
    """
    kind, world = _kind(config), _World.of(tasks)
    if not world.writers:
        return {}
    accuracy, seen, crowd = kind.learn(world.without([bool(task.truth) or len(task.votes) < 2 for task in tasks]))
    right, units = _on_gold(kind, tasks, world.writers)
    behind = seen + kind.STRENGTH  # what the others say has been held to the crowd by so much
    accuracy = (accuracy * behind + right) / (behind + units)
    crowd = (crowd * behind.sum() + right.sum()) / (behind + units).sum()
    answers = np.bincount(world.texts.worker, minlength=len(world.writers))
    learned = {
        name: _learned(accuracy[code], (seen + units)[code], answers[code]) for name, code in world.writers.items()
    }
    return {**learned, CROWD: _learned(crowd, 0.0, answers.sum())}


def _on_gold(kind: type[_Kind], tasks: list[Task], writers: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """(W,) units (words or texts) that a writer got right on gold, and all of hers there."""
    right, units = np.zeros(len(writers)), np.zeros(len(writers))
    for task in tasks:
        for vote in task.votes if task.truth else ():
            likeness, n = kind.against(vote.value["text"], task.truth["text"])
            right[writers[vote.annotator]] += likeness * n
            units[writers[vote.annotator]] += n
    return right, units


def _learned(accuracy: float, seen: float, answers: int) -> Learned:
    ppm = round(1e6 * float(accuracy))
    return Learned({"accuracy_ppm": ppm, "seen": round(float(seen))}, {"accuracy_ppm": ppm}, int(answers))


@dataclass(frozen=True)
class _World:
    """The votes of all tasks as `consensus.core` takes them. writers: {annotator: code}."""

    texts: Texts
    writers: dict[str, int]

    @classmethod
    def of(cls, tasks: list[Task]) -> _World:
        rows = [(i, vote.annotator, vote.value["text"]) for i, task in enumerate(tasks) for vote in task.votes]
        writers = {name: code for code, name in enumerate(sorted({name for _, name, _ in rows}))}
        item, worker = [i for i, _, _ in rows], [writers[name] for _, name, _ in rows]
        return cls(Texts(item, worker, [text for _, _, text in rows], len(tasks), len(writers)), writers)

    def without(self, left_out: list[bool]) -> Texts:
        """The texts of the other tasks; every writer stays."""
        item, worker, text = self.texts.item, self.texts.worker, self.texts.text
        rows = np.flatnonzero(~np.array(left_out, dtype=bool)[item])
        return Texts(item[rows], worker[rows], [text[row] for row in rows], self.texts.n_items, self.texts.n_workers)

    def known(self, skills: dict[str, dict]) -> tuple[np.ndarray, np.ndarray]:
        """(W,) accuracy and what stands behind it; a newcomer is as the crowd."""
        newcomer = {"accuracy_ppm": 1e6 * PRIOR_ACCURACY, **skills.get(CROWD, {}), "seen": 0}
        own = [{**newcomer, **skills.get(name, {})} for name in self.writers]
        return np.array([one["accuracy_ppm"] / 1e6 for one in own]), np.array([float(one["seen"]) for one in own])


class _Kind(Protocol):
    """STRENGTH: units that hold a writer to the crowd."""

    STRENGTH: float

    @staticmethod
    def merge(texts: Texts, accuracy: np.ndarray, seen: np.ndarray, crowd: float) -> list: ...

    @staticmethod
    def learn(texts: Texts) -> tuple[np.ndarray, np.ndarray, float]: ...

    @staticmethod
    def against(text: str, truth: str) -> tuple[float, int]:
        """Likeness to the truth, and in how many units it was measured."""


class _Transcripts:
    STRENGTH = rover.WRITER_STRENGTH

    @staticmethod
    def merge(texts: Texts, accuracy: np.ndarray, seen: np.ndarray, crowd: float) -> list[MergedText]:
        return merge_transcripts(texts, WriterSkills(accuracy, seen, crowd))

    @staticmethod
    def learn(texts: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        skills = learn_writer_skills(texts)
        return skills.accuracy, skills.words_seen, skills.crowd_accuracy

    @staticmethod
    def against(text: str, truth: str) -> tuple[float, int]:
        said, meant = ([word for word, _ in tokens(one)] for one in (text, truth))
        return Levenshtein.normalized_similarity(said, meant), max(len(meant), 1)


class _Originals:
    STRENGTH = medoid.WRITER_STRENGTH

    @staticmethod
    def merge(texts: Texts, accuracy: np.ndarray, seen: np.ndarray, crowd: float) -> list[ChosenText]:
        return merge_by_medoid(texts, MedoidSkills(accuracy, seen, crowd))

    @staticmethod
    def learn(texts: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        skills = learn_medoid_skills(texts)
        return skills.similarity, skills.answers, skills.crowd

    @staticmethod
    def against(text: str, truth: str) -> tuple[float, int]:
        return Levenshtein.normalized_similarity(normalise(text), normalise(truth)), 1


def _kind(config: dict) -> type[_Kind]:
    return _Transcripts if config.get("kind", "transcription") == "transcription" else _Originals


def _decided(task: Task, one: MergedText | ChosenText) -> Decided:
    # Where every word is outvoted by silence there is still an answer: the first in the order of texts.
    text = one.text.strip()[:MAX_CODE_POINTS] or min(vote.value["text"] for vote in task.votes)
    value = {"text": text}
    return Decided(
        value=value,
        confidence_ppm=min(round(1e6 * one.confidence), 999_999),
        agreement_ppm=1_000_000 if np.isnan(one.agreement) else round(1e6 * one.agreement),
        agreed=[is_right(vote.value, value, task.question) for vote in task.votes],
    )
