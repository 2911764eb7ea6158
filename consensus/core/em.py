"""The one pass that all confusion-matrix models share: E step and expected counts, in blocks of items on all cores.

Cost per pass O(N K) for N votes and K labels. Each block gives its part of the counts; parts are added in block order,
so the result is the same bit for bit with any number of threads.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .result import clamp, softmax_rows
from .votes import Votes

_threads = ThreadPoolExecutor(max_workers=max(1, min(4, os.cpu_count() or 1)), thread_name_prefix="consensus-em")


def em_pass(
    votes: Votes,
    log_tables: np.ndarray,
    log_prior: np.ndarray,
    gold: np.ndarray | None = None,
    out: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """posteriors (I, K) = softmax(log_prior + sum of log_tables over the item's votes), and their counts.

    log_tables: (W*K, K): row worker * K + answer, column = true label. counts has the same shape: the expected number
    of times that a worker gave an answer when each label was true. gold: (I,) codes, -1 = unknown.
    """
    posteriors = np.empty((votes.n_items, votes.n_labels)) if out is None else out
    counts = np.zeros(log_tables.shape)

    def block(part) -> np.ndarray:
        rows, matrix = part
        scores = matrix @ log_tables
        scores += log_prior
        softmax_rows(scores)
        clamp(scores, None if gold is None else gold[rows])
        posteriors[rows] = scores
        return matrix.T @ scores

    for part in _map(block, votes.blocks):
        counts += part
    return posteriors, counts


def expected_counts(votes: Votes, posteriors: np.ndarray) -> np.ndarray:
    """(W*K, K): how often each worker gave each answer when each label was true, expected under the posteriors."""
    counts = np.zeros((votes.n_workers * votes.n_labels, votes.n_labels))
    for part in _map(lambda part: part[1].T @ posteriors[part[0]], votes.blocks):
        counts += part
    return counts


def _map(function, parts):
    return map(function, parts) if len(parts) == 1 else _threads.map(function, parts)
