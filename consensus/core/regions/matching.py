"""Matching marks of many workers into objects, under one law: two marks of one worker are never one object.

`match_pairs` is the assignment problem between two answers (Kuhn 1955, doi:10.1002/nav.3800020109).
`link_marks` is average-linkage clustering (UPGMA, Sokal & Michener 1958) with cannot-link constraints (Wagstaff et al., ICML 2001)
between marks of one owner. Pairs are merged best first over the whole item, so no worker's order or place in the list matters;
each worker's marks are then assigned anew to the objects as one assignment problem until nothing moves.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..answers.codes import group


def match_pairs(similarity: np.ndarray, least: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Best one-to-one pairs (rows, columns) of a (n, m) similarity, pairs below `least` left out.

    The number of pairs at or above `least` comes first, their summed similarity second.
    """
    if 0 in similarity.shape:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    good = similarity >= least
    rows, columns = linear_sum_assignment(-(good + np.where(good, similarity, 0.0) / (1 + min(similarity.shape))))
    keep = good[rows, columns]
    return rows[keep], columns[keep]


def link_marks(
    left: np.ndarray, right: np.ndarray, similarity: np.ndarray, owner: np.ndarray, least: float, rounds: int = 3
) -> np.ndarray:
    """Object code (n,) of n marks with owners (n,), from the similarity of pairs (left, right); pairs not named are 0.

    Average similarity inside an object stays >= `least` while it grows; codes are numbered by first mark. Ties go to the pair with
    the first marks, so callers sort marks by content, not by arrival. Marks of all items are linked in one call: each connected
    part of the graph "similarity >= least" by itself, and a part in which all pairs are that similar is one object at once.
    """
    n = len(owner)
    near = similarity >= least
    graph = coo_matrix((np.ones(near.sum()), (left[near], right[near])), shape=(n, n))
    n_parts, part = connected_components(graph, directed=False)
    size = np.bincount(part, minlength=n_parts)
    edges = np.bincount(part[left[near]], minlength=n_parts)
    unclear = edges < size * (size - 1) // 2
    code = part.astype(np.int64)
    inside = np.flatnonzero(unclear[part[left]] & (part[left] == part[right]))
    pairs_of = group(part[left[inside]], n_parts)
    marks_of = group(part, n_parts)
    used = n_parts
    for p in np.flatnonzero(unclear):
        mine, pairs = marks_of[p], inside[pairs_of[p]]
        like = np.zeros((len(mine), len(mine)))
        a, b = np.searchsorted(mine, left[pairs]), np.searchsorted(mine, right[pairs])
        like[a, b] = like[b, a] = similarity[pairs]
        code[mine] = used + _link_part(like, renumber(owner[mine]), least, rounds)
        used += len(mine)
    return renumber(code)


def _link_part(similarity: np.ndarray, owner: np.ndarray, least: float, rounds: int) -> np.ndarray:
    code = renumber(_agglomerate(similarity, owner, least))
    for _ in range(rounds):
        moved = _reassign(similarity, owner, code, least)
        if np.array_equal(moved, code):
            break
        code = moved
    return code


def _agglomerate(similarity: np.ndarray, owner: np.ndarray, least: float) -> np.ndarray:
    n = len(owner)
    score = np.where(owner[:, None] == owner[None, :], -np.inf, similarity)
    size = np.ones(n)
    code = np.arange(n)
    while n:
        flat = int(score.argmax())
        a, b = flat // n, flat % n
        if not score[a, b] >= least:
            break
        merged = (size[a] * score[a] + size[b] * score[b]) / (size[a] + size[b])
        score[a], score[:, a] = merged, merged
        score[b], score[:, b] = -np.inf, -np.inf
        score[a, a] = -np.inf
        size[a] += size[b]
        code[code == b] = a
    return code


def _reassign(similarity: np.ndarray, owner: np.ndarray, code: np.ndarray, least: float) -> np.ndarray:
    """One round: every owner's marks take the best one-to-one assignment to the objects that the others' marks form."""
    code = code.copy()
    for who in range(owner.max() + 1 if owner.max() else 0):
        mine = np.flatnonzero(owner == who)
        rest = np.flatnonzero(owner != who)
        member = np.zeros((len(rest), code.max() + 1))
        member[np.arange(len(rest)), code[rest]] = 1.0
        mean = similarity[np.ix_(mine, rest)] @ member / np.maximum(member.sum(axis=0), 1.0)
        code[mine] = code.max() + 1 + np.arange(len(mine))
        rows, columns = _assign(mean, least)
        code[mine[rows]] = columns
        code = renumber(code)
    return code


def _assign(mean: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    gain = np.where(mean >= least, mean, 0.0)
    rows, columns = linear_sum_assignment(-gain)
    keep = gain[rows, columns] > 0
    return rows[keep], columns[keep]


def renumber(code: np.ndarray) -> np.ndarray:
    """The same partition with objects numbered 0, 1, ... by their first mark."""
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse] if len(code) else code
