"""Models of labels with an order among them, a scale or a tree, under the protocol."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from ..answers.codes import mean_by, pairs_within
from ..answers.decisions import Decisions
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .models import Found, LabelModel, gold_codes, pack_labels, told_labels
from .ordinal import decide_grades, grade
from .taxonomy import FIRST_RIGHT, TaxonomyResult, taxonomy
from .tree import Tree, path_agreement
from .votes import Votes


class Ordinal(LabelModel):
    """Labels on a scale, lowest first, with a bias and a noise of each worker; the decision with the least expected error.

    Parameters
    ----------
    loss : {"absolute", "squared", "exact"}
        What an error costs: grades, squared grades, or one whatever its size.
    """

    def __init__(self, loss: str = "absolute", skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.loss = loss

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable]) -> WorkerSkills:
        """Before any answer: the bias and noise that the fit begins with."""
        return cls().fit(Votes.from_rows([], [], [], labels=labels)).skills

    def _learn(self, answers: Votes, gold: Gold, history: Mapping) -> tuple[Found, WorkerSkills]:
        result = grade(answers, self.loss, gold=gold_codes(answers, gold))
        crowd = float(np.diag(result.pooled) @ result.prior)
        right = np.einsum("wkk,k->w", result.confusion, result.prior)
        packed = pack_labels(answers, right, crowd, result.prior, result.confusion, result.pooled)
        more = zip(answers.worker_ids.tolist(), result.bias.tolist(), result.noise.tolist(), strict=True)
        for worker, bias, noise in more:
            packed.workers[worker] |= {"bias": bias, "noise": noise}
        return Found(result.grades, result.posteriors), packed

    def _apply(self, answers: Votes, skills: WorkerSkills) -> Found:
        posteriors = super()._apply(answers, skills).posteriors
        return Found(decide_grades(posteriors, self.loss)[0], posteriors)

    def _told(self, answers: Votes, found: Found) -> Decisions:
        return told_labels(answers, found, expected_loss=decide_grades(found.posteriors, self.loss)[1])


class Taxonomy(Model[Votes]):
    """Labels that are the nodes of a tree; the decision is the deepest node that is sure enough, None above all of them.

    Parameters
    ----------
    parents : mapping of label to label
        The parent of each label; None at the top.
    confidence : float
        Asked of the node that is decided, 0 to 1.
    """

    def __init__(
        self, parents: Mapping[Any, Hashable | None], confidence: float = 0.5, skills: WorkerSkills | None = None
    ) -> None:
        super().__init__(skills)
        self.parents, self.confidence = dict(parents), confidence

    def codes(self, labels: Sequence[Hashable]) -> list[int]:
        """The parents' codes in the order of the labels; ValueError for a label without a place in the tree."""
        code = {label: place for place, label in enumerate(labels)}
        if lost := next((label for label in labels if label not in self.parents), None):
            raise ValueError(f"parents: {lost!r} has no parent; say None for those at the top.")
        return [-1 if self.parents[label] is None else code[self.parents[label]] for label in labels]

    def newcomers(self, labels: Sequence[Hashable]) -> WorkerSkills:
        """Before any answer: the right turns that the fit begins with, and leaves that are all as likely."""
        tree = Tree.from_parents(self.codes(labels))
        right, prior = [FIRST_RIGHT] * tree.paths.shape[1], tree.n_leaves / tree.n_leaves[tree.root]
        return WorkerSkills({}, {"accuracy": FIRST_RIGHT, "right": right, "prior": prior.tolist()}, labels=labels)

    def _learn(self, answers: Votes, gold: Gold, history: Mapping) -> tuple[TaxonomyResult, WorkerSkills]:
        result = taxonomy(answers, self.codes(answers.labels.tolist()), gold_codes(answers, gold))
        names, counts = answers.worker_ids.tolist(), answers.votes_per_worker
        rows = zip(names, result.skills.tolist(), result.right.tolist(), strict=True)
        own = {name: {"accuracy": skill, "right": right} for name, skill, right in rows}
        weight = counts + 1e-9
        levels = np.average(result.right, axis=0, weights=weight) if len(names) else result.right.sum(axis=0)
        crowd = {"accuracy": float(np.average(result.skills, weights=weight)) if len(names) else 0.0}
        crowd |= {"right": levels.tolist(), "prior": result.prior.tolist()}
        return result, WorkerSkills(own, crowd, dict(zip(names, counts.tolist(), strict=True)), answers.labels.tolist())

    def _apply(self, answers: Votes, skills: WorkerSkills) -> TaxonomyResult:
        skills.check_labels(answers.labels.tolist())
        right = skills.column("right", answers.worker_ids.tolist()).reshape(answers.n_workers, -1)
        held = (right, np.array(skills.crowd["prior"]))
        return taxonomy(answers, self.codes(answers.labels.tolist()), held=held)

    def _told(self, answers: Votes, found: TaxonomyResult) -> Decisions:
        labels = answers.labels.tolist()
        nodes, masses = found.decide(self.confidence)
        chosen = [labels[node] if node < found.tree.root else None for node in nodes.tolist()]
        sure = np.where(answers.votes_per_item > 0, masses, 0.0)
        first, second = pairs_within(answers.item_codes)
        code = answers.answer_codes
        alike = path_agreement(found.tree, code[first], code[second])
        agreed = mean_by(answers.item_codes[first], alike, answers.n_items)
        tops, top_masses = found.best_top()
        named = np.array([labels[node] if node < found.tree.root else None for node in tops.tolist()], dtype=object)
        details = {"top": named, "top_mass": np.where(tops < found.tree.root, top_masses, 0.0)}
        return Decisions(answers.item_ids, chosen, sure, agreed, answers.votes_per_item, details)
