"""Who may be one hand: pairs that agree more than two workers of their reliability can, or more than two workers do. No truth is needed.

Model: corrected for chance, two independent workers agree by the product of their reliabilities: with A the share of equal answers
and C = sum of squared label shares, (A - C) / (1 - C) = r_u r_v (rank one: N. Dalvi, A. Dasgupta, R. Kumar and V. Rastogi,
Aggregating Crowdsourced Binary Ratings, WWW 2013, doi:10.1145/2488388.2488414). Experts agree with each other and, as far as others
are any good, with others; members of a ring agree with each other only. r is fitted by alternating least squares in which pairs
that agree too much lose their weight, so that a ring does not vouch for itself.

A ring that gives most of the answers vouches for itself all the same: others agree with it because it is most of what there is to
agree with, and it looks as reliable as experts. So there is a second, wider suspicion: pairs that agree more than the median
pair are suspected as well. It takes many experts for one hand, which costs the truth some votes but does not turn it, for a hand is
weighed by how reliable it is to the others. More than half of the workers are not taken for one hand: among clickers that is
everybody who looks.

A suspicion only: copiers.py weighs the evidence, against truths in which each suspected hand has one vote on an item. Else a
ring carries the decisions on its items, is then never wrong, and looks like a group of experts.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from ..labels.votes import Votes
from .evidence import segment_sums
from .pairs import pair_blocks, places_of

SUSPECT_Z = 4.0
TRUSTED_Z = 2.0  # above it a pair loses weight
ROUNDS = 100
SURE_SHARE = 0.02  # no pair is expected to differ, or to agree, less often
PULL = 2.5  # pseudo-items shared with a usual worker


def suspected_hands(votes: Votes, keys: np.ndarray, most_events: int) -> list[np.ndarray]:
    """The hands (W,) int that the workers are taken for by the first suspicion, and by the wider one where that is another; without
    suspicion everybody has her own.

    keys: the pairs to look at, as pairs.frequent_pairs gives them.
    """
    shared, same = _agreement(votes, keys, most_events)
    narrow = excess_agreement(votes, keys, shared, same) > SUSPECT_Z
    wide = narrow | (excess_over_median(shared, same) > SUSPECT_Z)
    first = _hands(votes.n_workers, keys[narrow])
    if (narrow == wide).all():
        return [first]
    return [first, _without_the_crowd(_hands(votes.n_workers, keys[wide]), first, keys)]


def _hands(n_workers: int, keys: np.ndarray) -> np.ndarray:
    graph = (np.ones(len(keys)), (keys // max(n_workers, 1), keys % max(n_workers, 1)))
    return connected_components(sparse.coo_array(graph, shape=(n_workers,) * 2), directed=False)[1]


def _without_the_crowd(hands: np.ndarray, others: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """hands (W,), but a hand of more than half of the workers in keys is no hand, it is the crowd: these are as in others (W,)."""
    compared = np.unique(np.concatenate([keys // len(hands), keys % len(hands)]))
    crowd = np.bincount(hands[compared], minlength=len(hands))[hands] > len(compared) / 2
    return np.unique(np.where(crowd, len(hands) + others, hands), return_inverse=True)[1]


def excess_over_median(shared: np.ndarray, same: np.ndarray) -> np.ndarray:
    """(P,) how many standard deviations each pair agrees more than the median pair, on shared items (P,) with same answers (P,)."""
    if not len(shared):
        return np.zeros(0)
    usual = float(np.clip(np.median(same / shared), SURE_SHARE, 1 - SURE_SHARE))
    return (same / shared - usual) / np.sqrt(usual * (1 - usual) / shared)


def excess_agreement(votes: Votes, keys: np.ndarray, shared: np.ndarray, same: np.ndarray) -> np.ndarray:
    """(P,) how many standard deviations each pair agrees more than the product of its reliabilities says."""
    given = np.bincount(votes.answer_codes, minlength=votes.n_labels) / max(votes.n_votes, 1)
    chance = float(given @ given)
    if not len(keys) or chance > 1 - 1e-9:
        return np.zeros(len(keys))
    first, second = keys // votes.n_workers, keys % votes.n_workers
    alike = (same / shared - chance) / (1 - chance)
    reliable, weight = np.full(votes.n_workers, np.sqrt(max(np.average(alike, weights=shared), 0.01))), shared
    for _ in range(ROUNDS):
        estimate, unsure = _reliability(first, second, alike, weight, reliable)
        reliable = (reliable + estimate) / 2
        expected = np.clip(chance + (1 - chance) * reliable[first] * reliable[second], SURE_SHARE, 1 - SURE_SHARE)
        noise = expected * (1 - expected) / shared
        excess, spread = (
            same / shared - expected,
            (reliable[second] ** 2 * unsure[first]) + (reliable[first] ** 2 * unsure[second]),
        )
        weight = shared * (TRUSTED_Z / np.maximum(excess / np.sqrt(noise), TRUSTED_Z)) ** 4
    return excess / np.sqrt(noise + spread * (1 - chance) ** 2)


def one_vote_a_hand(votes: Votes, hands: np.ndarray) -> Votes:
    """Votes with hands (W,) as workers: on each item a hand's most frequent answer, ties to the lowest code."""
    n_hands = int(hands.max(initial=-1)) + 1
    cells = (
        votes.item_codes.astype(np.int64) * n_hands + hands[votes.worker_codes]
    ) * votes.n_labels + votes.answer_codes
    found, times = np.unique(cells, return_counts=True)
    order = np.lexsort((found, -times, found // votes.n_labels))
    best = np.ones(len(order), dtype=bool)
    best[1:] = np.diff(found[order] // votes.n_labels) != 0
    kept = found[order][best]
    item, hand = np.divmod(kept // votes.n_labels, n_hands)
    return Votes.from_codes(item, hand, kept % votes.n_labels, votes.item_ids, n_hands, votes.labels)


def _reliability(first, second, alike, weight, reliable) -> tuple[np.ndarray, np.ndarray]:
    """(W,) least squares of alike = r_u r_v in r_u, with r_v as it is; and the variance of that."""
    usual, n = float(np.median(reliable)), len(reliable)
    above = segment_sums(weight * alike * reliable[second], first, n)
    above += segment_sums(weight * alike * reliable[first], second, n)
    below = segment_sums(weight * reliable[second] ** 2, first, n) + segment_sums(
        weight * reliable[first] ** 2, second, n
    )
    rest = weight * (alike - reliable[first] * reliable[second]) ** 2
    noise = rest.sum() / max(np.count_nonzero(weight), 1)  # of one shared item
    return np.clip((above + PULL * usual) / (below + PULL), 0, 1), noise / (below + PULL)


def _agreement(votes: Votes, keys: np.ndarray, most_events: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) items shared, and the same answers on them."""
    shared, same = np.zeros(len(keys)), np.zeros(len(keys))
    for a, b in pair_blocks(votes, most_events):
        place, known = places_of(votes, keys, a, b)
        agree = votes.answer_codes[a[known]] == votes.answer_codes[b[known]]
        shared += np.bincount(place, minlength=len(keys))
        same += np.bincount(place, weights=agree, minlength=len(keys))
    return shared, same
