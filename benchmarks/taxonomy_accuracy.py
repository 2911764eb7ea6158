"""Answers in a tree of categories, on planted crowds: the tree's model next to flat labels, ours and crowd-kit's, in one run.

    python -m benchmarks.taxonomy_accuracy [--no-crowdkit]

Workers walk down the tree, turn wrong with a rate of their own and sometimes stop early. Flat methods see the answers that are leaves.
Figures: share of items whose leaf is right (mean of two seeds; an item without a decision is wrong), and for `decide(0.9)` how often
the decided node is above or at the truth, how much of the depth it reaches, and the mean confidence it states.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import crowdkit_environment as crowdkit
from consensus.core import Tree, Votes, majority_vote, one_coin, taxonomy

RESULTS = Path(__file__).parent / "results" / "taxonomy_accuracy.json"
CONFIDENCE = 0.9


class Plan(NamedTuple):
    name: str
    branches: tuple[int, ...]
    n_items: int
    n_workers: int
    per_item: int
    right: tuple[float, float]
    stop: float
    is_uneven: bool = False  # a few leaves are common, most are rare


PLANS = [
    Plan("8 leaves, 5 answers", (2, 4), 400, 25, 5, (0.7, 0.95), 0.1),
    Plan("64 leaves, 3 answers", (4, 4, 4), 400, 25, 3, (0.6, 0.95), 0.15),
    Plan("216 leaves, 3 answers", (6, 6, 6), 400, 25, 3, (0.6, 0.95), 0.15),
    Plan("216 uneven leaves, 3 answers", (6, 6, 6), 400, 25, 3, (0.6, 0.95), 0.15, True),
    Plan("343 leaves, 2 answers", (7, 7, 7), 400, 25, 2, (0.6, 0.95), 0.15),
]


def grow(branches: tuple[int, ...]) -> list[int]:
    parents: list[int] = []
    level = [-1]
    for n in branches:
        below = []
        for node in level:
            below += range(len(parents), len(parents) + n)
            parents += [node] * n
        level = below
    return parents


def walk(plan: Plan, tree: Tree, seed: int) -> tuple[list[tuple[int, int, int]], np.ndarray]:
    """Rows (item, worker, node) and the true leaves."""
    rng = np.random.default_rng(seed)
    children = {node: np.flatnonzero(tree.parents == node) for node in range(tree.n_nodes + 1)}
    leaves = np.flatnonzero(tree.is_leaf)
    share = rng.dirichlet(np.full(len(leaves), 0.1)) if plan.is_uneven else None
    truth, skill = rng.choice(leaves, plan.n_items, p=share), rng.uniform(*plan.right, plan.n_workers)
    rows = []
    for item, leaf in enumerate(truth):
        for worker in rng.choice(plan.n_workers, plan.per_item, replace=False):
            node = tree.root
            while len(children[node]) and (node == tree.root or rng.random() > plan.stop):
                wanted = tree.paths[leaf, tree.depth[node] + 1] if tree.paths[leaf, tree.depth[node]] == node else -1
                is_right = wanted >= 0 and rng.random() < skill[worker]
                node = int(wanted if is_right else rng.choice(children[node][children[node] != wanted]))
            rows.append((item, int(worker), node))
    return rows, truth


def measure(plan: Plan, seed: int, with_crowdkit: bool) -> tuple[dict[str, float], dict[str, float]]:
    """(share of right leaves by method, figures of decide(0.9))."""
    parents = grow(plan.branches)
    tree = Tree.from_parents(parents)
    rows, truth = walk(plan, tree, seed)
    columns = zip(*rows, strict=True)
    votes = Votes.from_rows(*columns, labels=list(range(tree.n_nodes)), item_ids=list(range(plan.n_items)))
    result = taxonomy(votes, parents)
    leaves = np.flatnonzero(tree.is_leaf[:-1]).tolist()
    named = [row for row in rows if tree.is_leaf[row[2]]]
    flat = Votes.from_rows(*zip(*named, strict=True), labels=leaves, item_ids=list(range(plan.n_items)))
    seen = flat.votes_per_item > 0
    found = {"taxonomy": float((result.best_leaf()[0] == truth).mean())}
    for name, method in (("flat one coin", one_coin), ("flat majority", majority_vote)):
        found[name] = float((seen & (np.array(leaves)[method(flat).labels] == truth)).mean())
    if with_crowdkit:
        found["flat, crowd-kit DawidSkene"] = crowdkits(named, truth, f"tree-{plan.name}-{seed}".replace(" ", ""))
    nodes, masses = result.decide(CONFIDENCE)
    depth = tree.depth[nodes] / tree.depth[truth]
    figures = {
        "holds the truth": tree.holds(nodes, truth).mean(),
        "of the depth": depth.mean(),
        "confidence": masses.mean(),
    }
    return found, {name: float(value) for name, value in figures.items()}


def crowdkits(rows: list[tuple[int, int, int]], truth: np.ndarray, name: str) -> float:
    source = crowdkit.PLACE.parent / f"{name}.npz"
    source.parent.mkdir(exist_ok=True)
    np.savez(source, **dict(zip(("items", "workers", "answers"), np.array(rows).T, strict=True)))
    out = source.with_name(f"{name}-found.npz")
    if crowdkit.ask("DawidSkene", f"synthetic:{source}", out, 300) is None:
        return float("nan")
    with np.load(out) as found:
        labels = found["labels"].astype(int)[found["posteriors"].argmax(axis=1)]
        right = labels == truth[found["items"].astype(int)]
    source.unlink()
    out.unlink()
    return float(right.sum() / len(truth))


def table(report: list[dict], part: str) -> list[str]:
    names = list(report[0][part])
    rows = [[row["plan"], *(f"{row[part][name]:.3f}" for name in names)] for row in report]
    head = [["crowd", *names], ["---"] * (len(names) + 1)]
    return [f"| {' | '.join(cells)} |" for cells in head + rows]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--no-crowdkit", action="store_true")
    asked = options.parse_args()
    report = []
    for plan in PLANS:
        runs = [measure(plan, seed, not asked.no_crowdkit) for seed in range(2)]
        leaves, decided = (
            {name: float(np.mean([run[k][name] for run in runs])) for name in runs[0][k]} for k in (0, 1)
        )
        report.append({"plan": plan.name, "leaf_right": leaves, "decided": decided})
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    lines = ["# Trees of categories\n", "## Leaf right\n", *table(report, "leaf_right")]
    lines += [f"\n## Deepest node at confidence {CONFIDENCE}\n", *table(report, "decided")]
    RESULTS.with_suffix(".md").write_text("\n".join(lines) + "\n")
    print(RESULTS.with_suffix(".md").read_text())


if __name__ == "__main__":
    main()
