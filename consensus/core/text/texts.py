"""Texts of many workers on many items, coded once: the input of `rover` and `medoid`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..answers.codes import group
from ..answers.ids import encode_answers
from .normalise import DEFAULT, Normalisation, tokens

NULL = 0  # the empty word: nothing was said here


@dataclass(frozen=True)
class Texts:
    """A texts on N items by W workers. item, worker: (A,) codes; text: A strings. An empty string is an answer: nothing is said.

    Read from them: words, the vocabulary of normalised tokens (words[0] is the empty word); code: per answer the codes of its
    tokens; surface: per answer their surfaces. item_ids (N,), worker_ids (W,): the caller's id of each code. Build it with
    `from_rows` (ids of any type); ValueError for unequal lengths, codes out of range, and what is no text.
    """

    item: np.ndarray
    worker: np.ndarray
    text: Sequence[str]
    n_items: int
    n_workers: int
    how: Normalisation = DEFAULT
    item_ids: np.ndarray = field(default=None, repr=False)  # type: ignore[arg-type]
    worker_ids: np.ndarray = field(default=None, repr=False)  # type: ignore[arg-type]
    words: list[str] = field(init=False, repr=False)
    code: list[np.ndarray] = field(init=False, repr=False)
    surface: list[list[str]] = field(init=False, repr=False)

    @classmethod
    def from_rows(
        cls,
        items: Iterable[Hashable],
        workers: Iterable[Hashable],
        texts: Iterable[str],
        how: Normalisation = DEFAULT,
        *,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Texts:
        """Encode rows with ids of any hashable type. item_ids, worker_ids: all known ones in order, as in Votes.from_rows.

        Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id, and what is no text.
        """
        item, worker, said, all_items, all_workers = encode_answers(items, workers, item_ids, worker_ids, texts=texts)
        return cls(item, worker, said, len(all_items), len(all_workers), how, all_items, all_workers)

    def __post_init__(self) -> None:
        for row, text in enumerate(self.text):
            if not isinstance(text, str):
                raise ValueError(f"texts: {text!r} in row {row} is no text; an empty text says that nothing is said.")
        for name, n in (("item", self.n_items), ("worker", self.n_workers)):
            codes = np.asarray(getattr(self, name)).reshape(-1)
            if codes.size and codes.dtype.kind not in "iu":
                raise ValueError(f"texts: {name} codes must be whole numbers; Texts.from_rows takes ids of any type.")
            codes = codes.astype(np.int64, copy=False)
            object.__setattr__(self, name, codes)
            ids = getattr(self, f"{name}_ids")
            object.__setattr__(self, f"{name}_ids", np.arange(n) if ids is None else ids)
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
        """N arrays: indices into (A,) of the answers of every item, sorted by content, so that the order of rows does not matter."""
        rank = sorted(range(len(self.text)), key=lambda a: (self.code[a].tolist(), self.text[a], self.worker[a]))
        place = np.empty(len(rank), dtype=np.int64)
        place[rank] = np.arange(len(rank))
        return [mine[np.argsort(place[mine])] for mine in group(self.item, self.n_items)]
