"""text: ROVER for transcripts, which are noisy copies of one text; the weighted medoid for captions and translations, which
are several good texts. The numerics and their sources are in `consensus.core.rover` and `consensus.core.medoid`.

Confidence is the share of the text's words that is expected to be right (medoid: its expected likeness to the truth).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consensus.core.medoid import ChosenText, MedoidSkills, learn_medoid_skills, merge_by_medoid
from consensus.core.rover import (
    PRIOR_ACCURACY,
    MergedText,
    WriterSkills,
    learn_writer_skills,
    merge_transcripts,
)
from consensus.core.texts import Texts
from labelling.task_types.text.gold import is_right
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "text-rover-medoid/2"
TRUTH = "truth"  # on gold the truth joins as one more writer
MAX_CODE_POINTS = 5000


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    kind, world = _kind(config), _World.of(tasks, with_truth=False)
    accuracy, seen = world.known(skills)
    crowd = skills.get(CROWD, {}).get("accuracy_ppm", 1e6 * PRIOR_ACCURACY) / 1e6
    return [
        _decided(task, one) for task, one in zip(tasks, kind.merge(world.texts, accuracy, seen, crowd), strict=True)
    ]


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """The chance that a word of a writer is right (captions, translations: her texts' likeness to the consensus)."""
    tasks = [task for task in tasks if len(task.votes) > 1 or task.truth]
    if not tasks:
        return {}
    world = _World.of(tasks, with_truth=True)
    accuracy, seen, crowd = _kind(config).learn(world.texts)
    answers = np.bincount(world.texts.worker, minlength=len(world.writers))
    learned = {
        name: _learned(accuracy[code], seen[code], int(answers[code]))
        for name, code in world.writers.items()
        if name != TRUTH
    }
    return {**learned, CROWD: _learned(crowd, 0.0, sum(one.answers for one in learned.values()))}


def _learned(accuracy: float, seen: float, answers: int) -> Learned:
    ppm = round(1e6 * float(accuracy))
    return Learned({"accuracy_ppm": ppm, "seen": round(float(seen))}, {"accuracy_ppm": ppm}, answers)


@dataclass(frozen=True)
class _World:
    """The votes of all tasks as `consensus.core` takes them. writers: {annotator: code}."""

    texts: Texts
    writers: dict[str, int]

    @classmethod
    def of(cls, tasks: list[Task], *, with_truth: bool) -> _World:
        rows = [(i, vote.annotator, vote.value["text"]) for i, task in enumerate(tasks) for vote in task.votes]
        if with_truth:
            rows += [(i, TRUTH, task.truth["text"]) for i, task in enumerate(tasks) if task.truth]
        writers = {name: code for code, name in enumerate(sorted({name for _, name, _ in rows}))}
        item, worker = [i for i, _, _ in rows], [writers[name] for _, name, _ in rows]
        return cls(Texts(item, worker, [text for _, _, text in rows], len(tasks), len(writers)), writers)

    def known(self, skills: dict[str, dict]) -> tuple[np.ndarray, np.ndarray]:
        """(W,) accuracy and what stands behind it; a newcomer is as the crowd."""
        newcomer = {"accuracy_ppm": 1e6 * PRIOR_ACCURACY, **skills.get(CROWD, {}), "seen": 0}
        own = [{**newcomer, **skills.get(name, {})} for name in self.writers]
        return np.array([one["accuracy_ppm"] / 1e6 for one in own]), np.array([float(one["seen"]) for one in own])


class _Transcripts:
    @staticmethod
    def merge(texts: Texts, accuracy: np.ndarray, seen: np.ndarray, crowd: float) -> list[MergedText]:
        return merge_transcripts(texts, WriterSkills(accuracy, seen, crowd))

    @staticmethod
    def learn(texts: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        skills = learn_writer_skills(texts)
        return skills.accuracy, skills.words_seen, skills.crowd_accuracy


class _Originals:
    @staticmethod
    def merge(texts: Texts, accuracy: np.ndarray, seen: np.ndarray, crowd: float) -> list[ChosenText]:
        return merge_by_medoid(texts, MedoidSkills(accuracy, seen, crowd))

    @staticmethod
    def learn(texts: Texts) -> tuple[np.ndarray, np.ndarray, float]:
        skills = learn_medoid_skills(texts)
        return skills.similarity, skills.answers, skills.crowd


def _kind(config: dict) -> type[_Transcripts] | type[_Originals]:
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
