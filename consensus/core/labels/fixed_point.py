"""The fixed-point rule under the protocol: skills as whole numbers, decisions that anybody can recompute (integer_rule.py).

What `fit` learns is the default's (auto.py), quantised; what `decide` gives is the rule's, also for the answers just fitted, so that
an answer's weight is the same whoever looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from ..answers.bar import Known
from ..answers.decisions import Decisions
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .integer_rule import Decided, decide, publish_prior, publish_tables
from .models import gold_codes, history_counts, vote_agreement
from .shrink import coin_matrix
from .skills import learn_skills
from .softening import Softening, unlearned
from .votes import Votes

NEWCOMER_ACCURACY = 0.8


class Rates(NamedTuple):
    """What is published of W workers and the crowd: confusion (W, K, K), accuracy (W,), pooled (K, K), prior (K,), softening, known items
    as they would have been decided."""

    confusion: np.ndarray
    accuracy: np.ndarray
    pooled: np.ndarray
    prior: np.ndarray
    softening: Softening
    known: Known | None = None


class FixedPoint(Model[Votes]):
    """Decisions by sums of whole numbers. Skills: "table" [answer][label] in 1/1024 nat, "accuracy", "confusion" [truth][answer]; of the
    crowd also "prior" [label], "softening" and "known" (answers/bar.py). Among the details of a decision stand the scores (K,) of its
    labels."""

    takes_history = True

    def _learn(self, answers: Votes, gold: Gold, history: Mapping) -> tuple[None, WorkerSkills]:
        known, counts = gold_codes(answers, gold), history_counts(answers, history)
        learned = learn_skills(answers, gold=known, history=counts)
        rates = Rates(
            learned.confusion, learned.accuracy, learned.pooled, learned.prior, learned.softening, learned.known
        )
        return None, quantised(rates, answers.worker_ids.tolist(), answers.votes_per_worker, answers.labels.tolist())

    def _apply(self, answers: Votes, skills: WorkerSkills) -> Decided:
        skills.check_labels(answers.labels.tolist())
        shape = (-1, answers.n_labels, answers.n_labels)
        tables = skills.column("table", answers.worker_ids.tolist()).reshape(shape).astype(np.int32)
        prior = np.array(skills.crowd["prior"], dtype=np.int32)
        return decide(answers, tables, prior, Softening(**skills.crowd["softening"]))

    def _told(self, answers: Votes, found: Decided) -> Decisions:
        labels = answers.labels.tolist()
        chosen = [labels[code] for code in found.labels.tolist()]
        details = {"scores": found.scores, "confidence_ppm": found.confidence_ppm}
        agreed, sure = vote_agreement(answers), found.confidence_ppm / 1e6
        return Decisions(answers.item_ids, chosen, sure, agreed, answers.votes_per_item, details)


def quantised(rates: Any, workers: list, counts: np.ndarray, labels: list) -> WorkerSkills:
    """Rates of these workers, with so many votes each (W,), as whole numbers; also those that shards learned."""
    tables = publish_tables(rates.confusion).tolist()
    rows = zip(workers, tables, rates.confusion.tolist(), rates.accuracy.tolist(), strict=True)
    own = {who: {"table": table, "confusion": seen, "accuracy": right} for who, table, seen, right in rows}
    crowd = {
        "table": publish_tables(rates.pooled[None])[0].tolist(),
        "confusion": rates.pooled.tolist(),
        "accuracy": float(np.diag(rates.pooled) @ rates.prior),
        "prior": publish_prior(rates.prior).tolist(),
        "softening": asdict(rates.softening),
        "known": [] if rates.known is None else rates.known.to_json(),
    }
    return WorkerSkills(own, crowd, dict(zip(workers, np.asarray(counts).tolist(), strict=True)), labels)


def newcomers(labels: list) -> WorkerSkills:
    """Before anything is known: right four times out of five, mistakes spread evenly, all labels as likely."""
    even = coin_matrix(np.array([NEWCOMER_ACCURACY]), len(labels))
    prior = np.full(len(labels), 1 / len(labels))
    rates = Rates(even[:0], np.zeros(0), even[0], prior, unlearned(len(labels)))
    return quantised(rates, [], np.zeros(0), labels)
