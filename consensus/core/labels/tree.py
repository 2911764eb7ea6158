"""A tree of categories by parent codes, and how far two of its nodes agree."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Tree:
    """N nodes under an unnamed root that holds them all. Nodes have codes 0 to N - 1; the root's code is N.

    parents (N,): the parent's code, N for a node at the top. depth (N + 1,): 0 for the root, 1 at the top. paths (N + 1, D + 1):
    the ancestor at each depth, the node itself at its own, -1 beyond. n_children, n_leaves (N + 1,): of the node's subtree. ids (N,).
    """

    parents: np.ndarray
    depth: np.ndarray
    paths: np.ndarray = field(repr=False)
    n_children: np.ndarray = field(repr=False)
    n_leaves: np.ndarray = field(repr=False)

    @classmethod
    def from_parents(cls, parents: np.ndarray | list[int]) -> Tree:
        """parents (N,): for every node the code of its parent, -1 for a node at the top.

        Raises ValueError for no nodes, a code that is not there, and a circle.
        """
        parents = np.asarray(parents)
        n = len(parents)
        if parents.ndim != 1 or not n or parents.dtype.kind not in "iu" or parents.min() < -1 or parents.max() >= n:
            raise ValueError(
                f"parents must be one code a node, between -1 (at the top) and {n - 1}, for at least one node."
            )
        up = np.append(np.where(parents < 0, n, parents), n).astype(np.int64)
        lines = _lines_up(up, n)
        depth = (lines != n).sum(axis=1)
        paths = np.full((n + 1, depth.max() + 1), -1, dtype=np.int64)
        paths[:, 0] = n
        for steps in range(depth.max()):
            some = np.flatnonzero(depth > steps)
            paths[some, depth[some] - steps] = lines[some, steps]
        n_children = np.bincount(up[:n], minlength=n + 1)
        leaves = np.flatnonzero(n_children == 0)
        n_leaves = np.bincount(paths[leaves][paths[leaves] >= 0], minlength=n + 1)
        return cls(up[:n], depth, paths, n_children, n_leaves)

    @property
    def n_nodes(self) -> int:
        """N, without the root."""
        return len(self.parents)

    @property
    def root(self) -> int:
        """The root's code, N."""
        return len(self.parents)

    @property
    def is_leaf(self) -> np.ndarray:
        """(N + 1,) bool."""
        return self.n_children == 0

    def common_depth(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(P,) depth of the deepest common ancestor of nodes a, b (P,); 0 when only the root is common."""
        same = (self.paths[a] == self.paths[b]) & (self.paths[a] >= 0)
        return same.sum(axis=1) - 1

    def holds(self, above: np.ndarray, below: np.ndarray) -> np.ndarray:
        """(P,) bool: is `below` in the subtree of `above` (a node is in its own)?"""
        return self.paths[below, self.depth[above]] == above


def path_agreement(tree: Tree, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(P,) 2 x depth of the deepest common ancestor / (depth of a + depth of b): 1 for equal nodes, 0 when only the root is common.

    Z. Wu and M. Palmer, Verb Semantics and Lexical Selection, ACL 1994, doi:10.3115/981732.981751.
    """
    return 2 * tree.common_depth(a, b) / np.maximum(tree.depth[a] + tree.depth[b], 1)


def _lines_up(up: np.ndarray, root: int) -> np.ndarray:
    """(N + 1, D): the node itself, its parent, ... until the root; ValueError when some never get there."""
    lines = [np.arange(len(up))]
    while (lines[-1] != root).any():
        if len(lines) > root:
            node = int(np.flatnonzero(lines[-1] != root)[0])
            raise ValueError(f"parents run in a circle above node {node}; every line of parents must end in -1.")
        lines.append(up[lines[-1]])
    return np.stack(lines, axis=1)
