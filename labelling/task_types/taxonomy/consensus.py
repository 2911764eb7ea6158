"""taxonomy: a posterior over the leaves of the tree, and the deepest node that is as sure as the project asks; the model and its sources:
consensus.core.labels.taxonomy. Where no node is so sure, the likeliest one at the top is decided, with its own, lower confidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from consensus.core.answers.decisions import Decision
from consensus.core.answers.skills import WorkerSkills
from consensus.core.labels.ordered_models import Taxonomy
from consensus.core.labels.votes import Votes
from labelling.task_types.merging import SUREST_PPM, columns_of, decided_of, known_ids, learned_of, ppm, truths_of
from labelling.task_types.taxonomy.gold import is_right
from labelling.task_types.tree import parents_of
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "taxonomy-walk/1"


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    if not tasks:
        return []
    model = _model(config, _known(skills, config))
    decisions = model.decide(_votes(tasks, config))
    decided = decided_of(
        tasks, decisions, _say, is_right, lambda task, one: {"detail": {"top_ppm": ppm(one.detail["top_mass"])}}
    )
    unsure = [one.value is None for one in decisions]
    return [_only_at_the_top(one) if so else one for one, so in zip(decided, unsure, strict=True)]


def _say(task: Task, one: Decision) -> dict:
    """What nobody named the top of is an answer that is gone from the tree: the first one stands."""
    return {"label": one.value or one.detail["top"] or min(vote.value["label"] for vote in task.votes)}


def _only_at_the_top(one: Decided) -> Decided:
    return replace(one, confidence_ppm=min(one.detail["top_ppm"], SUREST_PPM))


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """The chance that an annotator turns right, at each level of the tree and in all."""
    votes = _votes(tasks, config)
    if not votes.n_votes:
        return {}
    known = parents_of(config["tree"])
    truths = {place: node for place, node in truths_of(tasks, lambda truth: truth["label"]).items() if node in known}
    skills = _model(config).fit(votes, gold=truths).skills
    of_tree = {"tree": _mark_of(known)}
    everybody = Learned({**of_tree, **skills.crowd}, _summary(skills.crowd), sum(skills.answers.values()))
    return learned_of(skills, lambda row: {**of_tree, **row}, _summary, everybody)


def _mark_of(nodes: Iterable[str]) -> str:
    """Which tree it is: thousands of nodes beside each worker's skills would be a burden."""
    return hashlib.sha256("\n".join(nodes).encode()).hexdigest()


def _summary(row: dict) -> dict:
    return {"accuracy_ppm": ppm(row["accuracy"]), "turns_ppm": [ppm(right) for right in row["right"]]}


def _votes(tasks: list[Task], config: dict) -> Votes:
    """Answers to nodes that the tree has no more say nothing."""
    known = parents_of(config["tree"])
    rows = [row for row in zip(*columns_of(tasks, lambda value: value["label"]), strict=True) if row[2] in known]
    items, workers, answers = zip(*rows, strict=True) if rows else ((), (), ())
    return Votes.from_rows(items, workers, answers, labels=list(known), **known_ids(tasks))


def _model(config: dict, skills: WorkerSkills | None = None) -> Taxonomy:
    return Taxonomy(parents_of(config["tree"]), config.get("sure", 80) / 100, skills)


def _known(skills: dict[str, dict], config: dict) -> WorkerSkills:
    """Skills on this very tree; whoever is unknown turns as the crowd does, and before anything is known as the model begins."""
    nodes = list(parents_of(config["tree"]))
    mark = _mark_of(nodes)
    fitting = {
        name: {key: value for key, value in row.items() if key != "tree"}
        for name, row in skills.items()
        if row.get("tree") == mark
    }
    crowd = fitting.pop(CROWD, None) or _model(config).newcomers(nodes).crowd
    return WorkerSkills(fitting, crowd, labels=nodes)
