"""Short reviews of market stalls, our own sentences, in English."""

from __future__ import annotations

from itertools import product

_GOOD = [
    "The {} were fresh and the lady was kind.",
    "Best {} in town, I come back every week.",
    "I love these {}, so sweet and cheap.",
    "Wonderful {}, my children asked for more.",
    "Lovely {} and quick service, thank you!",
    "Always fresh {} here, and the owner knows my name.",
]
_BAD = [
    "The {} were rotten, never again.",
    "Too expensive for such small {}.",
    "I got a stomach ache from the {}.",
    "Terrible {}, half of them were bad.",
    "The {} were stale and the queue was endless.",
    "Old {} at a high price, I will not come back.",
]
_NEITHER = [
    "They sell {} on Mondays.",
    "I bought two bags of {}.",
    "The stall with {} is next to the bus stop.",
    "There are {} again from Monday.",
]
_THINGS = ["mangoes", "tomatoes", "oranges", "spinach bunches", "avocados", "bananas", "maize cobs", "peaches"]


# Written unlike all that the model has seen: people are asked.
_UNLIKE = [
    ("He weighed my {} twice and gave me one extra.", "positive"),
    ("Half price at closing time, my {} kept for a week!", "positive"),
    ("I asked for {} and was sent away like a beggar.", "negative"),
    ("Do they close at five? Last time there were no {} left.", "neutral"),
]
_LATER = ["lemons", "potatoes", "onions", "pineapples"]


def reviews() -> list[tuple[str, str]]:
    """(text, what it is) in a mixed, fixed order."""
    return _written(_THINGS)


def later_reviews() -> list[tuple[str, str]]:
    """Others, as they come in by the label API."""
    unlike = [(frame.format(thing), label) for (frame, label), thing in product(_UNLIKE, _LATER)]
    return sorted(_written(_LATER) + unlike, key=lambda row: hash_of(row[0]))


def _written(things: list[str]) -> list[tuple[str, str]]:
    rows = []
    for label, frames in (("positive", _GOOD), ("negative", _BAD), ("neutral", _NEITHER)):
        rows += [(frame.format(thing), label) for frame, thing in product(frames, things)]
    return sorted(rows, key=lambda row: hash_of(row[0]))


def hash_of(text: str) -> int:
    """A fixed shuffle, the same on every machine."""
    value = 7
    for byte in text.encode():
        value = (value * 31 + byte) % 1_000_003
    return value
