"""Copiers and rings: pairs of workers whose answers are too alike given the truth.

Model of a pair on an item: with rate c both have one answer, that of either of them; else they answer independently given the
truth t, each by P_u(a | t) ~ confusion_u[t, a] * r(a) / model(a). Here r is what the item gets from everybody but these two
(their votes and `prior_votes` pseudo-votes of the model's expectation), model what the typical worker would answer, and t has
the posterior of `auto`. So an item that misleads everybody makes nobody a copier; agreement on what is likely weighs little, on a
rare wrong answer much; one's own habits (a one-label clicker's, say) are taken into account. prior_votes is the figure under which
the votes are likeliest.

The truth is the one decided with the pair's own votes: two strong workers who agree against a weak crowd are mostly right, and
must not be taken for copiers. But workers suspected to be one hand have one vote on an item, under two suspicions, a narrow and a
wide one (hands.py): two truths. The price of caution: a ring that copies one of the best workers and has most of the weight on its
items may still look like a group of experts. Gold tells them apart.

Evidence under one truth: e = mean over RATES of P(c) / P(HONEST_RATE), an e-value for every pair that is alike by no more than
HONEST_RATE; over the two truths their geometric mean, which is no larger than the plain mean, so an e-value as well. Copying by
the same probabilistic idea: X. L. Dong, L. Berti-Equille and D. Srivastava, Integrating Conflicting Data: The Role of Source
Dependence, PVLDB 2 (2009), doi:10.14778/1687627.1687690. Rings are the connected components of the pairs that are found.

Only pairs with MIN_SHARED items together are looked at; the cost is bounded as said in pairs.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from ..labels.em import statistics_of
from ..labels.ensemble import auto, one_hot, skills_from
from ..labels.votes import Votes
from .evidence import FAR_LEVEL, Flag, copied_ratio, discoveries, log_mean, p_of
from .expected import Expected
from .hands import one_vote_a_hand, suspected_hands
from .log import Log
from .pairs import frequent_pairs, pair_blocks, places_of

MIN_SHARED = 10
MAX_EVENTS = 5_000_000  # pairs of votes: about 2 us each
RATES = (0.3, 0.6, 0.9)
HONEST_RATE = 0.1
TRUTHS = 3  # most likely truths of an item that are told apart
PRIOR_VOTES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
SHOWN = 10  # partners named in a flag


@dataclass(frozen=True, eq=False)
class Pairs:
    """Per pair (P,): first, second (worker codes); log_e; items shared; same answers and how many independent workers would have;
    the same wrong answers and how many independent workers would have; both_wrong: items on which both are wrong; flagged.
    wrong: not the truth that is decided when each suspected hand has one vote, under the suspicion that says most of the pair."""

    first: np.ndarray
    second: np.ndarray
    log_e: np.ndarray
    shared: np.ndarray
    same: np.ndarray
    same_expected: np.ndarray
    same_wrong: np.ndarray
    same_wrong_expected: np.ndarray
    both_wrong: np.ndarray
    flagged: np.ndarray

    @property
    def copied(self) -> np.ndarray:
        """(P,) the share of the shared items that was copied, if chance explains the rest."""
        return np.clip((self.same - self.same_expected) / np.maximum(self.shared - self.same_expected, 1e-9), 0, 1)

    def log_e_of_workers(self, n_workers: int) -> np.ndarray:
        """(W,) the strongest evidence of any pair of hers; -inf without one."""
        best = np.full(n_workers, -np.inf)
        np.maximum.at(best, self.first, self.log_e)
        np.maximum.at(best, self.second, self.log_e)
        return best


def find_copiers(
    expected: Expected, level: float = FAR_LEVEL, least_shared: int = MIN_SHARED, most_events: int = MAX_EVENTS
) -> Pairs:
    """Pairs that answer alike too often, at a false discovery rate of `level`, among those with least_shared common items;
    at most most_events pairs of answers are looked at."""
    votes = expected.votes
    keys = frequent_pairs(votes, least_shared, most_events)
    views = [_view(expected, hands) for hands in suspected_hands(votes, keys, most_events)]
    seen, log_e = _clearest([_look_at(view, keys, most_events) for view in views])
    flagged = discoveries(p_of(log_e), level)
    first, second = keys // max(votes.n_workers, 1), keys % max(votes.n_workers, 1)
    return Pairs(first, second, log_e, seen[0], seen[1], seen[2], seen[3], seen[4], seen[5], flagged)


def _look_at(view: _View, keys: np.ndarray, most_events: int) -> tuple[np.ndarray, np.ndarray]:
    """(what Pairs sums up (6, P), log_e (P,)) under one truth."""
    sums = np.zeros((6 + len(RATES), len(keys)))
    for a, b in pair_blocks(view.votes, most_events):
        place, known = places_of(view.votes, keys, a, b)
        if len(known):
            for row, values in enumerate(_look(view, a[known], b[known])):
                sums[row] += np.bincount(place, weights=values, minlength=len(keys))
    return sums[:6], log_mean(list(sums[6:]))


def _clearest(looks: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The sums of each pair under the truth with most evidence (none, or equal: the first), and the mean of log_e over the truths."""
    sums, log_e = (np.stack(parts) for parts in zip(*looks, strict=True))
    best = np.maximum(log_e, 0).argmax(axis=0)
    return np.take_along_axis(sums, best[None, None], axis=0)[0], log_e.mean(axis=0)


def rings_of(pairs: Pairs, n_workers: int) -> np.ndarray:
    """(W,) the number of her ring, from 0; -1 for a worker in none."""
    first, second = pairs.first[pairs.flagged], pairs.second[pairs.flagged]
    graph = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(n_workers, n_workers))
    _, component = connected_components(graph, directed=False)
    members = np.unique(np.concatenate([first, second]))
    ring = np.full(n_workers, -1)
    ring[members] = np.unique(component[members], return_inverse=True)[1]
    return ring


def ring_flags(log: Log, pairs: Pairs) -> list[Flag]:
    """One flag for each member of a ring, with the pair that says most about her and the other members."""
    ring, ids = rings_of(pairs, log.votes.n_workers), log.votes.worker_ids
    strongest: dict[int, int] = {}
    for pair in np.flatnonzero(pairs.flagged)[np.argsort(pairs.log_e[pairs.flagged], kind="stable")]:
        strongest[int(pairs.first[pair])] = strongest[int(pairs.second[pair])] = int(pair)
    flags = []
    for worker, pair in sorted(strongest.items()):
        members = np.flatnonzero(ring == ring[worker])
        partner = int(pairs.first[pair] + pairs.second[pair] - worker)
        numbers = {
            "partner": ids[partner : partner + 1].tolist()[0],
            "ring_size": len(members),
            "ring": ids[members[members != worker][:SHOWN]].tolist(),
            **{
                name: round(float(getattr(pairs, name)[pair]), 1)
                for name in ("shared", "same", "same_expected", "both_wrong", "same_wrong", "same_wrong_expected")
            },
            "copied": round(float(pairs.copied[pair]), 3),
        }
        p_value = float(p_of(pairs.log_e[pair]))
        flags.append(Flag("ring", ids[worker : worker + 1].tolist()[0], float(pairs.copied[pair]), p_value, numbers))
    return flags


@dataclass(frozen=True, eq=False)
class _View:
    """posteriors (I, K) of the truth; confusion (W, K, K) and crowd (K, K) against the decisions by them; prior_votes."""

    votes: Votes
    posteriors: np.ndarray
    confusion: np.ndarray
    crowd: np.ndarray
    prior_votes: float


def _view(expected: Expected, hands: np.ndarray) -> _View:
    """The truth when each suspected hand has one vote on an item."""
    votes, posteriors = expected.votes, expected.posteriors
    if hands.max(initial=-1) + 1 < votes.n_workers:
        posteriors = auto(one_vote_a_hand(votes, hands), gold=expected.gold).posteriors
    confusion, base, _ = skills_from(statistics_of(votes, one_hot(posteriors)), votes.n_labels, None)
    return _View(votes, posteriors, confusion, base.crowd, prior_votes(expected))


def _look(view: _View, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """What Pairs sums up, for each pair of votes (E,), then one log ratio a rate."""
    votes = view.votes
    item, at = votes.item_codes[a], np.arange(len(a))
    said_a, said_b = votes.answer_codes[a], votes.answer_codes[b]
    belief = view.posteriors[item]
    model = belief @ view.crowd
    others = votes.counts[item] + view.prior_votes * model
    others[at, said_a] -= 1
    others[at, said_b] -= 1
    others /= model
    likely = np.argsort(-belief, axis=1, kind="stable")[:, :TRUTHS]
    weight = belief[at[:, None], likely]
    weight /= weight.sum(axis=1, keepdims=True)
    alone_a, alone_b, both = (np.zeros(belief.shape) for _ in range(3))
    for place in range(likely.shape[1]):
        truth, share = likely[:, place], weight[:, place, None]
        chance_a = _normal(view.confusion[votes.worker_codes[a], truth] * others)
        chance_b = _normal(view.confusion[votes.worker_codes[b], truth] * others)
        alone_a += share * chance_a
        alone_b += share * chance_b
        both += share * chance_a * chance_b
    return _sums(said_a, said_b, belief.argmax(axis=1), (alone_a + alone_b) / 2, both)


def _sums(said_a, said_b, true, alone, both) -> list[np.ndarray]:
    at, agree = np.arange(len(true)), said_a == said_b
    surprise = alone[at, said_a] / both[at, said_a]
    wrong_a, wrong_b, same_expected = said_a != true, said_b != true, both.sum(axis=1)
    seen = [np.ones(len(at)), agree, same_expected, agree & wrong_a, same_expected - both[at, true], wrong_a & wrong_b]
    return seen + [copied_ratio(agree, surprise, rate, HONEST_RATE) for rate in RATES]


def _normal(chances: np.ndarray) -> np.ndarray:
    return chances / chances.sum(axis=1, keepdims=True)


def prior_votes(expected: Expected) -> float:
    """How many votes the model's expectation of an item weighs: the figure of PRIOR_VOTES that foretells every vote best from
    the other votes on the item."""
    votes = expected.votes
    same = votes.counts[votes.item_codes, votes.answer_codes] - 1
    scores = [np.log((same + s * expected.typical) / (expected.others + s)).sum() for s in PRIOR_VOTES]
    return PRIOR_VOTES[int(np.argmax(scores))]
