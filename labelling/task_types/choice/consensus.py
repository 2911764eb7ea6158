"""choice: shrunk Dawid-Skene skills, published as integer tables; the decision is the integer rule's, item by item.

See consensus.core.labels.skills and consensus.core.labels.integer_rule for the model, the rule and their sources.
"""

from __future__ import annotations

import numpy as np

from consensus.core import Skills, Votes, decide, learn_skills, publish_prior, publish_tables
from consensus.core.distributed.sharding import ShardedSkills
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "choice-pooled-tables/2"
NEWCOMER_ACCURACY = 0.8


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    """One vectorised call for any number of items. An annotator without skills votes with the crowd's."""
    labels = [label["id"] for label in config["labels"]]
    crowd = skills.get(CROWD) or _newcomer(len(labels))
    rows = [(place, vote) for place, task in enumerate(tasks) for vote in task.votes]
    annotators = sorted({vote.annotator for _, vote in rows}) or [CROWD]
    tables = np.array([_table(skills.get(name, crowd), crowd, labels) for name in annotators], dtype=np.int32)
    prior = np.array(crowd["prior"] if crowd.get("labels", labels) == labels else [0] * len(labels), dtype=np.int32)
    votes = Votes.from_rows(
        [place for place, _ in rows],
        [vote.annotator for _, vote in rows],
        [vote.value["label"] for _, vote in rows],
        labels=labels,
        item_ids=list(range(len(tasks))),
        worker_ids=annotators,
    )
    decided = decide(votes, tables, prior)
    table_of = dict(zip(annotators, tables.tolist(), strict=True))
    return [
        _decided(task, labels, prior.tolist(), table_of, int(code), scores, int(ppm))
        for task, code, scores, ppm in zip(tasks, *decided, strict=True)
    ]


def _decided(task: Task, labels, prior, table_of, code: int, scores, ppm: int) -> Decided:
    given = [vote.value["label"] for vote in task.votes]
    return Decided(
        value={"label": labels[code]},
        confidence_ppm=min(ppm, 999_999),
        agreement_ppm=_agreement_ppm(given),
        agreed=[label == labels[code] for label in given],
        detail={"scores": dict(zip(labels, scores.tolist(), strict=True))},
        labels=labels,
        prior=prior,
        weights=[table_of[vote.annotator][labels.index(vote.value["label"])] for vote in task.votes],
    )


def _agreement_ppm(given: list[str]) -> int:
    n = len(given)
    if n < 2:
        return 1_000_000
    same = sum(given.count(label) * (given.count(label) - 1) for label in set(given))
    return round(1e6 * same / (n * (n - 1)))


def _newcomer(n_labels: int) -> dict:
    """Before anything is known: right four times out of five, mistakes spread evenly, all labels as likely."""
    wrong = (1 - NEWCOMER_ACCURACY) / max(n_labels - 1, 1)
    confusion = np.full((1, n_labels, n_labels), wrong)
    confusion[0][np.diag_indices(n_labels)] = NEWCOMER_ACCURACY if n_labels > 1 else 1.0
    prior = publish_prior(np.full(n_labels, 1 / n_labels))
    return {"table": publish_tables(confusion)[0].tolist(), "prior": prior.tolist()}


def _table(own: dict, crowd: dict, labels: list[str]) -> list[list[int]]:
    """[answer][label]; skills learned for other labels are of no use, the newcomer's stand in until they are learned anew."""
    for tables in (own, crowd):
        if tables.get("labels", labels) == labels and len(tables["table"]) == len(labels):
            return tables["table"]
    return _newcomer(len(labels))["table"]


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Skills of every annotator and of the crowd, from all votes; gold truths are clamped."""
    votes, gold = votes_of(tasks, config)
    if not votes.n_votes or votes.n_labels < 2:
        return {}
    skills = learn_skills(votes, gold=gold)
    return learned_from(skills, [str(name) for name in votes.worker_ids.tolist()], votes.votes_per_worker, config)


def votes_of(tasks: list[Task], config: dict, annotators: list[str] | None = None) -> tuple[Votes, np.ndarray]:
    """(votes, gold codes) of the tasks, in their order; votes of other annotators than these (default: all) stay out."""
    labels = [label["id"] for label in config["labels"]]
    code, known = {label: place for place, label in enumerate(labels)}, None if annotators is None else set(annotators)
    rows = [
        (place, vote.annotator, vote.value["label"])
        for place, task in enumerate(tasks)
        for vote in task.votes
        if vote.value.get("label") in code and (known is None or vote.annotator in known)
    ]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    votes = Votes.from_rows(*columns, labels=labels, item_ids=list(range(len(tasks))), worker_ids=annotators)
    truths = [code.get(task.truth.get("label"), -1) if task.truth else -1 for task in tasks]
    return votes, np.array(truths, dtype=np.int64)


def learned_from(skills: Skills | ShardedSkills, annotators: list[str], counts, config: dict) -> dict[str, Learned]:
    """What is published of every annotator, with so many votes each, and of the crowd."""
    labels = [label["id"] for label in config["labels"]]
    rows = zip(publish_tables(skills.confusion).tolist(), skills.confusion, skills.accuracy, counts, strict=True)
    learned = {
        name: Learned({"labels": labels, "table": table}, _summary(confusion, accuracy), int(count))
        for name, (table, confusion, accuracy, count) in zip(annotators, rows, strict=True)
    }
    pooled, prior = publish_tables(skills.pooled[None])[0].tolist(), publish_prior(skills.prior).tolist()
    summary = _summary(skills.pooled, float(np.diag(skills.pooled) @ skills.prior))
    learned[CROWD] = Learned({"labels": labels, "table": pooled, "prior": prior}, summary, int(np.sum(counts)))
    return learned


def _summary(confusion: np.ndarray, accuracy: float) -> dict:
    """Rates in ppm: overall skill, and the confusion matrix [truth][answer]."""
    return {
        "accuracy_ppm": round(1e6 * float(accuracy)),
        "confusion_ppm": np.rint(1e6 * confusion).astype(int).tolist(),
    }
