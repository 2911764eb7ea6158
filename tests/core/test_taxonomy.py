import warnings

import numpy as np
import pytest

from consensus.core import Votes, auto
from consensus.core.labels.taxonomy import taxonomy
from consensus.core.labels.tree import Tree, path_agreement

#   0 animal: 2 cat (5 tabby, 6 siamese, 7 sphynx), 3 dog (8 poodle, 9 pug);  1 plant: 4 tree (10 oak: an only child)
PARENTS = [-1, -1, 0, 0, 1, 2, 2, 2, 3, 3, 4]
LEAVES = [5, 6, 7, 8, 9, 10]


def wide_tree(*branches):
    """(parents, leaves) of a tree with so many children on each level."""
    parents, level = [], [-1]
    for b in branches:
        level = [(parents.append(node), len(parents) - 1)[1] for node in level for _ in range(b)]
    return parents, np.array(level)


def walk(parents, leaves, n_items=100, n_workers=12, per_item=3, seed=0, right=(0.7, 0.97), stop=0.15):
    """Rows (item, worker, node) of workers who walk down the tree, and the true leaves."""
    rng = np.random.default_rng(seed)
    children = {node: [c for c, p in enumerate(parents) if p == node] for node in range(-1, len(parents))}
    tree = Tree.from_parents(parents)
    truth, skill = rng.choice(leaves, n_items), rng.uniform(*right, n_workers)
    rows = []
    for item in range(n_items):
        line = tree.paths[truth[item]]
        for worker in rng.choice(n_workers, per_item, replace=False):
            node, depth = -1, 0
            while children[node] and (node < 0 or rng.random() > stop):
                true = (
                    line[depth + 1] if line[depth] in (node, tree.root) and (node < 0 or line[depth] == node) else None
                )
                others = [c for c in children[node] if c != true]
                if true is not None and (not others or rng.random() < skill[worker]):
                    node = int(true)
                else:
                    node = int(rng.choice(others))
                depth += 1
            rows.append((item, int(worker), node))
    return rows, truth


def run(rows, parents=PARENTS, **options):
    votes = Votes.from_rows(*([row[i] for row in rows] for i in range(3)), labels=list(range(len(parents))), **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = taxonomy(votes, parents)
    assert np.isfinite(result.mass).all()
    assert ((result.mass >= 0) & (result.mass <= 1 + 1e-9)).all()
    assert ((result.right > 0) & (result.right < 1)).all()
    assert result.prior[-1] == 1
    return result


def test_tree():
    tree = Tree.from_parents(PARENTS)
    assert tree.depth.tolist() == [1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 0]
    assert tree.paths[9].tolist() == [11, 0, 3, 9]
    assert tree.paths[4].tolist() == [11, 1, 4, -1]
    assert tree.n_leaves.tolist() == [5, 1, 3, 2, 1, 1, 1, 1, 1, 1, 1, 6]
    a, b = np.array([5, 5, 5, 5, 2]), np.array([5, 6, 8, 10, 5])
    assert tree.common_depth(a, b).tolist() == [3, 2, 1, 0, 2]
    assert path_agreement(tree, a, b).tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0, 4 / 5])


@pytest.mark.parametrize("parents", [[], [0.5], [3, -1], [-2]])
def test_bad_parents_are_refused(parents):
    with pytest.raises(ValueError, match="parents must be one code a node"):
        Tree.from_parents(parents)


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="parents run in a circle above node 1"):
        Tree.from_parents([-1, 2, 1])


def test_other_bad_arguments_are_refused():
    votes = Votes.from_rows([0], [0], [0], labels=[0, 1])
    with pytest.raises(ValueError, match="parents has 3 nodes, the votes have 2 labels"):
        taxonomy(votes, [-1, 0, 0])
    with pytest.raises(ValueError, match="gold must be 1 node codes"):
        taxonomy(votes, [-1, 0], gold=np.array([2]))
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        taxonomy(votes, [-1, 0]).decide(1.5)


def test_masses_are_those_of_all_leaves_one_by_one():
    """Against the model written out: every leaf's likelihood, walk by walk."""
    rows, _ = walk(PARENTS, LEAVES, 40, 6, 3)
    result = run(rows, item_ids=list(range(41)))
    tree = Tree.from_parents(PARENTS)
    leaf_prior = result.prior[LEAVES]
    expected = np.tile(np.log(leaf_prior), (41, 1))
    for item, worker, node in rows:
        for place, leaf in enumerate(LEAVES):
            expected[item, place] += chance_of(tree, result.right[worker], node, leaf) / (1 + 0.2 * 3)
    expected = np.exp(expected)
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(result.subtree_mass()[:, LEAVES], expected, atol=1e-9)


def chance_of(tree, right, node, leaf):
    """ln P(the walk leads to node | leaf), where she stops apart."""
    line, depth, total = tree.paths[node], 0, 0.0
    while depth < tree.depth[node]:
        above, chosen, choices = line[depth], line[depth + 1], tree.n_children[line[depth]]
        if not tree.holds(np.array([above]), np.array([leaf]))[0]:
            total -= np.log(choices)
        elif choices > 1:
            good = tree.holds(np.array([chosen]), np.array([leaf]))[0]
            total += np.log(right[depth]) if good else np.log((1 - right[depth]) / (choices - 1))
        depth += 1
    return total


def test_confidence_is_consistent_up_and_down_the_tree():
    rows, _ = walk(PARENTS, LEAVES)
    result = run(rows, item_ids=list(range(101)))
    table = result.subtree_mass()
    for node in range(-1, len(PARENTS)):
        children = [c for c, p in enumerate(PARENTS) if p == node]
        if children:
            whole = 1 if node < 0 else table[:, node]
            np.testing.assert_allclose(table[:, children].sum(axis=1), whole, atol=1e-9)
    assert np.array_equal(
        table[result.named.item, result.named.node % 11][result.named.node < 11], result.mass[result.named.node < 11]
    )


def test_the_more_confidence_is_asked_the_higher_up_the_decision():
    rows, truth = walk(PARENTS, LEAVES, 300)
    result, tree = run(rows), Tree.from_parents(PARENTS)
    before = result.decide(0.5)[0]
    for confidence in (0.7, 0.9, 0.97):
        nodes, masses = result.decide(confidence)
        assert tree.holds(nodes, before).all()
        assert (masses >= confidence - 1e-9).all()
        assert tree.holds(nodes, truth).mean() >= confidence - 0.03
        before = nodes
    assert (tree.depth[result.decide(0.97)[0]].mean()) < tree.depth[result.decide(0.5)[0]].mean()


def test_answers_that_part_low_in_the_tree_still_decide_above():
    rows = [(0, 0, 5), (0, 1, 6), (0, 2, 7)] + [(i, w, LEAVES[i % 6]) for i in range(1, 25) for w in range(3)]
    result = run(rows)
    nodes, _ = result.decide(0.8)
    assert nodes[0] == 2  # a cat, of no certain kind
    assert nodes[1:].tolist() == [LEAVES[i % 6] for i in range(1, 25)]


def test_who_stops_early_says_nothing_about_what_is_below():
    rows = [(i, w, LEAVES[i % 6]) for i in range(30) for w in range(3)]
    plain, more = run(rows).subtree_mass(), run([*rows, (0, 9, 2)], worker_ids=[0, 1, 2, 9]).subtree_mass()
    shares = [table[0, 5:8] / table[0, 2] for table in (plain, more)]
    assert more[0, 2] > plain[0, 2]
    assert shares[1][0] == pytest.approx(shares[0][0], abs=0.02)


def test_beats_flat_labels_when_labels_are_many_and_answers_few():
    parents, leaves = wide_tree(6, 6, 6)
    rows, truth = walk(parents, leaves, 400, 25, 3, right=(0.55, 0.95))
    result = run(rows, parents, item_ids=list(range(400)))
    flat_rows = [row for row in rows if row[2] in set(leaves.tolist())]
    flat = auto(Votes.from_rows(*zip(*flat_rows, strict=True), labels=leaves.tolist(), item_ids=list(range(400))))
    ours, theirs = (result.best_leaf()[0] == truth).mean(), (leaves[flat.labels] == truth).mean()
    assert ours > theirs + 0.03
    nodes, masses = result.decide(0.7)
    right = result.tree.holds(nodes, truth)
    assert right.mean() > 0.8
    assert abs(right.mean() - masses.mean()) < 0.1


def test_levels_and_workers_are_told_apart():
    parents, leaves = wide_tree(4, 4)
    rows, _ = walk(parents, leaves, 400, 10, 5, right=(0.9, 0.97), stop=0)
    rng = np.random.default_rng(0)
    rows += [(i, 77, int(rng.choice(leaves))) for i in range(0, 400, 4)]
    result = run(rows, parents)
    assert result.skills[-1] < 0.5 < 0.85 < result.skills[:-1].min()


def test_bit_equal_on_repeat_and_for_any_row_order():
    rows, _ = walk(PARENTS, LEAVES)
    first = run(rows)
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        again = run(order)
        assert np.array_equal(again.mass, first.mass)
        assert np.array_equal(again.skills, first.skills)


def test_renaming_nodes_only_renames():
    rows, _ = walk(PARENTS, LEAVES)
    new = np.random.default_rng(2).permutation(11)
    parents = np.empty(11, dtype=int)
    parents[new] = [new[p] if p >= 0 else -1 for p in PARENTS]
    renamed = run([(i, w, int(new[n])) for i, w, n in rows], parents.tolist())
    np.testing.assert_allclose(renamed.subtree_mass()[:, new], run(rows).subtree_mass(), atol=1e-9)


def test_any_type_of_ids_a_copied_worker_and_doubled_rows():
    rows, _ = walk(PARENTS, LEAVES)
    text = [(f"{i:03d}", f"{w:02d}", n) for i, w, n in rows]
    assert np.array_equal(run(text).mass, run(rows).mass)
    copied = run(rows + [(i, 99, n) for i, w, n in rows if w == 3])
    assert copied.skills[-1] == copied.skills[3]
    clear, _ = walk(PARENTS, LEAVES, right=(0.95, 0.99), per_item=5)
    assert (run(clear * 2).decide()[0] == run(clear).decide()[0]).mean() >= 0.97


@pytest.mark.parametrize(
    "rows", [[], [(0, 0, 5)], [(0, 0, 0)], [(i, 0, 10) for i in range(5)], [(0, w, n) for w, n in enumerate(LEAVES)]]
)
def test_small_crowds_give_sound_results(rows):
    result = run(rows)
    assert len(result.decide()[0]) == len({row[0] for row in rows})
    run([(i, w, 0) for i, w, _ in rows], parents=[-1])  # one node


def test_an_item_without_answers_has_the_prior_and_no_decision():
    result = run([(1, 0, 5), (2, 1, 8)], item_ids=[0, 1, 2])
    np.testing.assert_allclose(result.subtree_mass()[0], result.prior[:-1], atol=1e-12)
    assert result.decide(0.5)[0][0] == result.best_leaf()[0][0] == result.tree.root


def test_ties_go_to_the_lower_code():
    result = run([(0, 0, 5), (0, 1, 6)])
    assert result.best_leaf()[0][0] == 5
    assert result.decide(0.3)[0][0] == 5


def test_gold_holds_an_item_and_teaches():
    rows, truth = walk(PARENTS, LEAVES, 60)
    votes = Votes.from_rows(*([row[i] for row in rows] for i in range(3)), labels=list(range(11)))
    gold = np.where(np.arange(60) < 20, truth, -1)
    gold[20] = 1  # no more is known than that it is a plant
    result = taxonomy(votes, PARENTS, gold=gold)
    assert (result.decide(0.99)[0][:20] == truth[:20]).all()
    assert result.tree.holds(np.array([1]), result.decide(0.5)[0][20:21]).all()
    np.testing.assert_allclose(result.subtree_mass()[20, 0], 0, atol=1e-12)
