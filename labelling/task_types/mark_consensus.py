"""From marks to decisions and back, for every type whose answer is a list of marks: what its consensus.py fills in is how one of its
marks looks to the model of consensus.core that it names (`aggregator`), and how a decided one is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from consensus import core
from consensus.core.answers.decisions import Decision
from consensus.core.answers.skills import WorkerSkills
from consensus.core.regions.marks import Marks
from consensus.core.regions.models import Mark
from labelling.task_types.merging import columns_of, decided_of, known_ids, label_ids, learned_of, ppm, truths_of
from labelling.task_types.votes import CROWD, Decided, Learned, Task

MIN_ANSWERS_TO_LEARN = 10


def _no_options(tasks: list[Task]) -> Mapping[str, Any]:
    return {}


def _recall(row: dict) -> dict[str, int]:
    return {"recall_ppm": ppm(row["accuracy"]), "accuracy_ppm": ppm(row["accuracy"])}


def summary_with(error: str) -> Callable[[dict], dict[str, int]]:
    """Of a model that also knows how many of her marks are of nothing, and how far from the place hers are, which is called `error`."""
    return lambda row: {**_recall(row), "false_marks_per_look_ppm": ppm(row["clutter"]), error: ppm(row["spread"])}


@dataclass(frozen=True)
class MarkConsensus:
    """marks: the list of the answer's value. shape: of one mark, as the model takes it. mark: what a decided one is in an answer, None
    where nothing is left of it. place: its canonical order. summary: what people read of a worker. options: of the model."""

    aggregator: str
    marks: str
    shape: Callable[[dict], Any]
    mark: Callable[[Mark, dict], dict | None]
    place: Callable[[dict], Any]
    is_right: Callable[[dict, dict, dict], bool]
    summary: Callable[[dict], dict[str, int]] = _recall
    options: Callable[[list[Task]], Mapping[str, Any]] = _no_options

    @property
    def model(self) -> Any:
        return getattr(core, self.aggregator)

    def decide_many(self, tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
        if not tasks:
            return []
        model = self.model(self.known(skills, label_ids(config)), **self.options(tasks))
        return decided_of(tasks, model.decide(self.table(tasks, config)), self._say, self.is_right, self._detail)

    def learn_skills_of(self, tasks: list[Task], config: dict) -> dict[str, Learned]:
        """Skills of every annotator and of the crowd, by EM over all looks given and what is known of their items."""
        if sum(len(task.votes) for task in tasks) < MIN_ANSWERS_TO_LEARN:
            return {}
        labels = label_ids(config)
        known = truths_of(tasks, lambda truth: self._shapes(self.asked(truth, labels)))
        skills = self.model(**self.options(tasks)).fit(self.table(tasks, config), gold=known).skills
        own, looks = self.model.own, [max(n, 1e-9) for n in skills.answers.values()]
        recall = float(np.average([skills.workers[name]["accuracy"] for name in skills.answers], weights=looks))
        of_crowd = {"label_ids": labels, **{key: value for key, value in skills.crowd.items() if key not in own}}
        everybody = Learned(of_crowd, {"recall_ppm": ppm(recall)}, sum(skills.answers.values()))
        return learned_of(
            skills, lambda row: {"label_ids": labels, **{k: row[k] for k in own}}, self.summary, everybody
        )

    def _said(self, task: Task, one: Decision) -> list[tuple[dict, int]]:
        """The decided marks in canonical order, each with its confidence; the surer of two that have become the same."""
        said: dict[str, tuple[dict, int]] = {}
        for decided, found in zip(one.value or [], one.detail["objects"], strict=True):
            mark = self.mark(decided, task.question)
            if mark is not None:
                said.setdefault(repr(mark), (mark, ppm(found.confidence)))
        return sorted(said.values(), key=lambda pair: self.place(pair[0]))

    def _say(self, task: Task, one: Decision) -> dict:
        return {self.marks: [mark for mark, _ in self._said(task, one)]}

    def _detail(self, task: Task, one: Decision) -> dict:
        """objects: the confidence of each mark, ppm, in the order of the marks."""
        sure = [confidence for _, confidence in self._said(task, one)]
        return {"detail": {"objects": sure, "missed_ppm": ppm(one.detail["missed"])}}

    def table(self, tasks: list[Task], config: dict) -> Marks:
        labels = label_ids(config)
        items, annotators, drawn = columns_of(tasks, lambda value: self.asked(value, labels))
        shapes = [[self.shape(mark) for mark in marks] for marks in drawn]
        names = [[mark["label"] for mark in marks] for marks in drawn]
        return Marks.from_rows(items, annotators, shapes, names, labels=labels, **known_ids(tasks))

    def asked(self, value: dict, labels: list[str]) -> list[dict]:
        """Its marks, without those whose label is asked no more."""
        return [mark for mark in value[self.marks] if mark["label"] in labels]

    def _shapes(self, marks: list[dict]) -> list[Mark]:
        return [Mark(mark["label"], self.shape(mark)) for mark in marks]

    def known(self, skills: dict[str, dict], labels: list[str]) -> WorkerSkills:
        """Skills for these labels; whoever is unknown works as people do before anything is known of them."""
        fitting = {name: row for name, row in skills.items() if row.get("label_ids") == labels}
        stranger, crowd = self.model.newcomers(labels), fitting.pop(CROWD, None)
        if crowd is None:
            return stranger
        own = {name: {key: row[key] for key in self.model.own} for name, row in fitting.items()}
        known = {key: value for key, value in crowd.items() if key != "label_ids"}
        return WorkerSkills(own, {**stranger.crowd, **known}, labels=labels)
