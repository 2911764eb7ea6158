"""The decision rule that money hangs on: integers only, the same in Python and in a browser, for any order of rows.

Published once per run: tables[worker][answer][label], int, in 1/1024 nat: round(1024 ln P(answer | truth = label)); and
prior[label] in the same unit. For one item:

1. score[label] = prior[label] + sum of tables[worker][answer][label] over the item's n votes.
2. decision = the label of the highest score; a tie goes to the smallest label code.
3. gap[label] = floor(power * (best score - score[label]) / (1024 + correlation * (n - 1))), without the second part below 2 votes.
4. soft = floor(10^6 * 2^26 / sum over labels of E(gap[label])), where E(d) is exp(-d / 1024) in units of 2^-26,
   computed as a product of published constants: E(d) = 0 when d >= 2^15; else start with x = 2^26 and for each set bit j of
   d, from the lowest, replace x by floor(x * EXP_BITS[j] / 2^26).
5. confidence_ppm = floor(((10^6 - shared_ppm) * soft + floor(10^6 * shared_ppm / K)) / 10^6), at most 999,999, for K labels; 0 where
   no confidence is stated.

power, correlation and shared_ppm are learned for each project and published with the tables (softening.py says from what); they do not
touch the decision. n counts the votes that have a weight: the answers of somebody of whom a flag stands have none.

Every intermediate value is below 2^53, so JavaScript numbers hold them exactly (Math.floor(a / b) is exact here too,
because quotient times divisor stays below 2^53); no BigInt is needed. At most 1,000 labels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .softening import UNIT, Softening, unlearned
from .votes import Votes

LOWEST = -16 * UNIT
EXP_SHIFT = 26
EXP_BITS = tuple(round(2**EXP_SHIFT * float(np.exp(-(2**bit) / UNIT))) for bit in range(15))
MAX_LABELS = 1000
MILLION = 10**6
SUREST_PPM = MILLION - 1  # nothing that people decide is beyond doubt


class Decided(NamedTuple):
    """labels (I,) int32 codes; scores (I, K) int64 in 1/1024 nat; confidence_ppm (I,) int64, millionths."""

    labels: np.ndarray
    scores: np.ndarray
    confidence_ppm: np.ndarray


def publish_tables(confusion: np.ndarray) -> np.ndarray:
    """(W, K, K) int32 [worker, answer, label] from confusion probabilities (W, K, K) [worker, truth, answer].

    Raises ValueError for another shape or numbers that are no probabilities.
    """
    confusion = np.asarray(confusion, dtype=float)
    if confusion.ndim != 3 or confusion.shape[1] != confusion.shape[2]:
        raise ValueError(f"confusion must have the shape (workers, labels, labels), not {confusion.shape}.")
    return np.ascontiguousarray(_to_units(confusion, "confusion").transpose(0, 2, 1))


def publish_prior(prior: np.ndarray) -> np.ndarray:
    """(K,) int32 from label shares (K,). Raises ValueError for another shape or numbers that are no probabilities."""
    prior = np.asarray(prior, dtype=float)
    if prior.ndim != 1:
        raise ValueError(f"prior must have the shape (labels,), not {prior.shape}.")
    return _to_units(prior, "prior")


def decide(votes: Votes, tables: np.ndarray, prior: np.ndarray, softening: Softening | None = None) -> Decided:
    """Apply the rule to all items at once.

    tables: (W, K, K) int [worker, answer, label], workers in the order of votes.worker_ids; prior: (K,) int; softening: as learned, or that
    of a project of which nothing is known. An item without votes is decided by the prior alone.
    """
    tables, prior = _check_tables(votes, tables, prior)
    # float64 holds these integers exactly: |score| <= 2^24 * votes per item < 2^53
    scores = votes.by_item @ tables.reshape(-1, votes.n_labels).astype(float)
    scores = scores.astype(np.int64) + prior
    sure = confidence_ppm(scores, votes.votes_per_item, softening or unlearned(votes.n_labels))
    return Decided(scores.argmax(axis=1).astype(np.int32), scores, sure)


def confidence_ppm(scores: np.ndarray, n_votes: np.ndarray, softening: Softening) -> np.ndarray:
    """(I,) int64 from integer scores (I, K) and votes per item (I,): steps 3 to 5 of the rule."""
    if not softening.stated:
        return np.zeros(len(scores), dtype=np.int64)
    gaps = scores.max(axis=1, keepdims=True) - scores
    gaps = softening.power * gaps // (UNIT + softening.correlation * np.maximum(n_votes - 1, 0))[:, None]
    soft = MILLION * 2**EXP_SHIFT // exp_units(gaps).sum(axis=1)
    shared = MILLION * softening.shared_ppm // scores.shape[1]
    return np.minimum(((MILLION - softening.shared_ppm) * soft + shared) // MILLION, SUREST_PPM)


def exp_units(gaps: np.ndarray) -> np.ndarray:
    """E(d) of the rule for gaps (I, K), int64 of at least 0: int64 (I, K) in units of 2^-26."""
    value = np.full(gaps.shape, 2**EXP_SHIFT, dtype=np.int64)
    for bit, factor in enumerate(EXP_BITS):
        value = np.where(gaps >> bit & 1, value * factor >> EXP_SHIFT, value)
    return np.where(gaps < 2 ** len(EXP_BITS), value, 0)


def _to_units(probabilities: np.ndarray, name: str) -> np.ndarray:
    if not np.all((probabilities >= 0) & (probabilities <= 1 + 1e-9)):
        raise ValueError(f"{name} must hold probabilities between 0 and 1.")
    logs = np.log(np.maximum(probabilities, np.exp(LOWEST / UNIT)))
    return np.rint(UNIT * logs).astype(np.int32)


def _check_tables(votes: Votes, tables: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    tables, prior = np.asarray(tables), np.asarray(prior)
    shape = (votes.n_workers, votes.n_labels, votes.n_labels)
    if tables.dtype.kind not in "iu" or tables.shape != shape:
        raise ValueError(f"tables must be integers in the shape {shape}: worker, answer, label.")
    if prior.dtype.kind not in "iu" or prior.shape != (votes.n_labels,):
        raise ValueError(f"prior must be {votes.n_labels} integers, one a label.")
    if votes.n_labels > MAX_LABELS:
        raise ValueError(f"labels: the rule takes at most {MAX_LABELS} labels, not {votes.n_labels}.")
    return tables, prior.astype(np.int64)
