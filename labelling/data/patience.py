"""With addresses that an upload names: some are slow, and others wait for it."""

from __future__ import annotations

from collections.abc import Collection

SLOW_ADDRESSES = 10  # of one upload that may take their whole time; then the others are not tried


class Patience:
    """With addresses whose server takes all its time: bounded for each upload, across its slices."""

    def __init__(self, spent: int, sentences: Collection[str]):
        self._left, self._sentences = SLOW_ADDRESSES - spent, sentences

    @property
    def ended(self) -> bool:
        return self._left <= 0

    def saw(self, reason: str) -> None:
        self._left -= reason in self._sentences
