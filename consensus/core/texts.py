"""Texts of many workers on many items, coded once: the input of `rover` and `medoid`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from consensus.core.marks import group
from consensus.core.normalise import DEFAULT, Normalisation, tokens

NULL = 0  # the empty word: nothing was said here


@dataclass(frozen=True)
class Texts:
    """A texts on N items by W workers. item, worker: (A,) codes; text: A strings. An empty string is an answer: nothing is said.

    Read from them: words, the vocabulary of normalised tokens (words[0] is the empty word); code: per answer the codes of its
    tokens; surface: per answer their surfaces.
    """

    item: np.ndarray
    worker: np.ndarray
    text: Sequence[str]
    n_items: int
    n_workers: int
    how: Normalisation = DEFAULT
    words: list[str] = field(init=False, repr=False)
    code: list[np.ndarray] = field(init=False, repr=False)
    surface: list[list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, n in (("item", self.n_items), ("worker", self.n_workers)):
            codes = np.asarray(getattr(self, name), dtype=np.int64).reshape(-1)
            object.__setattr__(self, name, codes)
            if len(codes) != len(self.text):
                raise ValueError(
                    f"texts: {name} needs one code per text; {len(codes)} codes for {len(self.text)} texts."
                )
            if len(codes) and (codes.min() < 0 or codes.max() >= n):
                raise ValueError(f"texts: {name} codes must lie between 0 and {n - 1}.")
        self._encode()

    def _encode(self) -> None:
        split = [tokens(text, self.how) for text in self.text]
        words = ["", *sorted({norm for answer in split for norm, _ in answer})]
        code_of = {word: code for code, word in enumerate(words)}
        object.__setattr__(self, "words", words)
        code = [np.array([code_of[norm] for norm, _ in answer], dtype=np.int64) for answer in split]
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "surface", [[surface for _, surface in answer] for answer in split])

    def answers_by_item(self) -> list[np.ndarray]:
        """Answers of every item, sorted by content, so that the order of rows does not matter."""
        rank = sorted(range(len(self.text)), key=lambda a: (self.code[a].tolist(), self.text[a], self.worker[a]))
        place = np.empty(len(rank), dtype=np.int64)
        place[rank] = np.arange(len(rank))
        return [mine[np.argsort(place[mine])] for mine in group(self.item, self.n_items)]
