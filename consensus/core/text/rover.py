"""ROVER with learned writers: the consensus of transcripts, word by word (character by character where words are not spaced).

The answers to an item are aligned into a network of slots (`align`; Fiscus 1997, doi:10.1109/ASRU.1997.659110). In slot s the true
word v (perhaps the empty word) was written by answer k as x_k:

    P(x_k = v) = accuracy_k,     P(x_k = x | v) = (1 - accuracy_k) exp(LIKENESS_PULL * likeness(x, v)) / CONFUSABLE

so a slip like "edisson" speaks for "edison". The accuracy of an answer is drawn around its writer's (ANSWER_STRENGTH words), the
writer's around the crowd's (WRITER_STRENGTH words); EM over all items, as in Dawid & Skene 1979, doi:10.2307/2346806.

Writers err together (on a name, on "mister"), which this model does not know; so the confidence of a word is the mean of its posterior
and of its share of the votes with OTHERS added to their number, as averaged posteriors are better calibrated than sharp ones.

Where the answers share few words they are no noisy copies of one text but several good texts (translations). Then the output is the
generalised median (Kohonen 1985, doi:10.1016/0167-8655(85)90061-3): the path through the network with the least summed edit distance to
the answers, which is the least expected word error if the truth is one more text of that kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from .align import align_many, likeness, spelling_bits
from .texts import NULL, Texts

LIKENESS_PULL = 3.0
CONFUSABLE = 20.0
ANSWER_STRENGTH = 10.0
WRITER_STRENGTH = 30.0
PRIOR_ACCURACY = 0.85
COPIES = 0.5  # mean agreement of an item's answers from which they count as noisy copies of one text
OTHERS = 0.5  # pseudo-vote for a word that nobody wrote
BLOCK_CELLS = 1_000_000  # (slot, candidate, vote) cells held in memory at once


@dataclass(frozen=True)
class WriterSkills:
    """accuracy: (W,) chance that a word is right; words_seen: (W,) words behind it; crowd_accuracy: of a newcomer."""

    accuracy: np.ndarray
    words_seen: np.ndarray
    crowd_accuracy: float


@dataclass(frozen=True)
class MergedText:
    """Consensus of one item. confidence: expected share of its words that are right; exact: chance that all are; tokens and
    token_confidence: normalised words; agreement: mean 1 - normalised edit distance of words over pairs of answers (nan below two)."""

    text: str
    confidence: float
    exact: float
    tokens: tuple[str, ...]
    token_confidence: tuple[float, ...]
    agreement: float
    n_answers: int


@dataclass(frozen=True)
class _Network:
    """joined: per item its answers in joining order; slots: per item (S, K) word codes; blocks: the same, by number of answers;
    agreement: (N,)."""

    joined: list[np.ndarray]
    slots: list[np.ndarray]
    blocks: list[_Block]
    agreement: np.ndarray


@dataclass(frozen=True)
class _Block:
    """Slots of items that have K answers each: word (n, K) and answer (n, K) codes, item (n,)."""

    word: np.ndarray
    answer: np.ndarray
    item: np.ndarray


def merge_transcripts(texts: Texts, skills: WriterSkills | None = None, decode: str = "auto") -> list[MergedText]:
    """Consensus of every item in one call; an item without answers gives an empty text with confidence 0.

    skills: from `learn_writer_skills`, else learned from these texts. decode: "posterior" (noisy copies), "median" (generalised
    median) or "auto", the median for items whose answers agree by less than COPIES. Ties go to the word of the answer nearest
    to all others, among equally near answers to the text that sorts first. ValueError for another decode and skills of other writers.
    """
    if decode not in ("auto", "posterior", "median"):
        raise ValueError(f'decode must be "auto", "posterior" or "median", not "{decode}".')
    network = _network(texts)
    skills, accuracy = _fit(texts, network, skills)
    choices = _choices(texts, network, accuracy)
    return [
        _merged(texts, network, item, *choices[item], accuracy, _is_median(decode, network.agreement[item]))
        for item in range(texts.n_items)
    ]


def _is_median(decode: str, agreement: float) -> bool:
    return decode == "median" or (decode == "auto" and agreement < COPIES)


def learn_writer_skills(texts: Texts) -> WriterSkills:
    """Accuracy of every writer, learned from all texts given."""
    return _fit(texts, _network(texts), None)[0]


def default_writer_skills(n_workers: int) -> WriterSkills:
    """Skills of writers of whom nothing is known."""
    return WriterSkills(np.full(n_workers, PRIOR_ACCURACY), np.zeros(n_workers), PRIOR_ACCURACY)


def _network(texts: Texts) -> _Network:
    joined, agreement = [], np.full(texts.n_items, np.nan)
    for item, mine in enumerate(texts.answers_by_item()):
        codes = [texts.code[a].tolist() for a in mine]
        apart = cdist(codes, codes, scorer=Levenshtein.normalized_distance) if len(mine) else np.zeros((0, 0))
        if len(mine) > 1:
            agreement[item] = 1 - apart.sum() / (len(mine) * (len(mine) - 1))
        nearest = int(apart.sum(axis=1).argmin()) if len(mine) else 0
        joined.append(mine[np.argsort(apart[nearest], kind="stable")] if len(mine) else mine)
    slots = align_many([[texts.code[a] for a in mine] for mine in joined], spelling_bits(texts.words))
    return _Network(joined, slots, list(_blocks(joined, slots)), agreement)


def _blocks(joined: list[np.ndarray], slots: list[np.ndarray]) -> Iterator[_Block]:
    counts = np.array([len(mine) for mine in joined])
    for n_answers in np.unique(counts[counts > 0]):
        items = np.flatnonzero(counts == n_answers)
        lengths = np.array([len(slots[i]) for i in items])
        for part in np.split(
            items, np.flatnonzero(np.diff(np.cumsum(lengths) // max(BLOCK_CELLS // n_answers**2, 1))) + 1
        ):
            item = np.repeat(part, [len(slots[i]) for i in part])
            answer = np.array([joined[i] for i in part])
            yield _Block(np.concatenate([slots[i] for i in part]), answer[np.searchsorted(part, item)], item)


def _fit(
    texts: Texts, network: _Network, skills: WriterSkills | None, rounds: int = 12
) -> tuple[WriterSkills, np.ndarray]:
    """The skills and the accuracy (A,) of every answer. With skills given only the answers' accuracies are found."""
    bits = spelling_bits(texts.words)
    known = default_writer_skills(texts.n_workers) if skills is None else skills
    if len(known.accuracy) != texts.n_workers:
        raise ValueError(f"skills: {len(known.accuracy)} writers, but the texts have {texts.n_workers}.")
    accuracy = known.accuracy[texts.worker]
    for _ in range(rounds):
        right, words = np.zeros(len(texts.text)), np.zeros(len(texts.text))
        for block in network.blocks:
            same, _, posterior = _posterior(block, accuracy, bits)
            share = np.einsum("nc,nck->nk", posterior, same)
            right += np.bincount(block.answer.ravel(), share.ravel(), minlength=len(right))
            words += np.bincount(block.answer.ravel(), minlength=len(right))
        if skills is None:
            known = _writers(texts, right, words)
        fresh = (ANSWER_STRENGTH * known.accuracy[texts.worker] + right) / (ANSWER_STRENGTH + words)
        moved = np.abs(fresh - accuracy).max(initial=0.0)
        accuracy = fresh
        if moved < 1e-4:
            break
    return known, accuracy


def _writers(texts: Texts, right: np.ndarray, words: np.ndarray) -> WriterSkills:
    own_right = np.bincount(texts.worker, right, minlength=texts.n_workers)
    own_words = np.bincount(texts.worker, words, minlength=texts.n_workers)
    crowd = (WRITER_STRENGTH * PRIOR_ACCURACY + own_right.sum()) / (WRITER_STRENGTH + own_words.sum())
    return WriterSkills((WRITER_STRENGTH * crowd + own_right) / (WRITER_STRENGTH + own_words), own_words, float(crowd))


def _posterior(block: _Block, accuracy: np.ndarray, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """same (n, c, k): vote k is candidate c, where candidate c is the word of vote c; first (n, c): c is the first vote for its word;
    posterior (n, c): of the candidates, 0 where not first."""
    word = block.word
    same = word[:, :, None] == word[:, None, :]
    first = ~np.tril(same, -1).any(axis=2)
    written = (word != NULL)[:, :, None] & (word != NULL)[:, None, :]
    like = np.where(written, likeness(bits, word[:, :, None], word[:, None, :]), 0.0)
    sure = np.clip(accuracy[block.answer], 0.02, 0.995)[:, None, :]
    slip = np.log1p(-sure) + LIKENESS_PULL * like - np.log(CONFUSABLE)
    log = np.where(same, np.log(sure), slip).sum(axis=2)
    log = np.where(first, log, -np.inf)
    log -= log.max(axis=1, keepdims=True)
    posterior = np.exp(log)
    return same, first, posterior / posterior.sum(axis=1, keepdims=True)


def _choices(texts: Texts, network: _Network, accuracy: np.ndarray) -> list[tuple[np.ndarray, list[dict[int, float]]]]:
    """Per item: the chosen word of every slot, and the posterior of every word of it."""
    bits = spelling_bits(texts.words)
    found: list = [(np.zeros(0, dtype=np.int64), [])] * texts.n_items
    for block in network.blocks:
        _, first, posterior = _posterior(block, accuracy, bits)
        best = block.word[np.arange(len(block.word)), posterior.argmax(axis=1)]
        bounds = [*np.flatnonzero(np.diff(block.item, prepend=-1)).tolist(), len(best)]
        for start, stop in pairwise(bounds):
            shares = [
                dict(zip(w[f].tolist(), p[f].tolist(), strict=True))
                for w, f, p in zip(block.word[start:stop], first[start:stop], posterior[start:stop], strict=True)
            ]
            found[block.item[start]] = (best[start:stop], shares)
    return found


def _merged(
    texts: Texts,
    network: _Network,
    item: int,
    chosen: np.ndarray,
    shares: list[dict[int, float]],
    accuracy: np.ndarray,
    median: bool,
) -> MergedText:
    joined, slots = network.joined[item], network.slots[item]
    if median and len(joined) > 1:
        chosen = _median_path(chosen, slots)
    sure = np.array([share.get(word, 0.0) for share, word in zip(shares, chosen.tolist(), strict=True)])
    votes = (slots == chosen[:, None]).sum(axis=1) / (len(joined) + OTHERS) if len(joined) else sure
    sure = (sure + votes) / 2
    said = np.array([1 - share.get(NULL, 0.0) for share in shares])
    kept = chosen != NULL
    expected = kept.sum() + said[~kept].sum()
    exact = float(np.prod(sure)) if len(joined) else 0.0
    return MergedText(
        text=_written(texts, joined, slots, chosen, accuracy),
        confidence=float(sure[kept].sum() / expected) if kept.any() else exact,
        exact=exact,
        tokens=tuple(texts.words[w] for w in chosen[kept]),
        token_confidence=tuple(sure[kept].tolist()),
        agreement=float(network.agreement[item]),
        n_answers=len(joined),
    )


def _median_path(chosen: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """The best end of descents from the chosen path and from every answer: change one slot at a time, best change first, while the
    summed edit distance to the answers falls. Ties go to the earlier start, then to the earlier slot."""
    answers = [column[column != NULL].tolist() for column in slots.T]
    options = [np.unique(np.append(row, NULL)).tolist() for row in slots]
    ends = [_descend(start, options, answers) for start in [chosen.tolist(), *np.unique(slots, axis=1).T.tolist()]]
    return np.array(min(ends, key=lambda end: end[1])[0], dtype=np.int64)


def _descend(path: list[int], options: list[list[int]], answers: list[list[int]]) -> tuple[list[int], int]:
    cost = int(_distance([path], answers)[0])
    while True:
        tried = [
            [*path[:s], word, *path[s + 1 :]] for s, words in enumerate(options) for word in words if word != path[s]
        ]
        costs = _distance(tried, answers) if tried else np.zeros(0)
        if not len(costs) or costs.min() >= cost:
            return path, cost
        path, cost = tried[int(costs.argmin())], int(costs.min())


def _distance(paths: list[list[int]], answers: list[list[int]]) -> np.ndarray:
    said = [[word for word in path if word != NULL] for path in paths]
    return cdist(said, answers, scorer=Levenshtein.distance, dtype=np.int32).sum(axis=1)


def _written(texts: Texts, joined: np.ndarray, slots: np.ndarray, chosen: np.ndarray, accuracy: np.ndarray) -> str:
    """The chosen words as their writers wrote them, each in the form that the more accurate writers used."""
    out = []
    place = np.cumsum(slots != NULL, axis=0) - 1
    for s in np.flatnonzero(chosen != NULL):
        votes: dict[str, float] = {}
        for k in np.flatnonzero(slots[s] == chosen[s]):
            surface = texts.surface[joined[k]][place[s, k]]
            votes[surface] = votes.get(surface, 0.0) + float(accuracy[joined[k]])
        out.append(
            min(votes, key=lambda surface: (-votes[surface], surface)) if votes else texts.words[chosen[s]] + " "
        )
    return "".join(out).strip()
