"""learn_skills: what is known of the workers, in the form that the integer rule publishes (one matrix a worker).

Truths are inferred by `auto`, which is no log-linear model; the matrices then count its decisions as truths and are shrunk
(shrink.py). So decisions by the published tables follow the default as closely as an argmax of a sum can.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..answers.bar import Known
from .em import statistics_of, tables_by_answer
from .ensemble import auto, one_hot, skills_from
from .held_out import counts_of
from .item_types import MAX_PASSES
from .known_items import KnownItems
from .majority import vote_shares
from .result import Result, check_gold, check_history, choose, softmax_rows
from .shrink import Base
from .softening import Softening, learn_softening
from .votes import Votes, check_confusion_size


@dataclass(frozen=True, eq=False)
class Skills:
    """confusion (W, K, K): P(answer a | truth k) at [w, k, a]; accuracy (W,): shrunk overall skill; pooled (K, K): the
    crowd, used for anybody unknown; prior (K,): label shares; worker_ids (W,) and labels (K,) name the axes; posteriors
    (I, K) of the votes learned from; softening: how sure sums by these matrices may be; known: the known items as they would have been
    decided."""

    confusion: np.ndarray
    accuracy: np.ndarray
    pooled: np.ndarray
    prior: np.ndarray
    worker_ids: np.ndarray
    labels: np.ndarray
    posteriors: np.ndarray
    n_iter: int
    converged: bool
    softening: Softening
    known: Known | None = None

    def confusion_for(self, worker_ids: Sequence[Hashable]) -> np.ndarray:
        """(n, K, K) of n worker_ids: the matrices of these workers in this order; a stranger gets the crowd's."""
        row_of = {worker: row for row, worker in enumerate(self.worker_ids.tolist())}
        rows = [row_of.get(worker, -1) for worker in worker_ids]
        return np.concatenate([self.confusion, self.pooled[None]])[rows]


def learn_skills(
    votes: Votes,
    *,
    gold: np.ndarray | None = None,
    history: np.ndarray | None = None,
    warm_start: Skills | None = None,
    n_iter: int = MAX_PASSES,
    tol: float = 1e-3,
) -> Skills:
    """Skills of all workers of the votes, and of the crowd.

    gold: (I,) label codes of items with a known truth, -1 elsewhere; these stay clamped.
    history: (W, K, K) counts [worker, truth, answer] from earlier work, added to those of these votes.
    warm_start: earlier Skills with the same labels, matched by worker id; the iteration starts half from what they say and
    half from the vote shares, so that an early fit that was led astray does not last.
    Raises ValueError, one sentence naming the argument, when one does not fit the votes, and when a confusion table of so many
    labels would not fit in memory.
    """
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    check_confusion_size(votes.n_workers + 1, votes.n_labels)
    history = check_history(history, (votes.n_workers, votes.n_labels, votes.n_labels))
    start = None if warm_start is None else (posteriors_under(warm_start, votes) + vote_shares(votes)) / 2
    fit = partial(auto, votes, gold=gold, history=history, n_iter=n_iter, tol=tol)
    result = fit(start=start)
    confusion, base, prior = _counted(votes, result, history)
    if gold is not None and (other := _from_known_items(votes, gold, result, prior, fit)) is not None:
        result = other
        confusion, base, prior = _counted(votes, result, history)
    learned = learn_softening(votes, choose(result.posteriors), confusion, prior, gold)
    known_so_far = (confusion, base.accuracy, base.crowd, prior, votes.worker_ids, votes.labels)
    return Skills(*known_so_far, result.posteriors, result.n_iter, result.converged, *learned)


def _counted(votes: Votes, result: Result, history: np.ndarray | None) -> tuple[np.ndarray, Base, np.ndarray]:
    return skills_from(statistics_of(votes, one_hot(result.posteriors)), votes.n_labels, history)


def _from_known_items(
    votes: Votes, gold: np.ndarray, result: Result, prior: np.ndarray, fit: Callable[..., Result]
) -> Result | None:
    """The fit that starts from what the known items alone show, if they predict each other better than under this result, and are
    predicted better under that."""
    known = KnownItems(votes, gold)
    if not known.are_enough:
        return None
    before = known.predicted(counts_of(votes, choose(result.posteriors)), prior)
    if known.predicted(known.own, prior) <= before:
        return None
    other = fit(start=known.start(prior))
    after = known.predicted(counts_of(votes, choose(other.posteriors)), other.prior)
    return other if after > before else None


def posteriors_under(skills: Skills, votes: Votes) -> np.ndarray:
    """(I, K): what the votes say under skills learned earlier; unknown workers count as the crowd. ValueError for
    skills of other labels."""
    if skills.labels.tolist() != votes.labels.tolist():
        raise ValueError("warm_start has other labels than the votes; learn afresh when a project's labels change.")
    tables = tables_by_answer(np.log(skills.confusion_for(votes.worker_ids.tolist())))
    scores = votes.by_item @ tables + np.log(skills.prior)
    softmax_rows(scores)
    return scores
