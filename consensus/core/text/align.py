"""Multiple alignment of token sequences: a word transition network of all answers to an item, for thousands of items at once.

Answers join one after another, each by dynamic programming (Needleman & Wunsch 1970, doi:10.1016/0022-2836(70)90057-4) against
the network so far; a word costs its mean distance to the words in a slot, so similar spellings share a slot. The cells of one row
are found without a loop: the cheapest chain of skips is a running minimum. Items are batched by length.
"""

from __future__ import annotations

import numpy as np

from .texts import NULL

BATCH_CELLS = 4_000_000
REPRESENTATIVES = (
    10  # answers of a slot that a new word is compared with: the first, which are the nearest to all others
)
SUBSTITUTE, SKIP, INSERT = 0, 1, 2


def spelling_bits(words: list[str]) -> np.ndarray:
    """(V,) 64 bits per word, a hashed set of its letters and pairs of letters; overlap of bits approximates likeness of spelling."""
    bits = np.zeros(len(words), dtype=np.uint64)
    for code, word in enumerate(words):
        value = 0
        for a, b in zip("^" + word, word + "$", strict=False):
            value |= 1 << (ord(a) * 31 + ord(b) * 17) % 64 | 1 << (ord(b) * 7) % 64
        bits[code] = value
    return bits


def likeness(bits: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(P,) Jaccard likeness in 0..1 of the spellings of broadcast word codes a, b (P,)."""
    x, y = bits[a], bits[b]
    return np.bitwise_count(x & y) / np.maximum(np.bitwise_count(x | y), 1)


def align_many(answers: list[list[np.ndarray]], bits: np.ndarray) -> list[np.ndarray]:
    """Network of every item: (S, A) slots x answers, int64 word codes, NULL where an answer has no word.

    answers: per item its token codes, in the order in which they join; bits: `spelling_bits` of the vocabulary.
    """
    networks: list[np.ndarray] = [np.zeros((0, 0), dtype=np.int64)] * len(answers)
    longest = np.array([max((len(a) for a in mine), default=0) for mine in answers])
    counts = np.array([len(mine) for mine in answers])
    order = np.lexsort((longest, counts))
    start = 0
    while start < len(order):
        stop = _batch_end(order, longest, counts, start)
        batch = order[start:stop]
        for item, network in zip(batch, _align_batch([answers[i] for i in batch], bits), strict=True):
            networks[item] = network
        start = stop
    return networks


def _batch_end(order: np.ndarray, longest: np.ndarray, counts: np.ndarray, start: int) -> int:
    """Items from `start` on with one number of answers and at most BATCH_CELLS cells in all."""
    stop = start + 1
    while stop < len(order) and counts[order[stop]] == counts[order[start]]:
        cells = (stop + 1 - start) * (longest[order[stop]] + 1) ** 2 * max(counts[order[stop]], 1) * 2
        if cells > BATCH_CELLS:
            break
        stop += 1
    return stop


def _align_batch(answers: list[list[np.ndarray]], bits: np.ndarray) -> list[np.ndarray]:
    n_answers = len(answers[0])
    if not n_answers:
        return [np.zeros((0, 0), dtype=np.int64) for _ in answers]
    network, length = _padded([mine[0] for mine in answers])
    network = network[:, :, None]
    for k in range(1, n_answers):
        word, n_words = _padded([mine[k] for mine in answers])
        moves = _moves(word, n_words, network, length, bits)
        network, length = _joined(moves, word, network)
    return [network[b, : length[b]] for b in range(len(answers))]


def _padded(sequences: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    length = np.array([len(s) for s in sequences])
    out = np.zeros((len(sequences), int(length.max(initial=0))), dtype=np.int64)
    for row, sequence in zip(out, sequences, strict=True):
        row[: len(sequence)] = sequence
    return out, length


def _costs(word: np.ndarray, network: np.ndarray, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """substitute (B, L, S): mean distance of a word to a slot; skip (B, S): share of the slot's answers that have a word."""
    has_word = network != NULL
    total = np.zeros((*word.shape, network.shape[1]))
    n_read = min(network.shape[2], REPRESENTATIVES)
    for k in range(n_read):
        a, b = word[:, :, None], network[:, None, :, k]
        total += np.where(a == b, 0.0, np.where(b == NULL, 1.0, 1.0 - 0.5 * likeness(bits, a, b)))
    return total / n_read, has_word.mean(axis=2)


def _moves(
    word: np.ndarray, n_words: np.ndarray, network: np.ndarray, length: np.ndarray, bits: np.ndarray
) -> np.ndarray:
    """(steps, B) moves of the cheapest path from the end, -1 after its start. Ties: substitute, then skip, then insert."""
    substitute, skip = _costs(word, network, bits)
    n_batch, n_rows, n_slots = substitute.shape
    skipped = np.concatenate([np.zeros((n_batch, 1)), np.cumsum(skip, axis=1)], axis=1)
    cost = np.empty((n_rows + 1, n_batch, n_slots + 1))
    cost[0] = skipped
    for i in range(n_rows):
        here = cost[i] + 1.0
        here[:, 1:] = np.minimum(here[:, 1:], cost[i][:, :-1] + substitute[:, i])
        cost[i + 1] = np.minimum.accumulate(here - skipped, axis=1) + skipped
    return _trace(cost, substitute, skip, n_words.copy(), length.copy())


def _trace(cost: np.ndarray, substitute: np.ndarray, skip: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    rows = np.arange(len(i))
    moves = []
    while (i + j).any():
        now = cost[i, rows, j]
        before_i, before_j = np.maximum(i - 1, 0), np.maximum(j - 1, 0)
        if substitute.shape[1] and substitute.shape[2]:
            diagonal = cost[before_i, rows, before_j] + substitute[rows, before_i, before_j]
            can_substitute = (i > 0) & (j > 0) & (np.abs(now - diagonal) < 1e-9)
        else:
            can_substitute = np.zeros(len(i), dtype=bool)
        can_insert = (i > 0) & (np.abs(now - cost[before_i, rows, j] - 1.0) < 1e-9)
        move = np.where(
            can_substitute, SUBSTITUTE, np.where(can_insert & ~_can_skip(cost, skip, i, j, now), INSERT, SKIP)
        )
        move = np.where(i + j == 0, -1, move)
        moves.append(move)
        i = i - ((move == SUBSTITUTE) | (move == INSERT))
        j = j - ((move == SUBSTITUTE) | (move == SKIP))
    return np.array(moves, dtype=np.int64).reshape(len(moves), len(rows))


def _can_skip(cost: np.ndarray, skip: np.ndarray, i: np.ndarray, j: np.ndarray, now: np.ndarray) -> np.ndarray:
    if not skip.shape[1]:
        return np.zeros(len(i), dtype=bool)
    rows, before = np.arange(len(i)), np.maximum(j - 1, 0)
    return (j > 0) & (np.abs(now - cost[i, rows, before] - skip[rows, before]) < 1e-9)


def _joined(moves: np.ndarray, word: np.ndarray, network: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The network (B, S', K + 1) with one answer more, and its lengths (B,)."""
    moves = moves[::-1]
    taken = moves >= 0
    length = taken.sum(axis=0)
    n_batch, _n_old, n_answers = network.shape
    out = np.zeros((n_batch, int(length.max(initial=0)), n_answers + 1), dtype=np.int64)
    step, row = np.nonzero(taken)
    place = (np.cumsum(taken, axis=0) - 1)[step, row]
    uses_slot, uses_word = moves != INSERT, moves != SKIP
    slot = (np.cumsum(taken & uses_slot, axis=0) - 1)[step, row]
    said = (np.cumsum(taken & uses_word, axis=0) - 1)[step, row]
    old = uses_slot[step, row]
    out[row[old], place[old], :n_answers] = network[row[old], slot[old]]
    new = uses_word[step, row]
    out[row[new], place[new], n_answers] = word[row[new], said[new]]
    return out, length
