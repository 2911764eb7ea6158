"""choice: shrunk Dawid-Skene skills, published as integer tables; the decision is the integer rule's, item by item.

See consensus.core.labels.skills and consensus.core.labels.integer_rule for the model, the rule and their sources.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from consensus.core.answers.bar import Known
from consensus.core.answers.skills import WorkerSkills
from consensus.core.labels.fixed_point import FixedPoint, Rates, newcomers, quantised
from consensus.core.labels.judge_weights import Weights, learn_weights
from consensus.core.labels.softening import Softening
from consensus.core.labels.votes import Votes
from labelling.task_types.choice.gold import is_right
from labelling.task_types.merging import columns_of, decided_of, known_ids, label_ids, learned_of, ppm
from labelling.task_types.votes import CROWD, JUDGE, Decided, Learned, Task

METHOD = "choice-pooled-tables/3"


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    """One vectorised call for any number of items. An annotator without skills votes with the crowd's."""
    labels = label_ids(config)
    known = _known(skills, labels)
    columns = columns_of(tasks, lambda value: value["label"])
    learned = Softening(**known.crowd["softening"])
    softening = learned.published() if learned.stated else {}
    decisions = FixedPoint(known).decide(Votes.from_rows(*columns, labels=labels, **known_ids(tasks)))

    def more(task: Task, one) -> dict:
        given = [known.of(vote.annotator)["table"][labels.index(vote.value["label"])] for vote in task.votes]
        scores = dict(zip(labels, one.detail["scores"].tolist(), strict=True))
        rule = {"labels": labels, "prior": known.crowd["prior"], "weights": given, "softening": softening}
        return {"detail": {"scores": scores}, **rule}

    return decided_of(tasks, decisions, lambda task, one: {"label": one.value}, is_right, more)


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Skills of every annotator and of the crowd, from all votes; gold truths are clamped."""
    votes, gold = votes_of(tasks, config)
    if not votes.n_votes or votes.n_labels < 2:
        return {}
    labels = votes.labels.tolist()
    skills = FixedPoint().fit(votes, {place: labels[c] for place, c in enumerate(gold) if c >= 0}).skills
    judges = [name.startswith(JUDGE) for name in votes.worker_ids.tolist()]
    return _published(_weighed(skills, learn_weights(votes, gold, np.array(judges, dtype=bool))))


def _weighed(skills: WorkerSkills, weights: Weights) -> WorkerSkills:
    """Tables of people and of judges, and the shares of labels, with the weights that each have beside the others; a newcomer's are
    people's."""
    if weights == Weights():
        return skills
    rows = {
        name: {**row, "table": _times(row["table"], weights.judges if str(name).startswith(JUDGE) else weights.people)}
        for name, row in skills.workers.items()
    }
    (prior,) = _times([skills.crowd["prior"]], weights.prior)
    crowd = {**skills.crowd, "table": _times(skills.crowd["table"], weights.people), "prior": prior}
    return replace(skills, workers=rows, crowd=crowd)


def _times(table: list[list[int]], weight: float) -> list[list[int]]:
    return [[round(weight * cell) for cell in row] for row in table]


def votes_of(tasks: list[Task], config: dict, annotators: list[str] | None = None) -> tuple[Votes, np.ndarray]:
    """(votes, gold codes) of the tasks, in their order; votes of other annotators than these (default: all) stay out."""
    labels = label_ids(config)
    code, known = {label: place for place, label in enumerate(labels)}, None if annotators is None else set(annotators)
    rows = [
        row
        for row in zip(*columns_of(tasks, lambda value: value.get("label")), strict=True)
        if row[2] in code and (known is None or row[1] in known)
    ]
    items, workers, answers = zip(*rows, strict=True) if rows else ((), (), ())
    votes = Votes.from_rows(items, workers, answers, labels=labels, item_ids=range(len(tasks)), worker_ids=annotators)
    truths = [code.get(task.truth.get("label", ""), -1) if task.truth else -1 for task in tasks]
    return votes, np.array(truths, dtype=np.int64)


def learned_from(
    skills: Any, annotators: list[str], counts, config: dict, softening: Softening, known: Known | None = None
) -> dict[str, Learned]:
    """What is published of every annotator, with so many votes each, and of the crowd; skills as shards learn them."""
    rates = Rates(skills.confusion, skills.accuracy, skills.pooled, skills.prior, softening, known)
    return _published(quantised(rates, annotators, np.asarray(counts), label_ids(config)))


def _published(skills: WorkerSkills) -> dict[str, Learned]:
    labels, crowd = list(skills.labels), skills.crowd
    of_crowd = {"labels": labels, "table": crowd["table"], "prior": crowd["prior"], "softening": crowd["softening"]}
    everybody = Learned(of_crowd, {**_summary(crowd), "known": crowd["known"]}, int(sum(skills.answers.values())))
    return learned_of(skills, lambda row: {"labels": labels, "table": row["table"]}, _summary, everybody)


def _known(skills: dict[str, dict], labels: list[str]) -> WorkerSkills:
    """Skills learned for other labels are of no use; the newcomer's stand in until they are learned anew."""
    fitting = {name: row for name, row in skills.items() if row.get("labels", labels) == labels}
    fitting = {name: row for name, row in fitting.items() if len(row["table"]) == len(labels)}
    stranger = newcomers(labels).crowd
    crowd = {**stranger, "prior": stranger["prior"] if CROWD not in skills else [0] * len(labels)}
    return WorkerSkills(fitting, {**crowd, **fitting.get(CROWD, {})}, labels=labels)


def _summary(row: dict) -> dict:
    """Rates in ppm: overall skill, and the confusion matrix [truth][answer]."""
    confusion = np.rint(1e6 * np.asarray(row["confusion"])).astype(int).tolist()
    return {"accuracy_ppm": ppm(row["accuracy"]), "confusion_ppm": confusion}
