"""A crowd whose answers wait to be asked for, and the product's rule that asks for them; see honesty.py."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache

import django
import numpy as np

from consensus.core import Votes
from consensus.core.answers.bar import Bar, Known, bar_of
from consensus.core.answers.stopping import Rule, worth_of_answer
from labelling.task_types.choice import consensus as choice
from labelling.task_types.votes import CROWD, Task, Vote

BLOCKS = 12  # parts in which the items of a batch come on offer


@cache
def defaults() -> dict:
    """As a project begins: target, bounds, and when its skills are learned anew."""
    os.environ.setdefault("ILIMA_TESTING", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    from consensus.app.actions.refresh_skills import MIN_NEW_ANSWERS
    from labelling.models import Project
    from labelling.work.new_answers import GROWTH_PERCENT

    fields = {name: Project._meta.get_field(name).default for name in ("target_ppm", "min_answers", "max_answers")}
    return fields | {"growth": 1 + GROWTH_PERCENT / 100, "least_new": MIN_NEW_ANSWERS}


@dataclass(frozen=True)
class Outcome:
    """Counts over the judged items: sure, and sums over those of what was said and was right; all_: over all judged."""

    items: int
    answers: int
    judged: int
    sure: int
    said: float
    right: int
    all_said: float
    all_right: int


class Crowd:
    """Recorded answers in a random order of arrival, one a worker and item; a share of the items with a known truth is gold."""

    def __init__(self, votes: Votes, truth: np.ndarray, seed: int, gold: float = 0.0, skill: np.ndarray | None = None):
        rng = np.random.default_rng(seed)
        self.votes, self.truth, self.skill = votes, truth, skill
        self.config = {"labels": [{"id": str(code)} for code in range(votes.n_labels)]}
        by_arrival = rng.permutation(votes.n_votes)
        pairs = votes.item_codes[by_arrival].astype(np.int64) * votes.n_workers + votes.worker_codes[by_arrival]
        first = np.sort(np.unique(pairs, return_index=True)[1])
        self.waiting: list[list[Vote]] = [[] for _ in range(votes.n_items)]
        for row in by_arrival[first].tolist():
            answer = {"label": str(votes.answer_codes[row])}
            self.waiting[votes.item_codes[row]].append(Vote(f"worker:{votes.worker_codes[row]}", row, "", answer))
        known = np.flatnonzero(truth >= 0)
        self.gold = set(rng.permutation(known)[: round(gold * len(known))].tolist())
        self.items = [item for item in rng.permutation(votes.n_items).tolist() if item not in self.gold]

    def gold_tasks(self) -> list[Task]:
        """With all their answers: known tasks are mixed into everybody's work."""
        label = {item: str(self.truth[item]) for item in self.gold}
        return [Task(item, {}, self.waiting[item], {"label": label[item]}) for item in sorted(self.gold)]

    def oracle_answers(self, target: float) -> float:
        """Answers an item that a rule needs which knows all skills and asks, one by one, where the next is worth most, until the
        mean of what it believes is the target."""
        right, n_labels = self.skill, self.votes.n_labels
        tables = np.log((1 - right) / (n_labels - 1))[:, None, None] + np.log(right / (1 - right) * (n_labels - 1))[
            :, None, None
        ] * np.eye(n_labels)
        scores, taken = np.zeros((self.votes.n_items, n_labels)), np.zeros(self.votes.n_items, dtype=int)
        crowd = np.exp(tables).mean(axis=0)
        while True:
            beliefs = np.exp(scores - scores.max(axis=1, keepdims=True))
            beliefs /= beliefs.sum(axis=1, keepdims=True)
            left = np.array([len(row) for row in self.waiting]) - taken
            if beliefs.max(axis=1).mean() >= target or not (left > 0).any():
                return float(taken.mean())
            worth = np.where(left > 0, worth_of_answer(beliefs, crowd, np.zeros(len(taken), dtype=int)), -1)
            for item in np.argsort(-(worth - beliefs.max(axis=1) * 1e-9), kind="stable")[:5].tolist():
                vote = self.waiting[item][taken[item]]
                scores[item] += tables[int(vote.annotator[7:]), int(vote.value["label"])]
                taken[item] += 1


class Platform:
    """What the product knows of one project, by its own functions."""

    def __init__(self, crowd: Crowd, target: float, most: int | None) -> None:
        told = defaults()
        self.crowd, self.told, self.learned_at = crowd, told, 0
        self.gold = crowd.gold_tasks()
        self.skills: dict[str, dict] = {}
        self.taken = dict.fromkeys(crowd.items, 0)
        self.rule = Rule(round(1 - target, 6), told["min_answers"], most or told["max_answers"])
        self.bar: Bar | None = None

    @property
    def answers(self) -> int:
        return sum(self.taken.values()) + sum(len(task.votes) for task in self.gold)

    def tasks(self, items: list[int]) -> list[Task]:
        return [Task(item, {}, self.crowd.waiting[item][: self.taken[item]]) for item in items]

    def learn(self) -> None:
        """As refresh_skills does."""
        self.learned_at = self.answers
        seen = self.tasks([item for item, n in self.taken.items() if n])
        learned = choice.learn_skills_of(sorted(seen + self.gold, key=lambda task: task.item), self.crowd.config)
        self.skills.update({name: one.tables for name, one in learned.items()})
        if CROWD in learned:
            known = Known.from_json(learned[CROWD].summary["known"])
            self.bar = bar_of(self.errors(), self.rule, known)
            self.rule = replace(self.rule, bar=self.bar.error)

    def errors(self) -> list[float]:
        """What is stated of all items that have as many answers as they need."""
        enough = [item for item, n in self.taken.items() if n >= self.rule.min_votes]
        tasks = self.tasks(enough)
        return [1 - one.confidence_ppm / 1e6 for one in choice.decide_many(tasks, self.skills, self.crowd.config)]

    def learn_if_due(self) -> bool:
        due = self.answers >= self.learned_at * self.told["growth"] + self.told["least_new"]
        if due:
            self.learn()
        return due

    def decide(self, items: list[int]) -> list[tuple[int, str, int, bool, bool]]:
        """(item, label, confidence_ppm, done, sure) of those that have answers."""
        tasks = [task for task in self.tasks(items) if task.votes]
        found = choice.decide_many(tasks, self.skills, self.crowd.config)
        rows = []
        for task, one in zip(tasks, found, strict=True):
            error, n = (1_000_000 - one.confidence_ppm) / 1e6, len(task.votes)
            done, sure = self.rule.is_done(error, n), self.rule.is_sure(error, n)
            rows.append((task.item, one.value["label"], one.confidence_ppm, done, sure))
        return rows


def replay(crowd: Crowd, target: float, pack: int = 1, most: int | None = None) -> Outcome:
    """pack: so many answers an item come before the next decision is made, as when workers hold packs (bounded by what is asked)."""
    platform = Platform(crowd, target, most)
    platform.learn_if_due()
    size = max(pack, -(-len(crowd.items) // BLOCKS))
    unsure: list[int] = []
    for low in range(0, len(crowd.items), size):
        unsure += crowd.items[low : low + size]
        unsure = _ask(platform, unsure, crowd)
    platform.learn()
    return _judged(platform, platform.decide(crowd.items))


def _ask(platform: Platform, items: list[int], crowd: Crowd) -> list[int]:
    """Until each is done or out of recorded answers; these are left."""
    wanted = {item: max(platform.rule.min_votes, platform.taken[item]) for item in items}
    going = items
    while going:
        for item in going:
            platform.taken[item] = min(wanted[item], len(crowd.waiting[item]))
        if platform.learn_if_due():
            going = items
        decided = platform.decide(going)
        done = {item for item, _, _, is_done, _ in decided if is_done}
        items = [item for item in items if item not in done]
        going = [item for item in items if platform.taken[item] < len(crowd.waiting[item])]
        for item in going:
            wanted[item] = platform.taken[item] + 1
    return items


def _judged(platform: Platform, decided: list[tuple[int, str, int, bool, bool]]) -> Outcome:
    truth = platform.crowd.truth
    rows = [(sure, ppm / 1e6, int(label) == truth[item]) for item, label, ppm, _, sure in decided if truth[item] >= 0]
    sure, said, right = (np.array(column) for column in zip(*rows, strict=True))
    return Outcome(
        len(platform.crowd.items), sum(platform.taken.values()), len(rows), int(sure.sum()), float(said[sure].sum()),
        int(right[sure].sum()), float(said.sum()), int(right.sum()),
    )  # fmt: skip


def planted(n_labels: int, n_workers: int, seed: int, n_items: int = 300) -> Crowd:
    """Workers right .60 to .95 of the time, evenly spread, errors even over the labels; everybody would answer everything."""
    rng = np.random.default_rng(1000 * n_labels + seed)
    truth, skill = rng.integers(0, n_labels, n_items), np.linspace(0.60, 0.95, n_workers)
    items = np.repeat(np.arange(n_items), min(n_workers, 20))
    workers = np.concatenate([rng.permutation(n_workers)[:20] for _ in range(n_items)])
    wrong = (truth[items] + rng.integers(1, n_labels, len(items))) % n_labels
    answers = np.where(rng.random(len(items)) < skill[workers], truth[items], wrong)
    votes = Votes.from_codes(items, workers, answers, n_items, n_workers, n_labels)
    return Crowd(votes, truth, seed, skill=skill)
