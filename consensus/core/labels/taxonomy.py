"""Answers that are nodes of a tree of categories: a posterior over its leaves, and the deepest node that is sure enough.

Model. The truth of an item is a leaf t ~ prior. A worker walks down from the root. At a node above t that has b > 1 children she turns
towards t with probability right[w, depth], else to one of the other b - 1 children alike; below a wrong turn she can only guess, each
child alike. Where she stops does not depend on t: an answer half way down says nothing about what is below. So an answer
whose deepest common ancestor with t has depth d has the probability
    prod_{j < d} right[w, j] x (1 - right[w, d]) / (b - 1) x (guesses below),
and errors become less likely with the distance in the tree as the turns at the top are the easier ones; each level's rate is learned.
Rates are shrunk on two levels (shrink.py): the crowd's rate of the level; the worker's overall rate as a factor on its odds, shared by
all levels; then her own counts. The prior over leaves is a Dirichlet at every node, its mean the numbers of leaves, its weight estimated.
EM, no random numbers.

The evidence of an item's n answers is softened by 1 / (1 + 0.2 n), as in auto.py. The confidence of a node is the sum over the
leaves of its subtree, so it never rises on the way down.

The deepest node that is sure enough: J. Deng, J. Krause, A. Berg, L. Fei-Fei, Hedging Your Bets, CVPR 2012,
doi:10.1109/CVPR.2012.6248086. Rates and their shrinkage as in shrink.py; the walk is ours.

Cost of a pass: O(N + answers x depth). Only nodes that lie on the path of an answer ("named") are kept per item; the rest of
a subtree shares one likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from ..answers.correlation import CORRELATION
from .shrink import shrunk_rates
from .tree import Tree
from .votes import Votes

NODE_PRIORS = 2.0 ** np.arange(11)  # pseudo-items at every node, shared by its children in proportion to their leaves
FIRST_RIGHT = 0.8
TIE = 1e-9


@dataclass(frozen=True, eq=False)
class Named:
    """The (item, node) pairs on the paths of the answers, sorted by item, then depth, then node; every item has the root.

    item, node, parent (P,): parent is the pair above, -1 at the root. levels: the pairs of each depth. steps (S,): pairs that an answer
    passes below the root, with the answer's row in `vote` (S,) and whether it goes on below in `onward` (S,).
    """

    item: np.ndarray
    node: np.ndarray
    parent: np.ndarray
    levels: list[np.ndarray]
    steps: np.ndarray
    vote: np.ndarray
    onward: np.ndarray


@dataclass(frozen=True, eq=False)
class TaxonomyResult:
    """named: the pairs that carry a mass; mass (P,): P(the truth lies in the node's subtree); elsewhere (P,): the part of it that is
    not in named children; prior (N + 1,): of the subtrees. skills (W,): probability of a right turn over all levels, right (W, D)
    per level. n_iter, converged."""

    tree: Tree
    named: Named
    mass: np.ndarray
    elsewhere: np.ndarray
    prior: np.ndarray
    skills: np.ndarray
    right: np.ndarray
    n_iter: int
    converged: bool

    def decide(self, confidence: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
        """(nodes (I,) int, their masses (I,)): the deepest named node whose mass reaches `confidence`; the tree's root code where
        none does (mass 1). Ties in depth: the greater mass, then the lower code. Never a node that nobody named. ValueError for a
        confidence outside 0 to 1."""
        if not 0 <= confidence <= 1:
            raise ValueError(f"confidence must lie between 0 and 1, not {confidence}.")
        return self._best(self.mass >= confidence - TIE, self.tree.depth[self.named.node])

    def best_leaf(self) -> tuple[np.ndarray, np.ndarray]:
        """(leaves (I,), masses (I,)): the named leaf of the greatest mass, ties to the lower code; the root's code where none was named."""
        leaf = self.tree.is_leaf[self.named.node]
        return self._best(leaf, np.zeros(len(leaf)))

    def best_top(self) -> tuple[np.ndarray, np.ndarray]:
        """(nodes (I,), masses (I,)): the named node at the top of the greatest mass; the root's code where none was named."""
        top = self.tree.depth[self.named.node] == 1
        return self._best(top, np.zeros(len(top)))

    def _best(self, allowed: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        items, nodes, mass = self.named.item, self.named.node, np.round(self.mass / TIE) * TIE
        n_items = int(items[-1]) + 1 if len(items) else 0
        rows = np.flatnonzero(allowed & (nodes != self.tree.root))
        order = rows[np.lexsort((-nodes[rows], mass[rows], first[rows], items[rows]))]
        found, masses = np.full(n_items, self.tree.root), np.ones(n_items)
        last = np.flatnonzero(np.diff(items[order], append=-1) != 0)
        best = order[last]
        found[items[best]], masses[items[best]] = nodes[best], self.mass[best]
        return found, masses

    def subtree_mass(self) -> np.ndarray:
        """(I, N): P(the truth lies in the subtree) of every node, named or not. For small trees: it is dense."""
        n_items = int(self.named.item[-1]) + 1 if len(self.named.item) else 0
        table, spread = np.zeros((n_items, self.tree.n_nodes + 1)), np.zeros((n_items, self.tree.n_nodes + 1))
        known = np.zeros(table.shape, dtype=bool)
        known[self.named.item, self.named.node] = True
        table[self.named.item, self.named.node] = self.mass
        # what a node's unnamed children share, per unit of prior
        spread[self.named.item, self.named.node] = self.elsewhere / np.maximum(self._unnamed_prior(), 1e-300)
        for node in np.argsort(self.tree.depth[:-1], kind="stable"):
            above = self.tree.parents[node]
            fresh = ~known[:, node]
            spread[fresh, node] = spread[fresh, above]
            table[fresh, node] = spread[fresh, above] * self.prior[node]
        return table[:, :-1]

    def _unnamed_prior(self) -> np.ndarray:
        return _unnamed(self.tree, self.named, self.prior)


def taxonomy(
    votes: Votes,
    parents: np.ndarray | list[int],
    gold: np.ndarray | None = None,
    n_iter: int = 100,
    tol: float = 1e-4,
    held: tuple[np.ndarray, np.ndarray] | None = None,
) -> TaxonomyResult:
    """votes: its labels are the nodes, in the order of `parents` (see Tree.from_parents). gold: (I,) node codes, -1 = unknown: the truth
    lies in that node's subtree. At most n_iter passes, or until the expected right turns move by less than tol an answer. held: right
    (W, D) and prior (N + 1,) of an earlier fit, by which the answers are decided as they stand.

    Raises ValueError when parents or gold do not fit the votes.
    """
    tree = Tree.from_parents(parents)
    if tree.n_nodes != votes.n_labels:
        raise ValueError(
            f"parents has {tree.n_nodes} nodes, the votes have {votes.n_labels} labels; name every node in both."
        )
    gold = _check_gold(gold, votes.n_items, tree)
    named = name_pairs(votes, tree, gold)
    turns = _Turns(votes, tree, named)
    nothing = np.zeros((votes.n_workers, tree.paths.shape[1]))
    right, skills = shrunk_rates(nothing, nothing, FIRST_RIGHT)
    prior = tree.n_leaves / tree.n_leaves[tree.root]
    done, moved, hits = 0, np.inf, None
    if held is not None:
        right, prior, skills, moved = *held, held[0].mean(axis=1), 0.0
    while held is None and (not done or (done < n_iter and moved > tol)):
        mass, elsewhere = _masses(tree, named, turns.scores(right), prior, gold)
        met, new = turns.counts(mass)
        moved = np.inf if hits is None else float(np.abs(new - hits).sum()) / max(votes.n_votes, 1)
        hits, done = new, done + 1
        right, skills = shrunk_rates(hits, met, FIRST_RIGHT)
        prior = _learn_prior(tree, named, mass, elsewhere, prior)
    power = 1 / (1 + CORRELATION * votes.votes_per_item)
    mass, elsewhere = _masses(tree, named, turns.scores(right) * power[named.item], prior, gold)
    return TaxonomyResult(tree, named, mass, elsewhere, prior, skills, right, done, moved <= tol)


def name_pairs(votes: Votes, tree: Tree, gold: np.ndarray | None) -> Named:
    """The pairs on the paths of the answers, and of the gold nodes (I,), -1 where unknown."""
    size = tree.n_nodes + 1
    lines, on = _paths_of(votes, tree)
    keys = [
        votes.item_codes[:, None].astype(np.int64) * size + lines,
        np.arange(votes.n_items)[:, None] * size + tree.root,
    ]
    used = [keys[0][on], keys[1].ravel()]
    if gold is not None:
        some = np.flatnonzero(gold >= 0)
        paths = tree.paths[gold[some]]
        used.append((some[:, None] * size + paths)[paths >= 0])
    pairs = np.unique(np.concatenate(used))
    item, node = pairs // size, pairs % size
    above = item * size + np.append(tree.parents, -1)[node]
    parent = np.where(node == tree.root, -1, np.searchsorted(pairs, above))
    depth = tree.depth[node]
    levels = [np.flatnonzero(depth == d) for d in range(tree.paths.shape[1])]
    vote, place = np.nonzero(on[:, 1:])
    steps = np.searchsorted(pairs, keys[0][vote, place + 1])
    onward = place + 1 < tree.depth[votes.answer_codes[vote]]
    return Named(item, node, parent, levels, steps, vote, onward)


def _paths_of(votes: Votes, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    lines = tree.paths[votes.answer_codes]
    return np.maximum(lines, 0), lines >= 0


class _Turns:
    """The turns that the answers took: at the parent of each step, into the step's node."""

    def __init__(self, votes: Votes, tree: Tree, named: Named) -> None:
        self.votes, self.named = votes, named
        self.worker = votes.worker_codes[named.vote]
        self.level = tree.depth[named.node[named.steps]] - 1  # of the turn
        self.choices = tree.n_children[named.node[named.parent[named.steps]]]
        self.next_choices = tree.n_children[named.node[named.steps]]
        self.n_levels = tree.paths.shape[1]

    def scores(self, right: np.ndarray) -> np.ndarray:
        """(P,): log-likelihood of the item's answers if the truth lies in the node but in none of its named children, less that
        at the root."""
        wrong = np.log1p(-right)
        gain = np.log(right)[self.worker, self.level] - self._wrong(wrong, self.level, self.choices)
        gain[self.choices == 1] = 0
        deeper = np.minimum(self.level + 1, self.n_levels - 1)
        below = self._wrong(wrong, deeper, self.next_choices) + np.log(np.maximum(self.next_choices, 1))
        gain += np.where(self.named.onward & (self.next_choices > 1), below, 0)
        found = np.bincount(self.named.steps, weights=gain, minlength=len(self.named.node)).astype(float)
        for level in self.named.levels[1:]:
            found[level] += found[self.named.parent[level]]
        return found

    def _wrong(self, wrong: np.ndarray, level: np.ndarray, choices: np.ndarray) -> np.ndarray:
        return wrong[self.worker, level] - np.log(np.maximum(choices - 1, 1))

    def counts(self, mass: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(met, right), both (W, D): expected turns at a node above the truth with more than one child, and those that were right."""
        real = self.choices > 1
        cells = self.worker[real] * self.n_levels + self.level[real]
        n_workers, steps = self.votes.n_workers, self.named.steps[real]
        met = np.bincount(cells, weights=mass[self.named.parent[steps]], minlength=n_workers * self.n_levels)
        right = np.bincount(cells, weights=mass[steps], minlength=n_workers * self.n_levels)
        shape = (n_workers, self.n_levels)
        return met.reshape(shape), np.minimum(right, met).reshape(shape)


def _masses(
    tree: Tree, named: Named, scores: np.ndarray, prior: np.ndarray, gold: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(mass, elsewhere), both (P,), normalised an item."""
    best = np.full(int(named.item[-1]) + 1 if len(named.item) else 0, -np.inf)
    possible = _unnamed(tree, named, prior)
    if gold is not None:
        known = gold[named.item] >= 0
        inside = tree.holds(np.where(known, gold[named.item], tree.root), named.node)
        possible = np.where(inside, possible, 0)
    np.maximum.at(best, named.item[possible > 0], scores[possible > 0])
    elsewhere = np.where(possible > 0, possible * np.exp(np.minimum(scores - best[named.item], 0)), 0)
    mass = elsewhere.copy()
    for level in reversed(named.levels[1:]):
        np.add.at(mass, named.parent[level], mass[level])
    total = mass[named.levels[0]][named.item]
    return mass / total, elsewhere / total


def _unnamed(tree: Tree, named: Named, prior: np.ndarray) -> np.ndarray:
    """(P,): prior of the leaves below the node that are below none of its named children; a leaf's own at a leaf."""
    below = np.flatnonzero(named.parent >= 0)
    taken = np.bincount(named.parent[below], weights=prior[named.node[below]], minlength=len(named.node))
    children = np.bincount(named.parent[below], minlength=len(named.node))
    left = prior[named.node] - taken
    return np.where((children > 0) & (children == tree.n_children[named.node]), 0, np.maximum(left, 1e-300))


def _learn_prior(tree: Tree, named: Named, mass: np.ndarray, elsewhere: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """(N + 1,): prior of every subtree from the expected items in it; unnamed children share what is elsewhere by the old prior."""
    size = tree.n_nodes + 1
    count = np.bincount(named.node, weights=mass, minlength=size).astype(float)
    rate = elsewhere / np.maximum(_unnamed(tree, named, prior), 1e-300)  # per unit of prior
    everywhere = np.bincount(named.node, weights=rate, minlength=size)
    below = np.flatnonzero(named.parent >= 0)
    taken = np.bincount(named.node[below], weights=rate[named.parent[below]], minlength=size)
    inherited = np.zeros(size)
    for depth in range(1, tree.paths.shape[1]):
        nodes = np.flatnonzero(tree.depth[:-1] == depth)
        above = tree.parents[nodes]
        inherited[nodes] = inherited[above] + np.maximum(everywhere[above] - taken[nodes], 0)
        count[nodes] += inherited[nodes] * prior[nodes]
    return _shrunk_shares(tree, count)


def _shrunk_shares(tree: Tree, count: np.ndarray) -> np.ndarray:
    """(N + 1,): prior of every subtree from the expected items (N + 1,) in it; the weight of the leaves' numbers is the likeliest of
    NODE_PRIORS, so that even shares are found even and uneven ones uneven."""
    means = tree.n_leaves[:-1] / tree.n_leaves[tree.parents]
    weight = NODE_PRIORS[np.argmax([_likelihood(tree, count, w * means, w) for w in NODE_PRIORS])]
    shares = count[:-1] + weight * means
    shares /= np.bincount(tree.parents, weights=shares, minlength=len(count))[tree.parents]
    new = np.ones(len(count))
    for depth in range(1, tree.paths.shape[1]):
        nodes = np.flatnonzero(tree.depth[:-1] == depth)
        new[nodes] = new[tree.parents[nodes]] * shares[nodes]
    return new


def _likelihood(tree: Tree, count: np.ndarray, pseudo: np.ndarray, weight: float) -> float:
    """Log-likelihood of the counts when every node's shares are a Dirichlet of these pseudo-items."""
    inner = np.flatnonzero(tree.n_children)
    totals = np.bincount(tree.parents, weights=count[:-1], minlength=len(count))[inner]
    children = gammaln(pseudo + count[:-1]) - gammaln(pseudo)
    return float(children.sum() - (gammaln(weight + totals) - gammaln(weight)).sum())


def _check_gold(gold: np.ndarray | None, n_items: int, tree: Tree) -> np.ndarray | None:
    if gold is None:
        return None
    gold = np.asarray(gold)
    fits = gold.shape == (n_items,) and gold.dtype.kind in "iu"
    if not fits or (n_items and not -1 <= gold.min() <= gold.max() < tree.n_nodes):
        raise ValueError(f"gold must be {n_items} node codes between -1 (unknown) and {tree.n_nodes - 1}, one an item.")
    return gold
