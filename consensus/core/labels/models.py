"""The models of one label an item, under the protocol of answers/model.py."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..answers.decisions import Decisions
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .dawid_skene import dawid_skene
from .em import tables_by_answer
from .ensemble import TYPES, auto
from .glad import glad
from .item_types import item_types
from .mace import mace
from .majority import majority_vote, weighted_majority
from .one_coin import one_coin
from .result import Result, choose, clamp, softmax_rows
from .shrink import coin_matrix
from .skills import learn_skills
from .votes import Votes, confusion_fits

LEAST = 1e-12  # of a probability


class Found(NamedTuple):
    """labels (I,) codes; posteriors (I, K)."""

    labels: np.ndarray
    posteriors: np.ndarray


def gold_codes(votes: Votes, gold: Gold) -> np.ndarray | None:
    """(I,) codes of the known labels, -1 where unknown; None without any. ValueError for a truth that is no label."""
    code = {label: place for place, label in enumerate(votes.labels.tolist())}
    if wrong := next((truth for truth in gold.values() if truth not in code), None):
        raise ValueError(f"gold: {wrong!r} is not one of the {len(code)} labels.")
    if not gold:
        return None
    return np.array([code[gold[item]] if item in gold else -1 for item in votes.item_ids.tolist()], dtype=np.int64)


def history_counts(votes: Votes, history: Mapping[Hashable, Any]) -> np.ndarray | None:
    """(W, K, K) counts [worker, truth, answer] of earlier work; None without any. ValueError for another shape."""
    if not history:
        return None
    nothing = np.zeros((votes.n_labels, votes.n_labels))
    rows = [np.asarray(history.get(worker, nothing), dtype=float) for worker in votes.worker_ids.tolist()]
    if any(row.shape != nothing.shape for row in rows):
        raise ValueError(f"history: each worker's counts must have the shape {nothing.shape}: truth, answer.")
    return np.array(rows).reshape(-1, *nothing.shape)


def vote_agreement(votes: Votes) -> np.ndarray:
    """(I,) share of the pairs of votes that are the same; nan below two."""
    n = votes.votes_per_item
    same = (votes.counts * (votes.counts - 1)).sum(axis=1)
    return np.where(n > 1, same / np.maximum(n * (n - 1), 1), np.nan)


def told_labels(votes: Votes, found: Found, **details: Any) -> Decisions:
    """Label codes and posteriors, by id."""
    labels = votes.labels.tolist()
    sure = found.posteriors[np.arange(votes.n_items), found.labels] if votes.n_items else np.zeros(0)
    chosen = [labels[code] for code in found.labels.tolist()]
    details = {"posteriors": found.posteriors, **details}
    return Decisions(votes.item_ids, chosen, sure, vote_agreement(votes), votes.votes_per_item, details)


class LabelModel(Model[Votes]):
    """What the models of labels share. `posteriors` (I, K) stand among the details of the decisions.

    A worker's skill is her accuracy and, where the model has one, her confusion matrix P(answer | truth), else she errs evenly; new
    answers are decided by the sum of their logs, a stranger counting as the crowd's mean.
    """

    def _apply(self, answers: Votes, skills: WorkerSkills) -> Found:
        skills.check_labels(answers.labels.tolist())
        workers = answers.worker_ids.tolist()
        if "confusion" in skills.crowd:
            confusion = skills.column("confusion", workers).reshape(-1, *[answers.n_labels] * 2)
            scores = answers.by_item @ tables_by_answer(np.log(np.maximum(confusion, LEAST)))
        else:
            right = np.clip(skills.column("accuracy", workers), LEAST, 1 - LEAST)
            scores = answers.count_labels(np.log(right * max(answers.n_labels - 1, 1) / (1 - right)))
        scores += np.log(np.maximum(skills.crowd["prior"], LEAST))
        softmax_rows(scores)
        return Found(choose(scores), scores)

    def _told(self, answers: Votes, found: Found) -> Decisions:
        return told_labels(answers, found)


class MethodModel(LabelModel):
    """A model whose fit is one call of a method of this folder."""

    @abstractmethod
    def _method(self, votes: Votes, gold: np.ndarray | None, history: np.ndarray | None) -> Result:
        """The method itself. gold: (I,) codes, -1 where unknown; history: counts of earlier answers."""

    def _learn(self, answers: Votes, gold: Gold, history: Mapping) -> tuple[Found, WorkerSkills]:
        known = gold_codes(answers, gold)
        result = self._method(answers, known, history_counts(answers, history))
        posteriors = clamp(result.posteriors, known)
        labels = result.labels if known is None else choose(posteriors)
        return Found(labels, posteriors), _packed(answers, result)


def _packed(votes: Votes, result: Result) -> WorkerSkills:
    """A method's skills, with the mean over all votes for the crowd's."""
    accuracy = np.clip(result.skills, 0, 1)
    weight = votes.votes_per_worker + 1e-9
    mean = float(np.average(accuracy, weights=weight)) if len(weight) else 1 / votes.n_labels
    if result.confusion is None:
        return pack_labels(votes, accuracy, mean, result.prior)
    even = coin_matrix(np.array([mean]), votes.n_labels)[0]
    crowd = np.average(result.confusion, axis=0, weights=weight) if len(weight) else even
    return pack_labels(votes, accuracy, mean, result.prior, result.confusion, crowd)


def pack_labels(
    votes: Votes,
    accuracy: np.ndarray,
    mean: float,
    prior: np.ndarray,
    confusion: np.ndarray | None = None,
    crowd: np.ndarray | None = None,
) -> WorkerSkills:
    """accuracy (W,), the crowd's mean, prior (K,); confusion (W, K, K) and the crowd's (K, K), where the model has them."""
    names, counts = votes.worker_ids.tolist(), votes.votes_per_worker.tolist()
    workers: dict[Hashable, dict[str, Any]] = {
        name: {"accuracy": right} for name, right in zip(names, accuracy.tolist(), strict=True)
    }
    of_crowd = {"accuracy": mean, "prior": prior.tolist()}
    if confusion is not None and crowd is not None:
        of_crowd["confusion"] = crowd.tolist()
        for name, table in zip(names, confusion.tolist(), strict=True):
            workers[name]["confusion"] = table
    return WorkerSkills(workers, of_crowd, dict(zip(names, counts, strict=True)), votes.labels.tolist())


class MajorityVote(MethodModel):
    """The most frequent answer. Its decisions need no skills: new answers are counted too."""

    def _method(self, votes, gold, history):
        return majority_vote(votes)

    def _apply(self, answers: Votes, skills: WorkerSkills) -> Found:
        result = majority_vote(answers)
        return Found(result.labels, result.posteriors)


class WeightedMajority(MethodModel):
    """Votes weighed by how far their workers agree with the others."""

    def _method(self, votes, gold, history):
        return weighted_majority(votes)


class OneCoin(MethodModel):
    """One accuracy a worker, errors even over the labels: for labels without number."""

    takes_history = True

    def _method(self, votes, gold, history):
        if history is not None:
            right = np.einsum("wkk->w", history)
            history = np.stack([right, history.sum(axis=(1, 2)) - right], axis=1)
        return one_coin(votes, gold=gold, history=history)


class DawidSkene(MethodModel):
    """A confusion matrix a worker, by maximum likelihood (Dawid and Skene 1979, doi:10.2307/2346806)."""

    def _method(self, votes, gold, history):
        return dawid_skene(votes, gold=gold)


class ItemTypes(MethodModel):
    """Dawid-Skene with workers shrunk to the crowd, and easy and hard items of each label.

    Parameters
    ----------
    n_types : int
        Latent classes of items of one label; 1 is the hierarchical Dawid-Skene.
    """

    takes_history = True

    def __init__(self, n_types: int = 3, skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.n_types = n_types

    def _method(self, votes, gold, history):
        return item_types(votes, n_types=self.n_types, gold=gold, history=history)


class Glad(MethodModel):
    """Ability of the workers and difficulty of the items (Whitehill et al., NIPS 2009)."""

    def _method(self, votes, gold, history):
        return glad(votes)


class Mace(MethodModel):
    """Workers who know, or answer by a habit of theirs (Hovy et al., NAACL-HLT 2013)."""

    def _method(self, votes, gold, history):
        return mace(votes)


class Ensemble(MethodModel):
    """The default: an average of models, softened and weighed by evidence; see labels/auto.py.

    Its skills are shrunk confusion matrices that count its own decisions as truths, with the crowd's for anybody unknown.
    """

    takes_history = True

    def _learn(self, answers: Votes, gold: Gold, history: Mapping) -> tuple[Found, WorkerSkills]:
        if not confusion_fits(answers.n_workers * max(TYPES), answers.n_labels):
            return super()._learn(answers, gold, history)
        known = gold_codes(answers, gold)
        skills = learn_skills(answers, gold=known, history=history_counts(answers, history))
        mean = float(np.diag(skills.pooled) @ skills.prior)
        packed = pack_labels(answers, skills.accuracy, mean, skills.prior, skills.confusion, skills.pooled)
        return Found(choose(skills.posteriors), skills.posteriors), packed

    def _method(self, votes, gold, history):
        return auto(votes, gold=gold, history=history)


BY_NAME: dict[str, type[LabelModel]] = {
    "majority_vote": MajorityVote,
    "weighted_majority": WeightedMajority,
    "one_coin": OneCoin,
    "dawid_skene": DawidSkene,
    "item_types": ItemTypes,
    "glad": Glad,
    "mace": Mace,
    "ensemble": Ensemble,
}
