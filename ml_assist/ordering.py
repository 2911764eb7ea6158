"""Which items to ask first, so that each answer teaches most. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Guess:
    """What a model thinks of an item."""

    item_id: int
    label: str
    confidence: float


def most_informative_first(guesses: Sequence[Guess]) -> list[int]:
    """Item ids by uncertainty x diversity: the least sure of every guessed label in turn, not one label's doubts in a row."""
    by_label: dict[str, list[Guess]] = defaultdict(list)
    for guess in guesses:
        by_label[guess.label].append(guess)
    ranked = []
    for group in by_label.values():
        group.sort(key=lambda guess: (guess.confidence, guess.item_id))
        ranked += [(rank, guess.confidence, guess.item_id) for rank, guess in enumerate(group)]
    return [item_id for _, _, item_id in sorted(ranked)]
